import { expect } from 'chai';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario, type Scenario } from '../support/scenario.js';

const MODEL = processBuilder('P').startEvent('S').externalTask('X', 'topic').userTask('Z').endEvent('E');

async function locked(options: { lock: number; worker?: string } = { lock: 10_000 }) {
  const engine = await scenario([MODEL]);
  const { processInstanceId } = await engine.start('P');
  const [task] = await engine.fetch('topic', options.worker ?? 'w1', options.lock);
  return { engine, processInstanceId, id: task!.id };
}

const finish = (engine: Scenario, worker: string, id: string) =>
  engine.engine.externalTaskApi.finishExternalTask(engine.identity, worker, id, { by: worker });

describe('The lock of an external task', () => {
  it('keeps others away until it ends, and tells them until when', async () => {
    const { engine, id } = await locked();
    const { externalTaskApi } = engine.engine;
    expect(await engine.fetch('topic', 'w2')).to.deep.equal([]);
    for (const call of [
      finish(engine, 'w2', id),
      externalTaskApi.extendLock(engine.identity, 'w2', id, 5),
      externalTaskApi.handleBpmnError(engine.identity, 'w2', id, 'E'),
      externalTaskApi.handleServiceError(engine.identity, 'w2', id, 'x', {}),
    ]) {
      const error = await errorOf(call);
      expect(error.code).to.equal(423);
      expect(error.message)
        .to.match(/locked by another worker/i)
        .and.include('2030-01-01T00:00:10.000Z');
    }
  });

  it('that ended lets anybody fetch, finish or fail the task', async () => {
    for (const act of [
      async (engine: Scenario) => expect(await engine.fetch('topic', 'w2')).to.have.length(1),
      async (engine: Scenario, id: string) => finish(engine, 'w2', id),
      async (engine: Scenario, id: string) =>
        engine.engine.externalTaskApi.handleServiceError(engine.identity, 'w2', id, 'x', {}),
      async (engine: Scenario, id: string) =>
        engine.engine.externalTaskApi.extendLock(engine.identity, 'w2', id, 1_000),
    ]) {
      const { engine, id } = await locked();
      await engine.advance(10_000);
      await act(engine, id);
    }
  });

  it('that ended does not keep its worker from finishing late', async () => {
    const { engine, processInstanceId, id } = await locked();
    await engine.advance(60_000);
    await finish(engine, 'w1', id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('taken over by another: the first worker is refused until that lock ends, and the second may finish', async () => {
    const { engine, processInstanceId, id } = await locked();
    await engine.advance(10_000);
    await engine.fetch('topic', 'w2', 10_000);
    expect(await errorOf(finish(engine, 'w1', id))).to.include({ code: 423 });
    await finish(engine, 'w2', id);
    expect(await errorOf(finish(engine, 'w1', id))).to.include({ code: 410 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ by: 'w2' });
  });

  it('may be extended from now on, or shortened, by whoever holds it', async () => {
    const { engine, id } = await locked();
    const { externalTaskApi } = engine.engine;
    await engine.advance(5_000);
    await externalTaskApi.extendLock(engine.identity, 'w1', id, 10_000);
    await engine.advance(9_999);
    expect(await engine.fetch('topic', 'w2')).to.deep.equal([]);
    await externalTaskApi.extendLock(engine.identity, 'w1', id, 0);
    expect(await engine.fetch('topic', 'w2')).to.have.length(1);
  });

  it('need not be taken to finish a task nobody fetched', async () => {
    const engine = await scenario([MODEL]);
    const { processInstanceId } = await engine.start('P');
    const { flowNodeInstanceId } = await engine.entry(processInstanceId, 'X');
    await finish(engine, 'anybody', flowNodeInstanceId);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('two workers finish at the very moment it ends: one of them succeeds', async () => {
    const { engine, id } = await locked();
    await engine.advance(10_000);
    const outcomes = await Promise.allSettled([finish(engine, 'w2', id), finish(engine, 'w1', id)]);
    expect(outcomes.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
  });

  it('of an unknown task is not found, that of a finished one is gone', async () => {
    const { engine, id } = await locked();
    await finish(engine, 'w1', id);
    const { externalTaskApi } = engine.engine;
    for (const [task, code] of [
      ['nothing', 404],
      [id, 410],
    ] as const) {
      expect(await errorOf(finish(engine, 'w1', task))).to.include({ code });
      expect(await errorOf(externalTaskApi.extendLock(engine.identity, 'w1', task, 1))).to.include({ code });
      expect(await errorOf(externalTaskApi.handleBpmnError(engine.identity, 'w1', task, 'E'))).to.include({ code });
      expect(await errorOf(externalTaskApi.handleServiceError(engine.identity, 'w1', task, 'x', {}))).to.include({
        code,
      });
    }
  });

  it('a task that is interrupted while a worker works on it is gone', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .externalTask('X', 'topic')
      .endEvent('E')
      .boundaryEvent('B', 'X', definitions.timer('timeDuration', 'PT1M'))
      .endEvent('E2');
    const engine = await scenario([model]);
    await engine.start('P');
    const [task] = await engine.fetch('topic', 'w1', 600_000);
    await engine.advance(60_000);
    expect(await errorOf(finish(engine, 'w1', task!.id))).to.include({ code: 410 });
  });
});
