import assert from 'node:assert/strict';
import { BadRequestError, InternalServerError, StartCallbackType } from '@process-engine/contracts';
import { eventually, rejects, unique, type ApiUser } from './api-user.js';
import {
  definitions,
  endEvent,
  error,
  exclusiveGateway,
  flow,
  inLine,
  line,
  onError,
  process,
  scriptTask,
  startEvent,
  terminates,
  userTask,
} from './models.js';
import type { SuiteContext } from './suite-context.js';

const ON_END = StartCallbackType.CallbackOnProcessInstanceFinished;
const ON_END_EVENT = StartCallbackType.CallbackOnEndEventReached;

/** Goes to `Left` where the input says so, to `Right` where it says so, and nowhere else. */
function fork(id: string): string {
  const ends = ['Left', 'Right'].flatMap((name) => [
    flow('Fork', name, `token.current.to === '${name}'`),
    endEvent(name),
  ]);
  return definitions(process(id, [...inLine(startEvent(), exclusiveGateway('Fork')), ...ends]));
}

function endingIn(id: string, end: ReturnType<typeof endEvent>, ...references: string[]): string {
  return definitions(...references, process(id, inLine(startEvent(), end)));
}

export function startOutcomeCases(context: SuiteContext): void {
  endCases(context);
  failureCases(context);
  waitingCases(context);
}

function endCases({ it }: SuiteContext): void {
  it('is answered with the end event and the payload there', async (user) => {
    const id = unique('Model');
    await user.deploy(fork(id));
    const { processInstanceId, ...answer } = await user.run(id, { to: 'Right' });

    assert.equal(answer.endEventId, 'Right');
    assert.deepEqual(answer.tokenPayload, { to: 'Right' });
    assert.equal(await user.state(processInstanceId), 'finished');
  });

  it('is answered by the end event that is waited for', async (user) => {
    const id = unique('Model');
    await user.deploy(fork(id));
    const run = (endEventId: string) =>
      user.consumer.startProcessInstance(
        user.identity,
        id,
        { inputValues: { to: 'Left' } },
        ON_END_EVENT,
        undefined,
        endEventId,
      );

    const answer = await run('Left');
    assert.deepEqual([answer.endEventId, answer.tokenPayload], ['Left', { to: 'Left' }]);
    await rejects(run('Right'), InternalServerError, /Right/);
  });
}

function failureCases({ it }: SuiteContext): void {
  it('tells name and code of the BPMN error that ended the instance', async (user) => {
    const id = unique('Model');
    await user.deploy(endingIn(id, endEvent('Failed', onError('Error_1')), error('Error_1', 'E-42')));

    const failure = await rejects(user.run(id), InternalServerError, /./);
    assert.deepEqual(failure.additionalInformation, { name: 'Error_1 name', code: 'E-42' });
    const [instance] = (await user.management.getProcessInstances(user.identity, { processModelId: id }))
      .processInstances;
    assert.deepEqual([instance!.state, instance!.error?.code], ['error', 'E-42']);
  });

  it('tells the message of a script that failed', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [scriptTask('Script', "throw new Error('it broke');")]));
    await rejects(user.run(id), InternalServerError, /it broke/);
  });

  it('tells of a gateway without a way', async (user) => {
    const id = unique('Model');
    await user.deploy(fork(id));
    await rejects(
      user.run(id, { to: 'nowhere' }),
      BadRequestError,
      /no outgoing sequenceflow.*had a truthy condition/i,
    );
  });

  it('tells of a terminate end event', async (user) => {
    const id = unique('Model');
    await user.deploy(endingIn(id, endEvent('Stop', terminates)));
    await rejects(user.run(id), InternalServerError, /process was terminated.*stop/i);
  });

  it('is answered on creation although the first step ends in an error', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [scriptTask('Script', "throw new Error('it broke');")]));
    const { processInstanceId } = await user.start(id);
    assert.equal(await user.state(processInstanceId), 'error');
  });
}

async function theWaitingTask(user: ApiUser, processModelId: string) {
  const read = () => user.consumer.getUserTasksForProcessModel(user.identity, processModelId);
  const { userTasks } = await eventually(read, ({ totalCount }) => totalCount === 1);
  return userTasks[0]!;
}

function waitingCases({ it }: SuiteContext): void {
  it('waits for somebody who finishes the instance', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [userTask('Approve')]));
    const answer = user.run(id);
    const { processInstanceId, correlationId, flowNodeInstanceId } = await theWaitingTask(user, id);
    const formFields = { ok: true };
    await user.consumer.finishUserTask(user.identity, processInstanceId, correlationId, flowNodeInstanceId, {
      formFields,
    });

    assert.deepEqual(await answer, {
      correlationId,
      processInstanceId,
      endEventId: 'End',
      tokenPayload: { form_fields: formFields },
    });
  });

  it('is answered with an error where the instance is terminated meanwhile', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [userTask('Approve')]));
    const refused = rejects(user.run(id), InternalServerError, /terminated/i);
    const { processInstanceId } = await theWaitingTask(user, id);
    await user.management.terminateProcessInstance(user.identity, processInstanceId);
    await refused;
    assert.equal(await user.state(processInstanceId), 'terminated');
  });

  it('can be given up, and the instance goes on', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [userTask('Approve')]));
    const abort = new AbortController();
    const reason = new Error('no longer interested');
    const options = { signal: abort.signal };
    const call = user.consumer.startProcessInstance(user.identity, id, {}, ON_END, undefined, undefined, options);
    const { processInstanceId } = await theWaitingTask(user, id);
    abort.abort(reason);

    await assert.rejects(call, reason);
    assert.equal(await user.state(processInstanceId), 'running');
  });
}
