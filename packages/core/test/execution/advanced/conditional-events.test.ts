import { expect } from 'chai';
import { definitions, processBuilder, type ProcessBuilder } from '../../../dist/testing/index.js';
import { scenario, type Scenario } from '../../support/scenario.js';
import { dataObjects, eventSubProcess, multiInstance } from './elements.js';

const LEVEL = definitions.conditional('level > 5');

async function set(engine: Scenario, processInstanceId: string, variables: Record<string, unknown>): Promise<void> {
  await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables });
  await engine.engine.idle();
}

/** A service that hands back what it is given as new data. */
const write = { write: (data: Record<string, unknown>) => data };

function catching(): ProcessBuilder {
  return processBuilder('P')
    .startEvent('S')
    .parallelGateway('F')
    .node('intermediateCatchEvent', 'C', {}, LEVEL)
    .userTask('A')
    .endEvent('E1')
    .from('F')
    .userTask('W')
    .endEvent('E2');
}

function hosting(interrupting: boolean): ProcessBuilder {
  return processBuilder('P')
    .startEvent('S')
    .userTask('A')
    .userTask('B')
    .endEvent('E')
    .boundaryEvent('Bound', 'A', LEVEL, { cancelActivity: interrupting })
    .userTask('H')
    .endEvent('E2');
}

describe('A conditional catch event', () => {
  it('waits until its condition holds, by data of another branch', async () => {
    const engine = await scenario([catching()]);
    const { processInstanceId } = await engine.start('P', { level: 0 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C', 'W']);
    await engine.finish('W', { level: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
  });

  it('may be the last of the process', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .node('intermediateCatchEvent', 'C', {}, LEVEL);
    const engine = await scenario([model.from('F').userTask('W')]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('W', { level: 6 });
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('goes on when data are changed from outside', async () => {
    const engine = await scenario([catching()]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await set(engine, processInstanceId, { level: 5 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C', 'W']);
    await set(engine, processInstanceId, { level: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'W']);
    expect(await engine.payloadAt('A')).to.deep.equal({ v: 1 });
  });

  it('goes on at once where its condition holds already', async () => {
    const engine = await scenario([catching()]);
    const { processInstanceId } = await engine.start('P', { level: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'W']);
  });

  it('goes on by data of a message', async () => {
    const model = catching().root('message', 'M');
    model.from('F').node('intermediateCatchEvent', 'CM', {}, definitions.message('M')).endEvent('E3');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M', { level: 7 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'W']);
  });

  it('goes on by data that are there for a moment only', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .node('intermediateCatchEvent', 'C', {}, LEVEL)
      .userTask('A')
      .endEvent('E1')
      .from('F')
      .userTask('W')
      .serviceTask('Up', 'write', { method: 'write', params: '[{ level: 6 }]' })
      .serviceTask('Down', 'write', { method: 'write', params: '[{ level: 0 }]' })
      .endEvent('E2');
    const engine = await scenario([model], { services: { write } });
    const { processInstanceId } = await engine.start('P');
    await engine.finish('W');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
  });

  it('in a loop waits anew each time', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('M')
      .node('intermediateCatchEvent', 'C', {}, LEVEL)
      .userTask('A')
      .to('M');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { level: 6 });
    await engine.finish('A', { level: 0 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
    await set(engine, processInstanceId, { level: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
  });

  it('sees the data of its sub-process', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        inner
          .xml(dataObjects('level'))
          .startEvent('IS')
          .parallelGateway('F')
          .node('intermediateCatchEvent', 'C', {}, LEVEL)
          .userTask('A')
          .endEvent('E1')
          .from('F')
          .userTask('W')
          .endEvent('E2'),
      );
    const engine = await scenario([model.endEvent('E')]);
    const { processInstanceId } = await engine.start('P', { level: 9 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C', 'W']);
    await engine.finish('W', { level: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
  });

  it('counts a condition that cannot be evaluated as false', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('intermediateCatchEvent', 'C', {}, definitions.conditional('no.such.thing'))
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
    await set(engine, processInstanceId, { no: { such: { thing: true } } });
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});

describe('A conditional boundary event', () => {
  it('that interrupts ends its activity when its condition becomes true', async () => {
    const engine = await scenario([hosting(true)]);
    const { processInstanceId } = await engine.start('P', { level: 0 });
    await set(engine, processInstanceId, { level: 4 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    await set(engine, processInstanceId, { level: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('that interrupts fires at once where its condition holds already', async () => {
    const engine = await scenario([hosting(true)]);
    const { processInstanceId } = await engine.start('P', { level: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('that does not interrupt fires each time its condition becomes true', async () => {
    const engine = await scenario([hosting(false)]);
    const { processInstanceId } = await engine.start('P', { level: 0 });
    for (const level of [6, 7, 8]) await set(engine, processInstanceId, { level });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
    for (const level of [0, 6]) await set(engine, processInstanceId, { level });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H']);
  });

  it('does not fire by what its own activity leaves behind', async () => {
    const engine = await scenario([hosting(true)]);
    const { processInstanceId } = await engine.start('P', { level: 0 });
    await engine.finish('A', { level: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('ends a sub-process by data that are written in it, before anything further in it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Sub', (inner) =>
        inner
          .startEvent('IS')
          .serviceTask('Up', 'write', { method: 'write', params: '[{ level: 6 }]' })
          .node('manualTask', 'Further')
          .endEvent('IE'),
      );
    model.userTask('B').endEvent('E').boundaryEvent('Bound', 'Sub', LEVEL).userTask('H').endEvent('E2');
    const engine = await scenario([model], { services: { write } });
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect((await engine.history(processInstanceId)).map(({ flowNodeId }) => flowNodeId)).not.to.include('IE');
  });

  it('sees how far a multi-instance activity is', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('manualTask', 'A', {}, multiInstance({ cardinality: '3' }))
      .endEvent('E')
      .boundaryEvent('Bound', 'A', definitions.conditional('numberOfCompletedInstances > 1'), { cancelActivity: false })
      .userTask('H')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A']);
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
  });
});

describe('A conditional event sub-process', () => {
  function handling(interrupting: boolean): ProcessBuilder {
    const model = processBuilder('P').startEvent('S').userTask('A').userTask('B').endEvent('E');
    return eventSubProcess(model, 'Handler', { start: 'ES', definition: LEVEL, interrupting }, (inner) =>
      inner.userTask('H').endEvent('HE'),
    );
  }

  it('starts each time its condition becomes true, where it does not interrupt', async () => {
    const engine = await scenario([handling(false)]);
    const { processInstanceId } = await engine.start('P', { level: 0 });
    for (const level of [6, 7, 0, 6]) await set(engine, processInstanceId, { level });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H']);
  });

  it('starts by data of its scope, and ends all else where it interrupts', async () => {
    const engine = await scenario([handling(true)]);
    const { processInstanceId } = await engine.start('P', { level: 0 });
    await engine.finish('A', { level: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    await engine.finish('H');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('starts at once where its condition holds already', async () => {
    const engine = await scenario([handling(false)]);
    const { processInstanceId } = await engine.start('P', { level: 6 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
  });

  it('does not start itself again by what it writes while its condition holds', async () => {
    const engine = await scenario([handling(false)]);
    const { processInstanceId } = await engine.start('P', { level: 6 });
    await engine.finish('H', { level: 9 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
  });
});
