import { expect } from 'chai';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';

const MODEL = processBuilder('P')
  .startEvent('S')
  .subProcess('SP', (inner) => inner.startEvent('IS').userTask('A').endEvent('IE'))
  .userTask('Z')
  .endEvent('E');

describe('An embedded sub-process', () => {
  it('runs inside its instance and is left when its last token is gone', async () => {
    const engine = await scenario([MODEL]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    const [task] = await engine.tasks();
    expect(task).to.include({ id: 'A', processInstanceId, processModelId: 'P' });
    expect(task!.tokenPayload).to.deep.equal({ v: 1 });
    await engine.finish('A', { x: 1 });
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'IS', 'A', 'IE', 'SP']);
    expect((await engine.engine.managementApi.getProcessInstances(engine.identity)).totalCount).to.equal(1);
  });

  it('its result is the payload of its end event', async () => {
    const engine = await scenario([MODEL]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { x: 1 });
    expect(await engine.result(processInstanceId, 'SP')).to.deep.equal({ form_fields: { x: 1 } });
    expect(await engine.payloadAt('Z')).to.deep.equal({ form_fields: { x: 1 } });
  });

  it('with several end events has the result of the one reached last', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', (inner) =>
        inner.startEvent('IS').parallelGateway('F').userTask('A').endEvent('EA').from('F').userTask('B').endEvent('EB'),
      )
      .endEvent('E');
    const engine = await scenario([model]);
    const { answer } = await engine.begin('P');
    await engine.finish('B', { b: 1 });
    await engine.finish('A', { a: 1 });
    expect((await answer).tokenPayload).to.deep.equal({ form_fields: { a: 1 } });
  });

  it('without an end event passes its own payload on', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', (inner) => inner.startEvent('IS').userTask('A'))
      .endEvent('E');
    const engine = await scenario([model]);
    const { answer } = await engine.begin('P', { v: 1 });
    await engine.finish('A', { a: 1 });
    expect((await answer).tokenPayload).to.deep.equal({ v: 1 });
  });

  it('without a start event begins at every node without incoming flow', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', (inner) => inner.userTask('A').apart('userTask', 'B', { name: 'B' }))
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'B']);
  });

  it('may be empty', async () => {
    const engine = await scenario([
      processBuilder('P')
        .startEvent('S')
        .subProcess('SP', (inner) => inner)
        .endEvent('E'),
    ]);
    expect((await engine.call('P', { v: 1 })).tokenPayload).to.deep.equal({ v: 1 });
  });

  it('sees the history around it; what happened inside is not seen after it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .userTask('Before')
      .subProcess('SP', (inner) =>
        inner
          .startEvent('IS')
          .serviceTask('Inside', 'show', { method: 'show', params: '[token.history]' })
          .endEvent('IE'),
      )
      .serviceTask('After', 'show', { method: 'show', params: '[token.history]' })
      .endEvent('E');
    const engine = await scenario([model], {
      services: { show: { show: (history: object) => ({ ids: Object.keys(history).sort() }) } },
    });
    const { answer, processInstanceId } = await engine.begin('P');
    await engine.finish('Before');
    await answer;
    expect(await engine.result(processInstanceId, 'Inside')).to.deep.equal({ ids: ['Before', 'IS', 'S'] });
    expect(await engine.result(processInstanceId, 'After')).to.deep.equal({ ids: ['Before', 'S', 'SP'] });
  });

  it('may be nested, many levels deep', async () => {
    const levels = 30;
    const nest =
      (level: number): ((inner: typeof MODEL) => typeof MODEL) =>
      (inner) =>
        level === 0
          ? inner.startEvent('S0').userTask('Deep').endEvent('E0')
          : inner
              .startEvent(`S${level}`)
              .subProcess(`SP${level}`, nest(level - 1) as never)
              .endEvent(`E${level}`);
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', nest(levels) as never)
      .endEvent('E');
    const engine = await scenario([model]);
    const { answer } = await engine.begin('P');
    await engine.finish('Deep', { x: 1 });
    expect(await answer).to.deep.include({ endEventId: 'E', tokenPayload: { form_fields: { x: 1 } } });
  });

  it('has data of its own, which ends with it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', (inner) =>
        inner
          .xml('<bpmn:dataObject id="own" name="mine"/>')
          .startEvent('IS')
          .userTask('A')
          .userTask('B')
          .endEvent('IE'),
      )
      .userTask('Z')
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { shared: 0 });
    await engine.finish('A', { mine: 1, shared: 1 });
    const rows = await engine.storage.findVariables(processInstanceId);
    const { flowNodeInstanceId } = await engine.entry(processInstanceId, 'SP');
    expect(rows.map(({ scopeId, name, value }) => ({ scopeId, name, value }))).to.have.deep.members([
      { scopeId: processInstanceId, name: 'shared', value: 1 },
      { scopeId: flowNodeInstanceId, name: 'mine', value: 1 },
    ]);
    await engine.finish('B');
    expect(await engine.storage.findVariables(processInstanceId)).to.have.length(1);
  });

  it('interrupted by its boundary event ends with all that is in it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', (inner) =>
        inner
          .startEvent('IS')
          .parallelGateway('F')
          .userTask('A')
          .parallelGateway('J')
          .endEvent('IE')
          .from('F')
          .subProcess('Deeper', (deeper) => deeper.startEvent('DS').externalTask('X', 'topic').endEvent('DE'))
          .to('J')
          .from('F')
          .to('J'),
      )
      .endEvent('E')
      .boundaryEvent('B', 'SP', definitions.timer('timeDuration', 'PT1H'))
      .endEvent('TooLate');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.advance(3_600_000);
    expect(await engine.state(processInstanceId)).to.equal('finished');
    const states = Object.fromEntries(
      (await engine.history(processInstanceId)).map(({ flowNodeId, state }) => [flowNodeId, state]),
    );
    expect(states).to.include({
      A: 'cancelled',
      J: 'cancelled',
      Deeper: 'cancelled',
      X: 'cancelled',
      SP: 'cancelled',
      B: 'finished',
      TooLate: 'finished',
    });
    expect(await engine.result(processInstanceId, 'TooLate')).to.deep.equal({ v: 1 });
    expect(await engine.fetch('topic')).to.deep.equal([]);
  });

  it('entered twice at the same time has two scopes that do not touch', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .exclusiveGateway('M')
      .subProcess('SP', (inner) =>
        inner
          .xml('<bpmn:dataObject id="own" name="mine"/>')
          .startEvent('IS')
          .userTask('A')
          .userTask('B')
          .endEvent('IE'),
      )
      .endEvent('E')
      .from('F')
      .to('M');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const mine of [1, 2]) await engine.finish('A', { mine });
    const values = (await engine.storage.findVariables(processInstanceId)).map(({ value }) => value);
    expect(values).to.have.members([1, 2]);
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
    await engine.finish('B');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});
