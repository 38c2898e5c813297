import assert from 'node:assert/strict';
import { BadRequestError, NotFoundError, RequestConflictError, type UserTask } from '@process-engine/contracts';
import { rejects, unique, type ApiUser } from './api-user.js';
import { constraint, formField, line, userTask, userTaskFor } from './models.js';
import type { SuiteContext } from './suite-context.js';

/** Starts an instance of the model and answers the user task it waits at. */
async function waiting(user: ApiUser, id: string): Promise<UserTask> {
  const { processInstanceId } = await user.start(id);
  const { userTasks } = await user.consumer.getUserTasks(user.identity, { processInstanceId: processInstanceId });
  assert.equal(userTasks.length, 1);
  return userTasks[0]!;
}

async function deployed(user: ApiUser, attributes: Readonly<Record<string, string>> = {}): Promise<string> {
  const id = unique('Model');
  await user.deploy(line(id, [userTaskFor('Work', attributes)]));
  return id;
}

export function userTaskCases(context: SuiteContext): void {
  findingCases(context);
  claimCases(context);
  changeCases(context);
  formCases(context);
}

function findingCases({ it }: SuiteContext): void {
  it('show whom they are for and when they are due', async (user) => {
    const id = await deployed(user, {
      'camunda:assignee': 'eve',
      'camunda:candidateUsers': 'ann,bob',
      'camunda:candidateGroups': 'office',
      'camunda:dueDate': '2030-05-01T10:00:00Z',
      'camunda:followUpDate': '2030-04-01',
      'camunda:priority': '50',
    });
    const { assignee, candidateUsers, candidateGroups, dueDate, followUpDate, priority } = await waiting(user, id);
    assert.deepEqual(
      { assignee, candidateUsers, candidateGroups, dueDate, followUpDate, priority },
      {
        assignee: 'eve',
        candidateUsers: ['ann', 'bob'],
        candidateGroups: ['office'],
        dueDate: '2030-05-01T10:00:00.000Z',
        followUpDate: '2030-04-01T00:00:00.000Z',
        priority: 50,
      },
    );
  });

  it('are found by people, dates and priority, sorted and paged', async (user) => {
    const processModelId = await deployed(user, {
      'camunda:candidateUsers': '${users}',
      'camunda:candidateGroups': '${groups}',
      'camunda:dueDate': '${due}',
      'camunda:priority': '${priority}',
    });
    const inputs = [
      { users: 'ann', groups: 'office', due: '2030-03-01', priority: 1 },
      { users: 'bob', groups: 'office,lab', due: '2030-01-15', priority: 3 },
      { users: 'ann,bob', groups: '', due: '', priority: 2 },
    ];
    for (const input of inputs) await user.start(processModelId, input);
    const found = async (query: object, ...page: number[]) => {
      const list = await user.consumer.getUserTasks(user.identity, { processModelId, ...query }, ...page);
      return [list.totalCount, ...list.userTasks.map(({ priority }) => priority)];
    };
    assert.deepEqual(await found({}), [3, 1, 3, 2]);
    assert.deepEqual(await found({ candidateUser: 'ann' }), [2, 1, 2]);
    assert.deepEqual(await found({ candidateGroup: 'office' }), [2, 1, 3]);
    assert.deepEqual(await found({ candidateGroup: 'off' }), [0]);
    assert.deepEqual(await found({ unassigned: true, minPriority: 2 }), [2, 3, 2]);
    assert.deepEqual(await found({ dueBefore: '2030-02-01T00:00:00Z' }), [1, 3]);
    assert.deepEqual(await found({ dueAfter: '2030-02-01T00:00:00Z' }), [1, 1]);
    assert.deepEqual(await found({ sortBy: 'dueDate' }), [3, 3, 1, 2]);
    assert.deepEqual(await found({ sortBy: 'priority', sortOrder: 'desc' }), [3, 3, 2, 1]);
    assert.deepEqual(await found({ sortBy: 'priority', sortOrder: 'desc' }, 1, 1), [3, 2]);
    assert.deepEqual(await found({ userTaskId: 'Other' }), [0]);
  });

  it('are not found by what makes no sense, and the message names it', async (user) => {
    for (const [query, message] of [
      [{ dueBefore: 'tomorrow' }, /dueBefore/],
      [{ sortBy: 'colour' }, /sortBy/],
      [{ role: 'boss' }, /role/],
    ] as const) {
      await rejects(user.consumer.getUserTasks(user.identity, query as never), BadRequestError, message);
    }
  });

  it('are got one by one as long as they wait', async (user) => {
    const task = await waiting(user, await deployed(user));
    const { flowNodeInstanceId, processInstanceId, correlationId } = task;
    assert.deepEqual(await user.consumer.getUserTask(user.identity, flowNodeInstanceId), task);
    await user.consumer.finishUserTask(user.identity, processInstanceId, correlationId, flowNodeInstanceId);
    await rejects(user.consumer.getUserTask(user.identity, flowNodeInstanceId), NotFoundError, /user task/);
    await rejects(user.consumer.claimUserTask(user.identity, 'unknown'), NotFoundError, /'unknown'/);
  });
}

function claimCases({ it }: SuiteContext): void {
  it('are claimed and given back', async (user) => {
    const { consumer, identity } = user;
    const { flowNodeInstanceId: id, processModelId } = await waiting(user, await deployed(user));
    await consumer.claimUserTask(identity, id);
    await consumer.claimUserTask(identity, id);
    assert.equal((await consumer.getUserTask(identity, id)).assignee, identity.userId);
    const mine = await consumer.getUserTasks(identity, { processModelId, role: 'assignee' });
    assert.deepEqual(
      mine.userTasks.map(({ flowNodeInstanceId }) => flowNodeInstanceId),
      [id],
    );
    assert.equal((await consumer.getUserTasks(identity, { processModelId, role: 'candidate' })).totalCount, 0);
    await consumer.unclaimUserTask(identity, id);
    await consumer.unclaimUserTask(identity, id);
    assert.equal((await consumer.getUserTask(identity, id)).assignee, undefined);
  });

  it('are claimed by one of those who try at the same time', async (user) => {
    const { consumer, identity } = user;
    const { flowNodeInstanceId: id } = await waiting(user, await deployed(user, { 'camunda:assignee': 'eve' }));
    await rejects(consumer.claimUserTask(identity, id), RequestConflictError, /assigned to somebody else/);
  });
}

function changeCases({ it }: SuiteContext): void {
  it('are assigned, and get other candidates, dates and another priority', async (user) => {
    const { consumer, identity } = user;
    const attributes = { 'camunda:dueDate': '2030-05-01', 'camunda:candidateUsers': 'ann' };
    const { flowNodeInstanceId: id } = await waiting(user, await deployed(user, attributes));
    const change = { assignee: 'bob', candidateUsers: [], candidateGroups: ['lab'], dueDate: null, priority: -1 };
    await consumer.updateUserTask(identity, id, { ...change, followUpDate: '2030-02-01T01:00:00+01:00' });
    const { assignee, candidateUsers, candidateGroups, dueDate, followUpDate, priority } = await consumer.getUserTask(
      identity,
      id,
    );
    assert.deepEqual(
      { assignee, candidateUsers, candidateGroups, dueDate, followUpDate, priority },
      {
        assignee: 'bob',
        candidateUsers: undefined,
        candidateGroups: ['lab'],
        dueDate: undefined,
        followUpDate: '2030-02-01T00:00:00.000Z',
        priority: -1,
      },
    );
    const wrong = consumer.updateUserTask(identity, id, { dueDate: 'soon' });
    await rejects(wrong, BadRequestError, /dueDate/);
  });
}

function formCases({ it }: SuiteContext): void {
  it('are finished with values that meet the constraints of the form, and with no others', async (user) => {
    const id = unique('Model');
    const fields = [
      formField({ id: 'name', type: 'string' }, {}, [constraint('required'), constraint('maxlength', '5')]),
      formField({ id: 'amount', type: 'long' }, {}, [constraint('min', '1'), constraint('max', '9')]),
      formField({ id: 'free', type: 'long' }),
    ];
    await user.deploy(line(id, [userTask('Form', fields.join(''))]));
    const task = await waiting(user, id);
    assert.deepEqual(task.data.formFields[0]!.constraints, { required: true, maxLength: 5 });
    const { consumer, identity } = user;
    const finish = (formFields: Record<string, unknown>) =>
      consumer.finishUserTask(identity, task.processInstanceId, task.correlationId, task.flowNodeInstanceId, {
        formFields,
      });
    const error = await rejects(
      finish({ amount: 10 }),
      BadRequestError,
      /'name' is required; .*'amount' must be at most 9/,
    );
    assert.deepEqual(error.additionalInformation, {
      invalidFields: [
        { id: 'name', message: 'is required' },
        { id: 'amount', message: 'must be at most 9' },
      ],
    });
    await rejects(finish({ name: 'Ada', amount: '5' }), BadRequestError, /'amount' must be a whole number/);
    await finish({ name: 'Ada', amount: 5, free: 'as it comes' });
    assert.equal(await user.state(task.processInstanceId), 'finished');
  });
}
