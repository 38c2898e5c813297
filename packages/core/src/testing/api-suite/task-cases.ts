import assert from 'node:assert/strict';
import { BadRequestError, NotFoundError, type Task } from '@process-engine/contracts';
import { rejects, unique, type ApiUser } from './api-user.js';
import { formField, line, manualTask, scriptTask, task, userTask } from './models.js';
import type { SuiteContext } from './suite-context.js';

interface Kind {
  readonly name: string;
  /** The task's type, and what the message calls it. */
  readonly type: Task['flowNodeType'];
  readonly called: RegExp;
  readonly node: ReturnType<typeof task>;
  /** The end event's payload where the input is `{a: 1}`. */
  readonly result: unknown;
  list(user: ApiUser, processInstanceId: string): Promise<Task[]>;
  finish(user: ApiUser, processInstanceId: string, correlationId: string, id: string): Promise<void>;
}

const KINDS: readonly Kind[] = [
  {
    name: 'user task',
    type: 'bpmn:UserTask',
    called: /usertask/i,
    node: userTask('Work'),
    result: { form_fields: {} },
    list: async ({ consumer, identity }, id) => (await consumer.getUserTasksForProcessInstance(identity, id)).userTasks,
    finish: ({ consumer, identity }, ...ids) => consumer.finishUserTask(identity, ...ids),
  },
  {
    name: 'manual task',
    type: 'bpmn:ManualTask',
    called: /manualtask/i,
    node: manualTask('Work'),
    result: {},
    list: async ({ consumer, identity }, id) =>
      (await consumer.getManualTasksForProcessInstance(identity, id)).manualTasks,
    finish: ({ consumer, identity }, ...ids) => consumer.finishManualTask(identity, ...ids),
  },
  {
    name: 'empty activity',
    type: 'bpmn:Task',
    called: /emptyactivity/i,
    node: task('Work'),
    result: { a: 1 },
    list: async ({ consumer, identity }, id) =>
      (await consumer.getEmptyActivitiesForProcessInstance(identity, id)).emptyActivities,
    finish: ({ consumer, identity }, ...ids) => consumer.finishEmptyActivity(identity, ...ids),
  },
];

export function taskCases(context: SuiteContext): void {
  for (const kind of KINDS) context.describe(`of kind ${kind.name}`, () => kindCases(context, kind));
  formCases(context);
  formResultCases(context);
}

function kindCases({ it }: SuiteContext, kind: Kind): void {
  async function waiting(user: ApiUser) {
    const id = unique('Model');
    await user.deploy(line(id, [kind.node]));
    const { processInstanceId, correlationId } = await user.start(id, { a: 1 });
    const [found] = await kind.list(user, processInstanceId);
    return { id, processInstanceId, correlationId, task: found! };
  }

  it('shows where it waits and with what, and nobody its owner', async (user) => {
    const { id, processInstanceId, correlationId, task: shown } = await waiting(user);
    const { flowNodeInstanceId, ...rest } = shown as Task & { data?: unknown; priority?: number; createdAt?: string };
    for (const field of ['data', 'priority', 'createdAt'] as const) delete rest[field];

    assert.equal(typeof flowNodeInstanceId, 'string');
    assert.deepEqual(rest, {
      flowNodeType: kind.type,
      id: 'Work',
      name: 'Work name',
      correlationId,
      processModelId: id,
      processInstanceId,
      tokenPayload: { a: 1 },
    });
  });

  it('is finished once: it leaves the list, and the instance goes on', async (user) => {
    const { id, processInstanceId, correlationId, task: shown } = await waiting(user);
    assert.equal(await kind.finish(user, processInstanceId, correlationId, shown.flowNodeInstanceId), undefined);

    assert.deepEqual(await kind.list(user, processInstanceId), []);
    const results = await user.consumer.getProcessResultForCorrelation(user.identity, correlationId, id);
    assert.deepEqual(results.correlationResults, [{ correlationId, endEventId: 'End', tokenPayload: kind.result }]);
    const again = kind.finish(user, processInstanceId, correlationId, shown.flowNodeInstanceId);
    await rejects(again, NotFoundError, kind.called);
  });

  it('is not found by ids that do not fit together, and the message names all three', async (user) => {
    const one = await waiting(user);
    const other = await waiting(user);
    const { flowNodeInstanceId } = one.task;
    for (const ids of [
      [other.processInstanceId, one.correlationId, flowNodeInstanceId],
      [one.processInstanceId, other.correlationId, flowNodeInstanceId],
      [one.processInstanceId, one.correlationId, other.task.flowNodeInstanceId],
      [one.processInstanceId, one.correlationId, 'Work'],
      ['unknown pi', 'unknown c', 'unknown t'],
    ] as [string, string, string][]) {
      const error = await rejects(kind.finish(user, ...ids), NotFoundError, kind.called);
      assert.match(error.message, /processinstance '.*' in correlation '.*' does not have a/i);
      for (const id of ids) assert.ok(error.message.includes(`'${id}'`), error.message);
    }
    assert.equal((await kind.list(user, one.processInstanceId)).length, 1);
  });

  it('is not finished as a task of another kind', async (user) => {
    const { processInstanceId, correlationId, task: shown } = await waiting(user);
    for (const other of KINDS.filter(({ type }) => type !== kind.type)) {
      const call = other.finish(user, processInstanceId, correlationId, shown.flowNodeInstanceId);
      await rejects(call, NotFoundError, other.called);
    }
  });
}

function formCases({ it }: SuiteContext): void {
  it('a user task shows its form, with the expressions evaluated', async (user) => {
    const id = unique('Model');
    const fields = [
      formField({ id: 'amount', label: 'Amount', type: 'long', defaultValue: '${token.current.amount}' }),
      formField({ id: 'way', label: 'Way', type: 'enum' }, { mail: 'By mail', post: 'By post' }),
      formField({ id: 'odd', label: 'of ${x}', type: 'colour' }),
    ];
    const texts = { preferredControl: 'wizard', description: 'What is it', finishedMessage: 'Thanks' };
    await user.deploy(line(id, [userTask('Form', fields.join(''), texts)]));
    const { processInstanceId } = await user.start(id, { amount: 12 });

    const { userTasks } = await user.consumer.getUserTasksForProcessInstance(user.identity, processInstanceId);
    assert.deepEqual(userTasks[0]!.data, {
      ...texts,
      formFields: [
        { id: 'amount', label: 'Amount', type: 'long', defaultValue: 12 },
        {
          id: 'way',
          label: 'Way',
          type: 'enum',
          enumValues: [
            { id: 'mail', name: 'By mail' },
            { id: 'post', name: 'By post' },
          ],
        },
        { id: 'odd', label: 'of ${x}' },
      ],
    });
  });
}

function formResultCases({ it }: SuiteContext): void {
  async function waiting(user: ApiUser) {
    const id = unique('Model');
    const read = scriptTask('Read', 'return token.history.Form.form_fields.name;');
    await user.deploy(line(id, [userTask('Form'), read]));
    const { processInstanceId, correlationId } = await user.start(id);
    const { userTasks } = await user.consumer.getUserTasksForProcessInstance(user.identity, processInstanceId);
    const finish = (result?: unknown) => {
      const { flowNodeInstanceId } = userTasks[0]!;
      const ids = [processInstanceId, correlationId, flowNodeInstanceId] as const;
      return user.consumer.finishUserTask(user.identity, ...ids, result as never);
    };
    const results = () => user.consumer.getProcessResultForCorrelation(user.identity, correlationId, id);
    return { finish, results };
  }

  it('the values of a form reach the process', async (user) => {
    const { finish, results } = await waiting(user);
    await finish({ formFields: { name: { first: 'Ada' }, other: [1] } });
    assert.deepEqual((await results()).correlationResults[0]!.tokenPayload, { first: 'Ada' });
  });

  it('a form may be finished without values', async (user) => {
    for (const result of [undefined, {}, { formFields: {} }]) {
      const { finish, results } = await waiting(user);
      await finish(result);
      assert.equal((await results()).totalCount, 1);
    }
  });

  it('the values of a form must be an object', async (user) => {
    const { finish, results } = await waiting(user);
    for (const formFields of ['text', ['list'], 1]) {
      await rejects(finish({ formFields }), BadRequestError, /not.*an object/i);
    }
    assert.equal((await results()).totalCount, 0);
  });
}
