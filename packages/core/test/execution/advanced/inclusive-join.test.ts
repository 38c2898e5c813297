import { expect } from 'chai';
import { definitions, processBuilder, type ProcessBuilder } from '../../../dist/testing/index.js';
import { scenario } from '../../support/scenario.js';
import { inclusiveBranches } from './elements.js';

/** Side by side: a branch through A, which an exclusive gateway may lead elsewhere, and one through B. */
function withWayOut(): ProcessBuilder {
  return processBuilder('P')
    .startEvent('S')
    .parallelGateway('F')
    .userTask('A')
    .exclusiveGateway('G', { default: 'G-J' })
    .from('G', 'leave')
    .endEvent('Out')
    .from('G')
    .node('inclusiveGateway', 'J')
    .userTask('Z')
    .endEvent('E')
    .from('F')
    .userTask('B')
    .to('J');
}

describe('An inclusive gateway that joins', () => {
  it('goes on with the results of the branches, by the node they came from', async () => {
    const engine = await scenario([inclusiveBranches(processBuilder('P').startEvent('S'))]);
    await engine.start('P', { x: 2 });
    await engine.finish('B', { b: 1 });
    await engine.finish('A', { a: 1 });
    expect(await engine.payloadAt('Z')).to.deep.equal({ A: { form_fields: { a: 1 } }, B: { form_fields: { b: 1 } } });
  });

  it('waits while a token can still arrive', async () => {
    const engine = await scenario([withWayOut()]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'J']);
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('goes on when the token it waited for has left by another way', async () => {
    const engine = await scenario([withWayOut()]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('B');
    await engine.finish('A', { leave: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    expect(await engine.path(processInstanceId)).to.include('Out');
  });

  it('goes on when the branch it waited for was interrupted and led elsewhere', async () => {
    const model = withWayOut();
    model.boundaryEvent('T', 'A', definitions.timer('timeDuration', 'PT1H')).endEvent('Late');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('B');
    await engine.advance(3_600_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('goes on when the branch it waited for failed into an error path', async () => {
    const model = processBuilder('P')
      .root('error', 'X', { errorCode: 'X' })
      .startEvent('S')
      .parallelGateway('F')
      .externalTask('A', 'work')
      .node('inclusiveGateway', 'J')
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .userTask('B')
      .to('J')
      .boundaryEvent('Err', 'A', definitions.error('X'))
      .endEvent('Failed');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'J']);
    await engine.failWork('work', 'no', 'X');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('waits for what only the boundary event of a live activity can send', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .endEvent('Done')
      .from('F')
      .userTask('B')
      .node('inclusiveGateway', 'J')
      .userTask('Z')
      .endEvent('E')
      .boundaryEvent('Bound', 'A', definitions.message('M'), { cancelActivity: false })
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'J']);
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'Z']);
  });

  it('goes on when the activity with such a boundary event is done', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .endEvent('Done')
      .from('F')
      .userTask('B')
      .node('inclusiveGateway', 'J')
      .userTask('Z')
      .endEvent('E')
      .boundaryEvent('Bound', 'A', definitions.message('M'))
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('B');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('waits for a token that comes by a link', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .node('intermediateThrowEvent', 'Jump', {}, definitions.link('there'))
      .apart('intermediateCatchEvent', 'Land', {}, definitions.link('there'))
      .node('inclusiveGateway', 'J')
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .userTask('B')
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'J']);
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('waits for a sub-process as a whole, and for nothing outside its own sub-process', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .subProcess('Sub', (inner) =>
        inner
          .startEvent('IS')
          .parallelGateway('IF')
          .userTask('A')
          .node('inclusiveGateway', 'IJ')
          .userTask('IZ')
          .endEvent('IE')
          .from('IF')
          .userTask('B')
          .to('IJ'),
      )
      .node('inclusiveGateway', 'J')
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .userTask('C')
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'C', 'IJ']);
    await engine.finish('C');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'IJ', 'J']);
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['IZ', 'J']);
    await engine.finish('IZ');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('waits for no token that can also reach a flow that is filled already', async () => {
    // Behind A both flows of the join can be reached; one of them is filled by B.
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .exclusiveGateway('G', { default: 'G-M' })
      .from('G', 'direct')
      .node('inclusiveGateway', 'J')
      .userTask('Z')
      .endEvent('E')
      .from('G')
      .exclusiveGateway('M')
      .to('J')
      .from('F')
      .userTask('B')
      .to('M');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'Z']);
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z', 'Z']);
  });

  it('in a loop does not wait for the token it has just sent back', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('inclusiveGateway', 'J')
      .userTask('A')
      .exclusiveGateway('G', { default: 'G-E' })
      .from('G', 'again')
      .to('J')
      .from('G')
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { again: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    await engine.finish('A', { again: false });
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('does not wait for a token behind it that could come back only through it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .exclusiveGateway('M')
      .userTask('A')
      .node('inclusiveGateway', 'J')
      .userTask('Z')
      .exclusiveGateway('G', { default: 'G-E' })
      .from('G', 'again')
      .to('M')
      .from('G')
      .endEvent('E')
      .from('F')
      .userTask('B')
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    await engine.finish('Z', { again: true });
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    await engine.finish('Z', { again: false });
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('waits for a token that loops before it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .exclusiveGateway('M')
      .userTask('A')
      .exclusiveGateway('G', { default: 'G-J' })
      .from('G', 'again')
      .to('M')
      .from('G')
      .node('inclusiveGateway', 'J')
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .userTask('B')
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('B');
    await engine.finish('A', { again: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'J']);
    await engine.finish('A', { again: false });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('takes one token of each flow at a time', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .exclusiveGateway('M')
      .node('inclusiveGateway', 'J')
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .userTask('A2')
      .to('M')
      .from('F')
      .userTask('B')
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { by: 'A' });
    await engine.finish('A2', { by: 'A2' });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'J']);
    await engine.finish('B', { by: 'B' });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z', 'Z']);
    const payloads = (await engine.tasks()).map(({ tokenPayload }) => tokenPayload);
    expect(payloads).to.deep.equal([
      { M: { form_fields: { by: 'A' } }, B: { form_fields: { by: 'B' } } },
      { M: { form_fields: { by: 'A2' } } },
    ]);
  });

  it('that follow each other fire one after the other', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .node('inclusiveGateway', 'J1')
      .node('inclusiveGateway', 'J2')
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .userTask('B')
      .to('J1')
      .from('F')
      .userTask('C')
      .to('J2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('C');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B', 'J1', 'J2']);
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    await engine.finish('Z');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('may fork again at once', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .node('inclusiveGateway', 'JF', { default: 'JF-D' })
      .from('JF', 'x > 1')
      .userTask('C')
      .from('JF')
      .userTask('D')
      .from('F')
      .userTask('B')
      .to('JF');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { x: 1 });
    await engine.finish('A');
    await engine.finish('B', { x: 2 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
  });

  it('takes a single token for all: a merge of alternatives', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('G', { default: 'G-B' })
      .from('G', 'x > 1')
      .userTask('A')
      .node('inclusiveGateway', 'J')
      .userTask('Z')
      .endEvent('E')
      .from('G')
      .userTask('B')
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { x: 1 });
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('is gone with its interrupted sub-process', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .exclusiveGateway('M0')
      .subProcess('Sub', (inner) => inclusiveBranches(inner.startEvent('IS')))
      .endEvent('PE')
      .boundaryEvent('B1', 'Sub', definitions.message('M'))
      .to('M0');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { x: 2 });
    await engine.finish('A');
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'B']);
    for (const id of ['A', 'B', 'Z']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('waits for a token whose asynchronous continuation is not yet due', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .node('userTask', 'A', { 'camunda:asyncAfter': true })
      .node('inclusiveGateway', 'J')
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .node('manualTask', 'B', { 'camunda:asyncBefore': true })
      .to('J');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('B');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });
});
