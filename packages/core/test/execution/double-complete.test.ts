import { expect } from 'chai';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

const settle = async (promises: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(promises)).map(({ status }) => status).sort();

describe('Work that is reported twice', () => {
  it('a user task finished twice at the same time is finished once', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('A').userTask('Z').endEvent('E')]);
    const { processInstanceId } = await engine.start('P');
    const [task] = await engine.tasks();
    expect(
      await settle([
        engine.finishTask(task!, { n: 1 }),
        engine.finishTask(task!, { n: 2 }),
        engine.finishTask(task!, { n: 3 }),
      ]),
    ).to.deep.equal(['fulfilled', 'rejected', 'rejected']);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
    const error = await errorOf(engine.finishTask(task!));
    expect(error.code).to.equal(404);
    const { correlationId, flowNodeInstanceId } = task!;
    expect(error.message)
      .to.match(/does not have a usertask/i)
      .and.include(processInstanceId)
      .and.include(correlationId)
      .and.include(flowNodeInstanceId);
  });

  it('a task named with the wrong instance, correlation or kind is not found', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('A').endEvent('E')]);
    const { processInstanceId: pi, correlationId: c } = await engine.start('P');
    const { flowNodeInstanceId: id } = (await engine.tasks())[0]!;
    const { consumerApi } = engine.engine;
    for (const finish of [
      consumerApi.finishUserTask(engine.identity, 'other', c, id),
      consumerApi.finishUserTask(engine.identity, pi, 'other', id),
      consumerApi.finishUserTask(engine.identity, pi, c, 'other'),
      consumerApi.finishManualTask(engine.identity, pi, c, id),
      consumerApi.finishEmptyActivity(engine.identity, pi, c, id),
    ]) {
      expect(await errorOf(finish)).to.include({ code: 404, reason: 'task-not-waiting' });
    }
    expect(await engine.waiting(pi)).to.deep.equal(['A']);
  });

  it('an external task finished twice at the same time is finished once, the other is told it is gone', async () => {
    const engine = await scenario([
      processBuilder('P').startEvent('S').externalTask('X', 'topic').userTask('Z').endEvent('E'),
    ]);
    const { processInstanceId } = await engine.start('P');
    const [task] = await engine.fetch('topic');
    const finish = (n: number) =>
      engine.engine.externalTaskApi.finishExternalTask(engine.identity, 'worker', task!.id, { n });
    const outcomes = await Promise.allSettled([finish(1), finish(2)]);
    // Both look the task up before: a database may answer the second one first.
    const first = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect((outcomes[1 - first] as PromiseRejectedResult).reason).to.include({ code: 410 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ n: first + 1 });
  });

  it('finish and error of one external task: the first counts', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .externalTask('X', 'topic')
      .endEvent('E')
      .boundaryEvent('B', 'X', definitions.error())
      .endEvent('Caught');
    const engine = await scenario([model]);
    const { answer } = await engine.begin('P');
    const [task] = await engine.fetch('topic');
    const { externalTaskApi } = engine.engine;
    const outcomes = await Promise.allSettled([
      externalTaskApi.handleBpmnError(engine.identity, 'worker', task!.id, 'E1'),
      externalTaskApi.finishExternalTask(engine.identity, 'worker', task!.id, {}),
      externalTaskApi.handleServiceError(engine.identity, 'worker', task!.id, 'x', {}),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    const isFinished = outcomes[1]?.status === 'fulfilled';
    expect((await answer).endEventId).to.equal(isFinished ? 'E' : 'Caught');
  });

  it('a message and the end of its host at the same time: the host is left once', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .userTask('A')
      .endEvent('E')
      .boundaryEvent('B', 'A', definitions.message('M'))
      .endEvent('E2');
    for (const messageFirst of [true, false]) {
      const engine = await scenario([model]);
      const { processInstanceId } = await engine.start('P');
      const [task] = await engine.tasks();
      const message = () => engine.engine.managementApi.publishMessage(engine.identity, { name: 'M' });
      const finish = () => engine.finishTask(task!).catch(() => undefined);
      await Promise.all(messageFirst ? [message(), finish()] : [finish(), message()]);
      await engine.engine.idle();
      expect(await engine.state(processInstanceId)).to.equal('finished');
      expect((await engine.path(processInstanceId)).length).to.be.oneOf([3]);
    }
  });

  it('an incident retried twice at the same time is retried once', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').externalTask('X', 'topic').endEvent('E')], {
      onFailure: 'incident',
    });
    await engine.start('P');
    await engine.failWork('topic', 'no disk');
    const [incident] = await engine.incidents();
    const retry = () => engine.engine.managementApi.retryIncident(engine.identity, incident!.id);
    expect(await settle([retry(), retry()])).to.deep.equal(['fulfilled', 'rejected']);
    expect(await engine.fetch('topic')).to.have.length(1);
  });
});
