import { expect } from 'chai';
import { definitions, processBuilder, propertiesXml } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

const MODEL = processBuilder('P').startEvent('S').externalTask('X', 'topic').endEvent('E');

const CATCHING = processBuilder('P')
  .root('error', 'Known', { errorCode: 'E1' })
  .startEvent('S')
  .externalTask('X', 'topic')
  .endEvent('E')
  .boundaryEvent('B', 'X', definitions.error('Known'))
  .endEvent('Caught');

describe('An external task', () => {
  it('is fetched and locked with all a worker needs', async () => {
    const engine = await scenario([MODEL]);
    const { processInstanceId, correlationId } = await engine.start('P', { a: 1 });
    const [task, ...others] = await engine.fetch('topic', 'w1', 30_000);
    expect(others).to.deep.equal([]);
    const { flowNodeInstanceId } = await engine.entry(processInstanceId, 'X');
    expect(task).to.deep.equal({
      id: flowNodeInstanceId,
      flowNodeInstanceId,
      workerId: 'w1',
      topic: 'topic',
      correlationId,
      processModelId: 'P',
      processInstanceId,
      identity: { token: '', userId: 'tester' },
      payload: { a: 1 },
      lockExpirationTime: '2030-01-01T00:00:30.000Z',
      state: 'pending',
      createdAt: '2030-01-01T00:00:00.000Z',
    });
  });

  it("the worker's result is its result, and its fields become variables", async () => {
    const engine = await scenario([MODEL]);
    const { processInstanceId } = await engine.start('P', { a: 1 });
    await engine.work('topic', { b: { c: 2 } });
    expect(await engine.result(processInstanceId, 'E')).to.deep.equal({ b: { c: 2 } });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ a: 1, b: { c: 2 } });
  });

  for (const result of [undefined, null, 5, 'text', [1]]) {
    it(`takes the result ${JSON.stringify(result)}`, async () => {
      const engine = await scenario([MODEL]);
      const { answer, processInstanceId } = await engine.begin('P', { a: 1 });
      await engine.work('topic', result);
      expect((await answer).tokenPayload).to.deep.equal(result);
      expect(await engine.variables(processInstanceId)).to.deep.equal({ a: 1 });
    });
  }

  it('hands its payload expression to the worker; an empty one is no payload', async () => {
    const withPayload = (id: string, payload: string) =>
      processBuilder(id)
        .startEvent(`${id}-S`)
        .externalTask(`${id}-X`, id, propertiesXml({ payload }))
        .endEvent(`${id}-E`);
    const engine = await scenario([
      withPayload('P', '({ sum: token.current.a + a, owner: identity.userId })'),
      withPayload('Q', ''),
    ]);
    await engine.start('P', { a: 1 });
    await engine.start('Q', { a: 1 });
    expect((await engine.fetch('P'))[0]!.payload).to.deep.equal({ sum: 2, owner: 'tester' });
    expect((await engine.fetch('Q'))[0]).not.to.have.property('payload');
  });

  it('may have a topic that is an expression', async () => {
    const engine = await scenario([
      processBuilder('P').startEvent('S').externalTask('X', "'to-' + token.current.who").endEvent('E'),
    ]);
    await engine.start('P', { who: 'ada' });
    expect(await engine.fetch('to-ada')).to.have.length(1);
  });

  for (const [what, property, message] of [
    ['topic', { topic: 'token.current.a.b.c' }, /topic.*is invalid/i],
    ['topic that gives no text', { topic: '${5 + 5}' }, /topic.*is invalid/i],
    ['payload', { payload: 'token.current.a.b.c' }, /payload configuration.*is invalid/i],
  ] as const) {
    it(`with an invalid ${what} fails the instance`, async () => {
      const { topic = 'topic', ...properties } = property as { topic?: string; payload?: string };
      const inner = Object.keys(properties).length > 0 ? propertiesXml(properties as Record<string, string>) : '';
      const engine = await scenario([
        processBuilder('P').startEvent('S').externalTask('X', topic, inner).endEvent('E'),
      ]);
      const error = await errorOf(engine.call('P'));
      expect(error.code).to.equal(500);
      expect(error.message).to.match(message);
    });
  }

  it('keeps its priority, evaluated', async () => {
    const attributes = { 'camunda:type': 'external', 'camunda:topic': 'topic', 'camunda:taskPriority': '${4 + 5}' };
    const engine = await scenario([processBuilder('P').startEvent('S').node('serviceTask', 'X', attributes)]);
    await engine.start('P');
    expect((await engine.storage.findExternalTasks({ tenantId: '' })).items[0]!.priority).to.equal(9);
  });

  it('with the higher priority is fetched first, with an equal one the older', async () => {
    const attributes = { 'camunda:type': 'external', 'camunda:topic': 'topic', 'camunda:taskPriority': '${urgency}' };
    const engine = await scenario([processBuilder('P').startEvent('S').node('serviceTask', 'X', attributes)]);
    const started: string[] = [];
    for (const urgency of [0, 50, null, 50, -1]) {
      const { processInstanceId } = await engine.start('P', urgency === null ? {} : { urgency });
      started.push(processInstanceId);
    }
    const fetched = (await engine.fetch('topic')).map(({ processInstanceId }) => started.indexOf(processInstanceId));
    expect(fetched).to.deep.equal([1, 3, 0, 2, 4]);
  });

  it('without a priority of its own has that of its process', async () => {
    const topic = { 'camunda:type': 'external', 'camunda:topic': 'topic' };
    const model = processBuilder('P', { 'camunda:taskPriority': '7' })
      .startEvent('S')
      .parallelGateway('F')
      .node('serviceTask', 'X', topic)
      .from('F')
      .node('serviceTask', 'Y', { ...topic, 'camunda:taskPriority': '9' });
    const engine = await scenario([model]);
    await engine.start('P');
    const tasks = (await engine.storage.findExternalTasks({ tenantId: '' })).items;
    expect(tasks.map(({ flowNodeId, priority }) => `${flowNodeId} ${priority}`).sort()).to.deep.equal(['X 7', 'Y 9']);
  });

  for (const urgency of ['soon', 1.5, 3e9]) {
    it(`with the priority ${urgency} fails the instance`, async () => {
      const attributes = { 'camunda:type': 'external', 'camunda:topic': 'topic', 'camunda:taskPriority': '${urgency}' };
      const engine = await scenario([processBuilder('P').startEvent('S').node('serviceTask', 'X', attributes)]);
      expect((await errorOf(engine.call('P', { urgency }))).message).to.match(/priority of 'X' is invalid/);
    });
  }

  it('of several the oldest is fetched first', async () => {
    const engine = await scenario([MODEL]);
    const started: string[] = [];
    for (let i = 0; i < 3; i += 1) started.push((await engine.start('P')).processInstanceId);
    expect((await engine.fetch('topic')).map(({ processInstanceId }) => processInstanceId)).to.deep.equal(started);
  });
});

describe("A worker's error", () => {
  it('that is a BPMN error is caught by its code, and is what the error path sees', async () => {
    const engine = await scenario([CATCHING]);
    const { answer, processInstanceId } = await engine.begin('P', { a: 1 });
    await engine.failWork('topic', 'known', 'E1');
    const error = { name: 'BpmnError', code: 'E1', message: 'known' };
    expect(await answer).to.deep.include({ endEventId: 'Caught', tokenPayload: error });
    const entry = await engine.entry(processInstanceId, 'X');
    expect(entry).to.deep.include({ state: 'error', result: error, error });
  });

  it('that is a BPMN error nobody catches ends the instance', async () => {
    const engine = await scenario([CATCHING]);
    const { answer, processInstanceId } = await engine.begin('P');
    await engine.failWork('topic', 'unknown', 'E2');
    const error = await errorOf(answer);
    expect(error).to.deep.include({
      code: 500,
      message: 'unknown',
      additionalInformation: { name: 'BpmnError', code: 'E2' },
    });
    expect(await engine.state(processInstanceId)).to.equal('error');
  });

  it('that is a service error is caught by an event without code, with its details', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .externalTask('X', 'topic')
      .endEvent('E')
      .boundaryEvent('B', 'X', definitions.error())
      .endEvent('Caught');
    const engine = await scenario([model]);
    const { answer } = await engine.begin('P');
    const [task] = await engine.fetch('topic');
    await engine.engine.externalTaskApi.handleServiceError(engine.identity, 'worker', task!.id, 'no disk', { disk: 1 });
    const payload = { name: 'ServiceError', code: '', message: 'no disk', additionalInformation: { disk: 1 } };
    expect((await answer).tokenPayload).to.deep.equal(payload);
  });

  it('that is a service error is not caught by an event with another code, and ends the instance', async () => {
    const engine = await scenario([CATCHING]);
    const { answer } = await engine.begin('P');
    await engine.failWork('topic', 'no disk');
    expect(await errorOf(answer)).to.include({ code: 500, message: 'no disk' });
  });

  it('needs a code, or a message', async () => {
    const engine = await scenario([MODEL]);
    await engine.start('P');
    const [task] = await engine.fetch('topic');
    const { externalTaskApi } = engine.engine;
    expect(await errorOf(externalTaskApi.handleBpmnError(engine.identity, 'worker', task!.id, ''))).to.include({
      code: 400,
    });
    expect(await errorOf(externalTaskApi.handleServiceError(engine.identity, 'worker', task!.id, '', {}))).to.include({
      code: 400,
    });
  });
});
