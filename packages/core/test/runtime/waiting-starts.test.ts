import { expect } from 'chai';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { errorOf, identity, scenario } from '../support/scenario.js';

const MODEL = processBuilder('P').startEvent('S').userTask('A').exclusiveGateway('G', { default: 'G-Other' });
MODEL.from('G', 'ok').endEvent('Wanted').from('G').endEvent('Other');

const TWO_ENDS = processBuilder('P')
  .startEvent('S')
  .parallelGateway('F')
  .userTask('A')
  .endEvent('EA')
  .from('F')
  .userTask('B')
  .endEvent('EB');

describe('Starting an instance', () => {
  it('type 1 answers with the ids as soon as it was created', async () => {
    const engine = await scenario([MODEL]);
    const answer = await engine.engine.consumerApi.startProcessInstance(
      engine.identity,
      'P',
      { correlationId: 'mine' },
      1,
    );
    expect(Object.keys(answer).sort()).to.deep.equal(['correlationId', 'processInstanceId']);
    expect(answer.correlationId).to.equal('mine');
    expect(await engine.waiting(answer.processInstanceId!)).to.deep.equal(['A']);
  });

  it('type 1 answers with the ids also when the first step failed', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').endEvent('E', definitions.error())]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.state(processInstanceId)).to.equal('error');
  });

  it('without a correlation id one is made', async () => {
    const engine = await scenario([MODEL]);
    const ids = [await engine.start('P'), await engine.start('P')].map(({ correlationId }) => correlationId);
    expect(ids[0]).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids[1]).not.to.equal(ids[0]);
  });

  it('a caller id becomes the parent of the instance', async () => {
    const engine = await scenario([MODEL]);
    const { consumerApi } = engine.engine;
    const { processInstanceId } = await consumerApi.startProcessInstance(engine.identity, 'P', {
      callerId: 'somebody',
    });
    expect((await engine.instance(processInstanceId!)).parentProcessInstanceId).to.equal('somebody');
    await engine.finish('A', { ok: true });
    expect(await engine.state(processInstanceId!)).to.equal('finished');
    expect((await engine.storage.findJobs({ tenantId: '' })).items).to.deep.equal([]);
  });
});

describe('Waiting for the end of an instance', () => {
  it('type 2 answers with the end event and its payload, when the whole instance is finished', async () => {
    const engine = await scenario([TWO_ENDS]);
    const { answer, processInstanceId } = await engine.begin('P', {}, { correlationId: 'c' });
    let answered = false;
    answer.then(
      () => (answered = true),
      () => undefined,
    );
    await engine.finish('B', { b: 1 });
    expect(answered).to.equal(false);
    await engine.finish('A', { a: 1 });
    expect(await answer).to.deep.equal({
      correlationId: 'c',
      processInstanceId,
      endEventId: 'EB',
      tokenPayload: { form_fields: { b: 1 } },
    });
  });

  it('type 3 answers with the end event it named, whichever came first', async () => {
    const engine = await scenario([TWO_ENDS]);
    const { answer } = await engine.begin('P', {}, { type: 3, endEventId: 'EA' });
    await engine.finish('B', { b: 1 });
    await engine.finish('A', { a: 1 });
    expect(await answer).to.deep.include({ endEventId: 'EA', tokenPayload: { form_fields: { a: 1 } } });
  });

  it('type 3 is told when the instance finished without reaching the end event', async () => {
    const engine = await scenario([MODEL]);
    const { answer } = await engine.begin('P', {}, { type: 3, endEventId: 'Wanted' });
    await engine.finish('A', {});
    const error = await errorOf(answer);
    expect(error).to.include({ code: 500, reason: 'end-event-not-reached' });
    expect(error.message).to.include('Wanted');
  });

  it('an end event inside a sub-process does not count', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', (inner) => inner.startEvent('IS').endEvent('IE'))
      .endEvent('E');
    const engine = await scenario([model]);
    expect((await engine.call('P')).endEventId).to.equal('E');
    expect(await errorOf(engine.call('P', {}, { type: 3, endEventId: 'IE' }))).to.include({ code: 404 });
  });

  it('instances of one model in one correlation are not mixed up', async () => {
    const engine = await scenario([MODEL]);
    const first = await engine.begin('P', {}, { correlationId: 'c' });
    const second = await engine.begin('P', {}, { correlationId: 'c' });
    const [, secondTask] = await engine.tasks();
    await engine.finishTask(secondTask!, { ok: true, n: 2 });
    expect((await second.answer).tokenPayload).to.deep.equal({ form_fields: { ok: true, n: 2 } });
    await engine.finish('A', { n: 1 });
    expect((await first.answer).endEventId).to.equal('Other');
  });

  it('an incident answers at once, also one in a called process', async () => {
    const failing = (id: string) =>
      processBuilder(id)
        .startEvent(`${id}-S`)
        .exclusiveGateway(`${id}-G`)
        .from(`${id}-G`, 'false')
        .endEvent(`${id}-E`)
        .from(`${id}-G`, 'false')
        .endEvent(`${id}-E2`);
    const caller = processBuilder('C').startEvent('CS').callActivity('CC', 'P').endEvent('CE');
    const engine = await scenario([failing('P'), caller], { onFailure: 'incident' });
    for (const id of ['P', 'C']) {
      const error = await errorOf(engine.call(id));
      expect(error).to.include({ code: 500, reason: 'incident' });
      expect(error.additionalInformation).to.have.keys('processInstanceId', 'incidentId');
    }
  });

  it('an aborted call is given up, and the instance goes on', async () => {
    const engine = await scenario([MODEL]);
    const abort = new AbortController();
    const { answer, processInstanceId } = await engine.begin('P', {}, { signal: abort.signal });
    abort.abort(new Error('enough'));
    expect(await errorOf(answer)).to.include({ message: 'enough' });
    await engine.finish('A', { ok: true });
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('a call that is aborted before it begins starts nothing', async () => {
    const engine = await scenario([MODEL]);
    expect(await errorOf(engine.call('P', {}, { signal: AbortSignal.abort(new Error('enough')) }))).to.include({
      message: 'enough',
    });
    expect(await engine.instancesOf('P')).to.deep.equal([]);
  });

  it('is answered when the engine stops', async () => {
    const engine = await scenario([MODEL]);
    const { answer } = await engine.begin('P');
    await engine.stop();
    expect(await errorOf(answer)).to.include({ code: 503 });
  });
});

describe('A start is refused', () => {
  const MULTI = processBuilder('P').startEvent('S1').endEvent('E1').startEvent('S2').endEvent('E2');

  for (const type of [0, 4, -1, 1.5, NaN, '2']) {
    it(`with the callback type ${String(type)}`, async () => {
      const engine = await scenario([MODEL]);
      const error = await errorOf(
        engine.engine.consumerApi.startProcessInstance(engine.identity, 'P', {}, type as never),
      );
      expect(error).to.include({ code: 400, reason: 'start-callback-type-invalid' });
      expect(error.message).to.match(/not a valid return option/i);
    });
  }

  it('of type 3 without, or with an unknown, end event', async () => {
    const engine = await scenario([MODEL]);
    const missing = await errorOf(engine.call('P', {}, { type: 3 }));
    expect(missing.code).to.equal(400);
    expect(missing.message).to.match(/must provide an endeventid/i);
    const unknown = await errorOf(engine.call('P', {}, { type: 3, endEventId: 'Nowhere' }));
    expect(unknown.code).to.equal(404);
    expect(unknown.message).to.match(/endevent.*not found/i);
  });

  it('at an unknown start event, of an unknown model, or of one that is not executable', async () => {
    const engine = await scenario([
      MODEL,
      processBuilder('Drawing', { isExecutable: false }).startEvent('DS').endEvent('DE'),
    ]);
    const start = await errorOf(engine.call('P', {}, { startEventId: 'Nowhere' }));
    expect(start.code).to.equal(404);
    expect(start.message).to.match(/startevent.*not found/i);
    const model = await errorOf(engine.call('Unknown'));
    expect(model.code).to.equal(404);
    expect(model.message).to.match(/not found/i);
    const drawing = await errorOf(engine.call('Drawing'));
    expect(drawing.code).to.equal(400);
    expect(drawing.message).to.match(/not executable/i);
  });

  it('where several start events could be meant', async () => {
    const engine = await scenario([MULTI]);
    const error = await errorOf(engine.call('P'));
    expect(error.code).to.equal(400);
    expect(error.message).to.include('multiple StartEvents');
    expect(error.additionalInformation).to.deep.equal({ message: error.message, startEventIds: ['S1', 'S2'] });
  });

  it('not where only one of them has no trigger', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S1', definitions.message('M'))
      .endEvent('E1')
      .startEvent('S2')
      .endEvent('E2');
    const engine = await scenario([model]);
    expect((await engine.call('P')).endEventId).to.equal('E2');
  });

  it('without an identity', async () => {
    const engine = await scenario([MODEL]);
    for (const nobody of [undefined, null, {}, identity('')]) {
      expect(await errorOf(engine.engine.consumerApi.startProcessInstance(nobody as never, 'P'))).to.include({
        code: 400,
      });
    }
  });

  it('of a deleted model, whose instances go on', async () => {
    const engine = await scenario([MODEL]);
    const { processInstanceId } = await engine.start('P');
    await engine.engine.managementApi.deleteProcessModel(engine.identity, 'P');
    expect(await errorOf(engine.call('P'))).to.include({ code: 404 });
    await engine.finish('A', { ok: true });
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });
});
