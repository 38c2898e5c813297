import { expect } from 'chai';
import { BpmnError } from '../../dist/execution/bpmn-error.js';
import { service } from '../../dist/runtime/services.js';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

const MODEL = processBuilder('P').startEvent('S').serviceTask('T', 'flaky').userTask('A').endEvent('E');

/** Fails as often as told, then works. */
function failing(times: number, error: () => unknown = () => new Error('not yet')) {
  const attempts: number[] = [];
  const flaky = () => {
    attempts.push(attempts.length + 1);
    return attempts.length <= times ? Promise.reject(error() as Error) : Promise.resolve({ attempts: attempts.length });
  };
  return { attempts, services: { flaky } };
}

describe('A failing task with retries', () => {
  it('is tried again after each delay, and then goes on', async () => {
    const { attempts, services } = failing(2);
    const engine = await scenario([MODEL], { services, retries: [1_000, 60_000] });
    const { processInstanceId } = await engine.start('P', { v: 1 });
    expect(attempts).to.have.length(1);
    await engine.advance(999);
    expect(attempts).to.have.length(1);
    await engine.advance(1);
    expect(attempts).to.have.length(2);
    await engine.advance(60_000);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    expect(await engine.variables(processInstanceId)).to.deep.equal({ v: 1, attempts: 3 });
    expect((await engine.history(processInstanceId)).filter(({ flowNodeId }) => flowNodeId === 'T')).to.have.length(1);
  });

  it('that fails to the last becomes an incident, and a retry by an operator begins anew', async () => {
    const { attempts, services } = failing(4);
    const engine = await scenario([MODEL], { services, retries: [1_000] });
    const { processInstanceId } = await engine.start('P');
    await engine.advance(1_000);
    const [incident, ...others] = await engine.incidents();
    expect(others).to.deep.equal([]);
    const { flowNodeInstanceId } = await engine.entry(processInstanceId, 'T');
    expect(incident).to.deep.include({ processInstanceId, processModelId: 'P', flowNodeId: 'T', flowNodeInstanceId });
    expect(incident!.error).to.include({ name: 'Error', message: 'not yet' });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['T']);
    await engine.engine.managementApi.retryIncident(engine.identity, incident!.id);
    await engine.engine.idle();
    expect(await engine.incidents()).to.deep.equal([]);
    expect(attempts).to.have.length(3);
    await engine.advance(1_000);
    const [again] = await engine.incidents();
    expect(again!.id).not.to.equal(incident!.id);
    await engine.engine.managementApi.retryIncident(engine.identity, again!.id);
    await engine.engine.idle();
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    expect(await errorOf(engine.engine.managementApi.retryIncident(engine.identity, again!.id))).to.include({
      code: 404,
    });
  });

  it('tells as an incident what was thrown, with its stack', async () => {
    const thrown = (error: object) => Object.assign(new Error('no'), error);
    for (const [error, told] of [
      [thrown({ stack: undefined }), { name: 'Error', code: '', message: 'no' }],
      [thrown({ stack: 'here', code: 7 }), { name: 'Error', code: '7', message: 'no', stack: 'here' }],
      ['text', { name: 'Error', code: '', message: 'text' }],
    ]) {
      const { services } = failing(1, () => error);
      const engine = await scenario([MODEL], { services, onFailure: 'incident' });
      await engine.start('P');
      expect((await engine.incidents())[0]!.error).to.deep.equal(told);
    }
  });

  it('answers a waiting start with the code of what was thrown, from 400 to 599', async () => {
    for (const [code, answered] of [
      [400, 400],
      [599, 599],
      [399, 500],
      [600, 500],
    ]) {
      const { services } = failing(1, () => Object.assign(new Error('no'), { code }));
      const engine = await scenario([MODEL], { services });
      expect(await errorOf(engine.call('P'))).to.include({ code: answered, message: 'no' });
    }
  });

  it('of its own goes before those of the engine', async () => {
    const cycle = (text: string) =>
      `<bpmn:extensionElements><camunda:failedJobRetryTimeCycle>${text}</camunda:failedJobRetryTimeCycle></bpmn:extensionElements>`;
    const model = processBuilder('P').startEvent('S').externalTask('X', 'topic', cycle('R2/PT10M')).endEvent('E');
    const engine = await scenario([model], { retries: [1] });
    const { processInstanceId } = await engine.start('P');
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await engine.failWork('topic', 'no disk');
      await engine.advance(599_999);
      expect(await engine.fetch('topic')).to.deep.equal([]);
      await engine.advance(1);
    }
    await engine.work('topic', { ok: true });
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('is caught by an event without code before any retry', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .serviceTask('T', 'flaky')
      .endEvent('E')
      .boundaryEvent('B', 'T', definitions.error())
      .endEvent('Caught');
    const { attempts, services } = failing(1);
    const engine = await scenario([model], { services, retries: [1_000] });
    expect((await engine.call('P')).endEventId).to.equal('Caught');
    expect(attempts).to.have.length(1);
  });

  it('is not tried again after a BPMN error', async () => {
    const { attempts, services } = failing(1, () => new BpmnError('E1', 'on purpose'));
    const engine = await scenario([MODEL], { services, retries: [1_000] });
    expect(await errorOf(engine.call('P'))).to.include({ message: 'on purpose' });
    await engine.advance(10_000);
    expect(attempts).to.have.length(1);
  });

  it('may be interrupted while it waits for its next attempt', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', (inner) => inner.startEvent('IS').serviceTask('T', 'flaky').endEvent('IE'))
      .endEvent('E')
      .boundaryEvent('B', 'SP', definitions.timer('timeDuration', 'PT1M'))
      .endEvent('TooLate');
    const { attempts, services } = failing(99);
    const engine = await scenario([model], { services, retries: [3_600_000] });
    const { processInstanceId } = await engine.start('P');
    await engine.advance(10 * 3_600_000);
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'IS', 'B', 'TooLate']);
    expect(attempts).to.have.length(1);
  });

  const WATCHED = processBuilder('P')
    .root('message', 'ask')
    .startEvent('S')
    .serviceTask('T', 'flaky')
    .endEvent('E')
    .boundaryEvent('Late', 'T', definitions.timer('timeDuration', 'PT1H'))
    .endEvent('TooLate')
    .boundaryEvent('Ask', 'T', definitions.message('ask'), { cancelActivity: false })
    .endEvent('Asked');

  it('keeps its boundary events armed, the timer from its first attempt on, through all attempts', async () => {
    const { attempts, services } = failing(99);
    const engine = await scenario([WATCHED], { services, retries: Array<number>(9).fill(20 * 60_000) });
    const { processInstanceId } = await engine.start('P');
    const ask = () => engine.engine.managementApi.publishMessage(engine.identity, { name: 'ask' });
    await ask();
    await engine.advance(30 * 60_000);
    await ask();
    await engine.advance(30 * 60_000 - 1);
    expect([attempts.length, await engine.state(processInstanceId)]).to.deep.equal([3, 'running']);
    await engine.advance(1);
    const path = (await engine.path(processInstanceId)).filter((id) => id.startsWith('Ask'));
    expect([await engine.state(processInstanceId), path]).to.deep.equal(['finished', ['Ask', 'Asked', 'Ask', 'Asked']]);
    expect((await engine.storage.findSubscriptions({ tenantId: '' })).items).to.deep.equal([]);
    expect(await engine.storage.nextDue()).to.equal(null);
  });

  it('keeps them as an incident too, and an interrupting one takes the incident away', async () => {
    const { services } = failing(99);
    const engine = await scenario([WATCHED], { services, onFailure: 'incident' });
    const { processInstanceId } = await engine.start('P');
    const [incident] = await engine.incidents();
    await engine.advance(59 * 60_000);
    await engine.engine.managementApi.retryIncident(engine.identity, incident!.id);
    await engine.engine.idle();
    expect(await engine.incidents()).to.have.length(1);
    await engine.advance(60_000);
    expect(await engine.incidents()).to.deep.equal([]);
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'Late', 'TooLate']);
  });

  it('whose boundary event is what fails can be tried again once its data are right', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .userTask('A')
      .endEvent('E')
      .boundaryEvent('B', 'A', definitions.timer('timeDuration', '${wait}'))
      .endEvent('Late');
    const engine = await scenario([model], { onFailure: 'incident' });
    const { processInstanceId } = await engine.start('P', { wait: 'a while' });
    const [incident] = await engine.incidents();
    expect(await engine.storage.nextDue()).to.equal(null);
    await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables: { wait: 'PT1M' } });
    await engine.engine.managementApi.retryIncident(engine.identity, incident!.id);
    await engine.engine.idle();
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    await engine.advance(60_000);
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'B', 'Late']);
  });

  it('evaluates its inputs anew', async () => {
    const inner =
      '<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="seen">${v}</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements>';
    const engine = await scenario(
      [processBuilder('P').startEvent('S').externalTask('X', 'topic', inner).endEvent('E')],
      { retries: [1_000] },
    );
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.failWork('topic', 'no disk');
    await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables: { v: 2 } });
    await engine.advance(1_000);
    const rows = await engine.storage.findVariables(processInstanceId);
    expect(rows.find(({ name }) => name === 'seen')?.value).to.equal(2);
  });
});

describe('With onFailure incident', () => {
  const inline = (run: () => unknown) => ({
    services: { flaky: service(run as never, { inline: true }) },
    onFailure: 'incident' as const,
  });

  it('a failure waits for an operator, and a waiting start is told at once', async () => {
    let broken = true;
    const engine = await scenario(
      [MODEL],
      inline(() => {
        if (broken) throw new Error('broken');
        return {};
      }),
    );
    const error = await errorOf(engine.call('P'));
    const [incident] = await engine.incidents();
    expect(error).to.deep.include({ code: 500, reason: 'incident', message: 'broken' });
    expect(error.additionalInformation).to.deep.equal({
      processInstanceId: incident!.processInstanceId,
      incidentId: incident!.id,
    });
    broken = false;
    await engine.engine.managementApi.retryIncident(engine.identity, incident!.id);
    expect(await engine.waiting(incident!.processInstanceId!)).to.deep.equal(['A']);
  });

  it('a gateway without a way can be tried again when the data is right', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('G')
      .from('G', 'x > 1')
      .endEvent('E')
      .from('G', 'x < 0')
      .endEvent('E2');
    const engine = await scenario([model], { onFailure: 'incident' });
    const { processInstanceId } = await engine.start('P', { x: 1 });
    const [incident] = await engine.incidents();
    expect(incident!.flowNodeId).to.equal('G');
    await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables: { x: 2 } });
    await engine.engine.managementApi.retryIncident(engine.identity, incident!.id);
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'G', 'E']);
  });

  it('a task whose work was done before it failed only has to leave, and is not done again', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .node('userTask', 'A', { 'camunda:asyncAfter': true })
      .from('A', 'x > 1')
      .endEvent('E');
    const engine = await scenario([model], { onFailure: 'incident' });
    const { processInstanceId } = await engine.start('P', { x: 1 });
    await engine.finish('A', { done: true });
    const [incident] = await engine.incidents();
    expect(incident!.flowNodeId).to.equal('A');
    await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables: { x: 2 } });
    await engine.engine.managementApi.retryIncident(engine.identity, incident!.id);
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'A', 'E']);
    expect(await engine.result(processInstanceId, 'E')).to.deep.equal({ form_fields: { done: true } });
  });

  it('an iteration of a multi-instance activity that is retried keeps its place', async () => {
    const loop =
      '<bpmn:multiInstanceLoopCharacteristics camunda:collection="${items}" camunda:elementVariable="item"/>';
    const model = processBuilder('P').startEvent('S').externalTask('X', 'topic', loop).endEvent('E');
    const engine = await scenario([model], { onFailure: 'incident' });
    const { processInstanceId } = await engine.start('P', { items: ['a', 'b'] });
    await engine.failWork('topic', 'no disk');
    const [incident] = await engine.incidents();
    await engine.engine.managementApi.retryIncident(engine.identity, incident!.id);
    const locals = (
      await engine.storage.findFlowNodeInstances({ tenantId: '', processInstanceId, states: ['waiting'] })
    ).items.map(({ local }) => local?.['loopCounter']);
    expect(locals).to.have.members([0, 1]);
  });

  it('other branches go on meanwhile', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .serviceTask('T', 'flaky')
      .endEvent('E1')
      .from('F')
      .userTask('B')
      .endEvent('E2');
    const engine = await scenario(
      [model],
      inline(() => {
        throw new Error('broken');
      }),
    );
    const { processInstanceId } = await engine.start('P');
    await engine.finish('B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['T']);
    expect(await engine.state(processInstanceId)).to.equal('running');
  });

  it('an incident is gone with its instance', async () => {
    const engine = await scenario(
      [MODEL],
      inline(() => {
        throw new Error('broken');
      }),
    );
    const { processInstanceId } = await engine.start('P');
    const [incident] = await engine.incidents();
    await engine.terminate(processInstanceId);
    expect(await engine.incidents()).to.deep.equal([]);
    expect(await errorOf(engine.engine.managementApi.retryIncident(engine.identity, incident!.id))).to.include({
      code: 404,
    });
  });

  it('a failing sub-process output leaves the sub-process to be run again', async () => {
    const output =
      '<bpmn:extensionElements><camunda:inputOutput><camunda:outputParameter name="o">${v.b.c.d}</camunda:outputParameter></camunda:inputOutput></bpmn:extensionElements>';
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', (inner) => inner.xml(output).startEvent('IS').userTask('A').endEvent('IE'))
      .endEvent('E');
    const engine = await scenario([model], { onFailure: 'incident' });
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.finish('A');
    const [incident] = await engine.incidents();
    expect(incident!.flowNodeId).to.equal('SP');
    await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, {
      variables: { v: { b: { c: { d: 5 } } } },
    });
    await engine.engine.managementApi.retryIncident(engine.identity, incident!.id);
    await engine.finish('A');
    expect(await engine.variables(processInstanceId)).to.deep.include({ o: 5 });
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('incidents are listed by instance and by model', async () => {
    const engine = await scenario(
      [MODEL],
      inline(() => {
        throw new Error('broken');
      }),
    );
    const first = await engine.start('P');
    await engine.start('P');
    const { managementApi } = engine.engine;
    expect((await managementApi.getIncidents(engine.identity, { processModelId: 'P' })).totalCount).to.equal(2);
    expect(
      (await managementApi.getIncidents(engine.identity, { processInstanceId: first.processInstanceId })).totalCount,
    ).to.equal(1);
    expect((await managementApi.getIncidents(engine.identity, {}, 1, 5)).incidents).to.have.length(1);
    expect((await managementApi.getIncidents(engine.identity, { processModelId: 'Q' })).incidents).to.deep.equal([]);
  });
});

describe('With onFailure error', () => {
  it('a failure ends the instance, with what was alive beside it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .endEvent('E1')
      .from('F')
      .serviceTask('T', 'flaky')
      .endEvent('E2');
    const { services } = failing(1);
    const engine = await scenario([model], { services });
    const { processInstanceId } = await engine.start('P');
    expect(await engine.instance(processInstanceId)).to.have.nested.property('error.message', 'not yet');
    expect((await engine.entry(processInstanceId, 'A')).state).to.equal('cancelled');
    expect(await engine.tasks()).to.deep.equal([]);
  });
});
