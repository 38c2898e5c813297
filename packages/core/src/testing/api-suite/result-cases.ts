import assert from 'node:assert/strict';
import { unique } from './api-user.js';
import {
  callActivity,
  definitions,
  endEvent,
  flow,
  line,
  parallelGateway,
  process,
  scriptTask,
  startEvent,
  userTask,
} from './models.js';
import type { SuiteContext } from './suite-context.js';

export function resultCases({ it }: SuiteContext): void {
  it('every end event that was reached is a result, already while the instance runs', async (user) => {
    const id = unique('Model');
    const fork = [startEvent(), parallelGateway('Fork'), flow('Start', 'Fork')];
    const branches = [
      scriptTask('Quick', "return { quick: 'yes' };"),
      endEvent('QuickEnd'),
      flow('Fork', 'Quick'),
      flow('Quick', 'QuickEnd'),
      userTask('Slow'),
      endEvent('SlowEnd'),
      flow('Fork', 'Slow'),
      flow('Slow', 'SlowEnd'),
    ];
    await user.deploy(definitions(process(id, [...fork, ...branches])));
    const { processInstanceId, correlationId } = await user.start(id);
    const results = () => user.consumer.getProcessResultForCorrelation(user.identity, correlationId, id);
    const quick = { correlationId, endEventId: 'QuickEnd', tokenPayload: { quick: 'yes' } };
    assert.deepEqual(await results(), { correlationResults: [quick], totalCount: 1 });

    const { userTasks } = await user.consumer.getUserTasksForProcessInstance(user.identity, processInstanceId);
    const { flowNodeInstanceId } = userTasks[0]!;
    await user.consumer.finishUserTask(user.identity, processInstanceId, correlationId, flowNodeInstanceId);
    const slow = { correlationId, endEventId: 'SlowEnd', tokenPayload: { form_fields: {} } };
    assert.deepEqual(await results(), { correlationResults: [quick, slow], totalCount: 2 });
  });

  it('instances of one model in one correlation have a result each', async (user) => {
    const [id, correlationId] = [unique('Model'), unique('correlation')];
    await user.deploy(line(id));
    for (const input of ['a', 'b']) await user.start(id, input, { correlationId });
    await user.start(id, 'c');

    const list = await user.consumer.getProcessResultForCorrelation(user.identity, correlationId, id);
    assert.deepEqual(
      list.correlationResults.map(({ tokenPayload }) => tokenPayload),
      ['a', 'b'],
    );
  });

  it('a called process has no result of its own', async (user) => {
    const [parent, child] = [unique('Parent'), unique('Child')];
    await user.deploy(line(child), line(parent, [callActivity('Call', child)]));
    const { correlationId, endEventId } = await user.run(parent, { a: 1 });
    assert.equal(endEventId, 'End');

    const ofChild = await user.consumer.getProcessResultForCorrelation(user.identity, correlationId, child);
    assert.deepEqual(ofChild, { correlationResults: [], totalCount: 0 });
    const ofParent = await user.consumer.getProcessResultForCorrelation(user.identity, correlationId, parent);
    assert.equal(ofParent.totalCount, 1);
  });

  it('what is unknown has no results', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id));
    const { correlationId } = await user.start(id);
    for (const [correlation, model] of [
      ['unknown', id],
      [correlationId, 'unknown'],
    ] as const) {
      const list = await user.consumer.getProcessResultForCorrelation(user.identity, correlation, model);
      assert.deepEqual(list, { correlationResults: [], totalCount: 0 });
    }
  });
}
