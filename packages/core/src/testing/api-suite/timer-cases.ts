import assert from 'node:assert/strict';
import { unique } from './api-user.js';
import {
  afterDuration,
  boundaryEvent,
  catchEvent,
  definitions,
  endEvent,
  flow,
  inLine,
  line,
  process,
  startEvent,
  userTask,
} from './models.js';
import type { SuiteContext } from './suite-context.js';

export function timerCases({ it, itInTime }: SuiteContext): void {
  it('a waiting timer is listed with the time it is due', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [catchEvent('Later', afterDuration('PT1H'))]));
    const { processInstanceId } = await user.start(id);
    const { startedAt } = await user.management.getProcessInstance(user.identity, processInstanceId);

    const list = await user.management.getSubscriptions(user.identity, { processInstanceId });
    assert.equal(list.totalCount, 1);
    const { kind, flowNodeId, processModelId, dueAt } = list.subscriptions[0]!;
    assert.deepEqual({ kind, flowNodeId, processModelId }, { kind: 'timer', flowNodeId: 'Later', processModelId: id });
    assert.equal(Date.parse(dueAt!) - Date.parse(startedAt), 3_600_000);
  });

  itInTime('an intermediate timer lets the instance go on when it is due', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [catchEvent('Later', afterDuration('PT10S'))]));
    const { processInstanceId } = await user.start(id);
    await user.advance(9_000);
    assert.equal(await user.state(processInstanceId), 'running');
    await user.advance(2_000);
    assert.equal(await user.state(processInstanceId), 'finished');
    const { totalCount } = await user.management.getSubscriptions(user.identity, { processInstanceId });
    assert.equal(totalCount, 0);
  });

  itInTime('a start that waits is answered when the timer is due', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [catchEvent('Later', afterDuration('PT10S'))]));
    const answer = await user.whileTimePasses(user.run(id, { a: 1 }), 10_000);
    assert.deepEqual([answer.endEventId, answer.tokenPayload], ['End', { a: 1 }]);
  });

  itInTime('a boundary timer interrupts its task', async (user) => {
    const id = unique('Model');
    const main = inLine(startEvent(), userTask('Work'), endEvent());
    const late = [boundaryEvent('TooLate', 'Work', afterDuration('PT10S')), endEvent('Late'), flow('TooLate', 'Late')];
    await user.deploy(definitions(process(id, [...main, ...late])));
    const { processInstanceId } = await user.start(id);
    await user.advance(11_000);

    assert.deepEqual(await user.path(processInstanceId), ['Start', 'TooLate', 'Late']);
    const { totalCount } = await user.consumer.getUserTasksForProcessInstance(user.identity, processInstanceId);
    assert.equal(totalCount, 0);
  });
}
