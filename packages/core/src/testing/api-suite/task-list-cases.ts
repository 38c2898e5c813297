import assert from 'node:assert/strict';
import type { Task } from '@process-engine/contracts';
import { unique, type ApiUser } from './api-user.js';
import { definitions, flow, line, manualTask, parallelGateway, process, startEvent, task, userTask } from './models.js';
import type { SuiteContext } from './suite-context.js';

type Page = readonly [offset?: number | undefined, limit?: number];

interface List {
  readonly tasks: readonly Task[];
  readonly totalCount: number;
}

type Read = (user: ApiUser, where: Where, ...page: Page) => Promise<List>;

interface Where {
  readonly processModelId: string;
  readonly processInstanceId: string;
  readonly correlationId: string;
}

/** The five list operations a kind of task has, by the ending of their names. */
const ENDINGS = ['ForProcessModel', 'ForProcessInstance', 'ForCorrelation', 'ForProcessModelInCorrelation', 'Own'];

const KINDS = [
  { operation: 'UserTasks', field: 'userTasks', ids: ['User'] },
  { operation: 'ManualTasks', field: 'manualTasks', ids: ['Manual'] },
  { operation: 'EmptyActivities', field: 'emptyActivities', ids: ['Empty'] },
  { operation: 'SuspendedTasks', field: 'tasks', ids: ['Empty', 'Manual', 'User'] },
] as const;

function readerOf({ operation, field }: (typeof KINDS)[number], ending: string): Read {
  const all = operation === 'SuspendedTasks' ? 'getAllSuspendedTasks' : `getWaiting${operation}ByIdentity`;
  const name = ending === 'Own' ? all : `get${operation}${ending}`;
  return async ({ consumer, identity }, { processModelId, processInstanceId, correlationId }, ...page) => {
    const where: Record<string, string[]> = {
      ForProcessModel: [processModelId],
      ForProcessInstance: [processInstanceId],
      ForCorrelation: [correlationId],
      ForProcessModelInCorrelation: [processModelId, correlationId],
      Own: [],
    };
    const operations = consumer as unknown as Record<string, (...args: unknown[]) => Promise<Record<string, unknown>>>;
    const list = await operations[name]!(identity, ...where[ending]!, ...page);
    assert.deepEqual(Object.keys(list).sort(), [field, 'totalCount'].sort(), name);
    return { tasks: list[field] as Task[], totalCount: list['totalCount'] as number };
  };
}

/** One task of each kind, side by side. */
function sideBySide(id: string): string {
  const tasks = [userTask('User'), manualTask('Manual'), task('Empty')];
  const content = [startEvent(), parallelGateway('Fork'), ...tasks, flow('Start', 'Fork')];
  return definitions(process(id, [...content, ...tasks.map((node) => flow('Fork', node.id))]));
}

export function taskListCases(context: SuiteContext): void {
  selectionCases(context);
  pagingCases(context);
}

function selectionCases({ it }: SuiteContext): void {
  for (const kind of KINDS) {
    it(`${kind.operation} are listed by model, instance, correlation, model in correlation and owner`, async (user) => {
      const [processModelId, otherModel] = [unique('Model'), unique('Model')];
      await user.deploy(sideBySide(processModelId), sideBySide(otherModel));
      const one = { processModelId, ...(await user.start(processModelId)) };
      const { correlationId } = one;
      await user.start(otherModel, {}, { correlationId });
      await user.start(processModelId);

      const counts: Record<string, number> = { ForProcessInstance: 1, ForProcessModelInCorrelation: 1 };
      for (const ending of ENDINGS) {
        const { tasks, totalCount } = await readerOf(kind, ending)(user, one);
        const mine = tasks.filter(({ processInstanceId }) => processInstanceId === one.processInstanceId);
        assert.deepEqual(
          mine.map(({ id }) => id),
          kind.ids,
          ending,
        );
        assert.equal(totalCount, tasks.length);
        if (ending !== 'Own') assert.equal(totalCount, (counts[ending] ?? 2) * kind.ids.length, ending);
      }
    });
  }

  it('a list of something unknown is empty, and of a task in another correlation too', async (user) => {
    const [processModelId, unknown] = [unique('Model'), unique('unknown')];
    await user.deploy(sideBySide(processModelId));
    const { processInstanceId } = await user.start(processModelId);
    const nowhere = { processModelId: unknown, processInstanceId: unknown, correlationId: unknown };
    for (const kind of KINDS) {
      for (const ending of ENDINGS.filter((name) => name !== 'Own')) {
        assert.deepEqual(await readerOf(kind, ending)(user, nowhere), { tasks: [], totalCount: 0 }, ending);
      }
      const elsewhere = { processModelId, processInstanceId, correlationId: unknown };
      const list = await readerOf(kind, 'ForProcessModelInCorrelation')(user, elsewhere);
      assert.deepEqual(list, { tasks: [], totalCount: 0 });
    }
  });

  it('somebody else has no tasks of his own here', async (user) => {
    const processModelId = unique('Model');
    await user.deploy(sideBySide(processModelId));
    const started = await user.start(processModelId);
    const nobody = Object.assign(Object.create(user) as ApiUser, { identity: somebodyElse });
    const own = await readerOf(KINDS[0], 'Own')(nobody, { processModelId, ...started });
    assert.deepEqual(own, { tasks: [], totalCount: 0 });
  });
}

/** Base64 of the user id, as development servers read it. */
const somebodyElse = { userId: 'somebody_else', token: 'c29tZWJvZHlfZWxzZQ==' };

/** Offset and limit, and the positions of the ten entries that are listed. */
const PAGES: readonly (readonly [Page, from: number, to: number])[] = [
  [[], 0, 10],
  [[0, 0], 0, 10],
  [[5], 5, 10],
  [[5, 0], 5, 10],
  [[undefined, 2], 0, 2],
  [[0, 2], 0, 2],
  [[5, 2], 5, 7],
  [[7, 5], 7, 10],
  [[0, 1000], 0, 10],
  [[10, 0], 10, 10],
  [[1000, 0], 10, 10],
  [[1000, 5], 10, 10],
  [[-3, 2], 0, 2],
  [[8, -1], 8, 10],
];

function pagingCases({ it }: SuiteContext): void {
  it('lists are paged, oldest first, and count what is there before paging', async (user) => {
    const [processModelId, correlationId] = [unique('Model'), unique('correlation')];
    await user.deploy(line(processModelId, [userTask('User')]));
    const instances: string[] = [];
    for (let count = 0; count < 10; count += 1) {
      instances.push((await user.start(processModelId, {}, { correlationId })).processInstanceId);
    }
    const where = { processModelId, correlationId, processInstanceId: instances[0]! };
    for (const kind of [KINDS[0], KINDS[3]]) {
      for (const ending of ['ForProcessModel', 'ForCorrelation', 'ForProcessModelInCorrelation']) {
        for (const [page, from, to] of PAGES) {
          const { tasks, totalCount } = await readerOf(kind, ending)(user, where, ...page);
          const listed = tasks.map(({ processInstanceId }) => processInstanceId);
          assert.deepEqual(listed, instances.slice(from, to), `${kind.operation}${ending} ${String(page)}`);
          assert.equal(totalCount, 10);
        }
      }
    }
  });

  it('a page that is no whole number is a bad request', async (user) => {
    for (const page of [['x'], [0, 'y'], [1.5]]) {
      const call = user.consumer.getUserTasksForProcessModel(user.identity, 'any', ...(page as []));
      await assert.rejects(call, { code: 400, name: 'BadRequestError' });
    }
  });
}
