import { expect } from 'chai';
import { it } from 'mocha';
import { god, onEachDatabase } from './support/engine.mjs';
import { line, node } from './support/models.mjs';

/** The lists of the client: method → arguments after the identity, without paging. */
const LISTS = {
  getProcessModels: [],
  getProcessInstancesByIdentity: [],
  ...tasksAndEvents('UserTasks'),
  ...tasksAndEvents('ManualTasks'),
  ...tasksAndEvents('EmptyActivities'),
  ...inScopes('SuspendedTasks', ['ProcessModel', 'ProcessInstance', 'Correlation', 'ProcessModelInCorrelation']),
  getAllSuspendedTasks: [],
  ...inScopes('Events', ['ProcessModel', 'Correlation', 'ProcessModelInCorrelation']),
};

/** Offset and limit → number of entries of ten. */
const PAGES = [
  [0, 0, 10],
  [5, 0, 5],
  [0, 2, 2],
  [5, 2, 2],
  [7, 5, 3],
  [0, 1000, 10],
  [1000, 0, 0],
];

onEachDatabase('Lists of the published consumer client', (engine) => {
  it('tell the name and the version of the application to somebody without an identity', async () => {
    const info = await engine.consumer().getApplicationInfo();
    expect(info.name).to.be.a('string').that.is.not.empty;
    expect(info.version).to.match(/^\d+\.\d+\.\d+/);
  });

  it('are all empty on an empty server', async () => {
    const client = engine.consumer();
    for (const [method, args] of Object.entries(LISTS)) {
      const list = await client[method](god, ...args);
      expect([list.totalCount, ...entriesOf(list)], method).to.deep.equal([0]);
    }
    const results = await client.getProcessResultForCorrelation(god, 'unknown', 'unknown');
    expect(results).to.deep.equal({ correlationResults: [], totalCount: 0 });
  });

  it('are paged by offset and limit', async function () {
    this.timeout(30_000);
    const client = engine.consumer();
    const models = Array.from({ length: 10 }, (_, index) => line(`Paged_${index}`, []));
    const tasks = [node('userTask', 'User'), node('manualTask', 'Manual'), node('task', 'Empty')];
    await engine.deploy(...models);
    for (const [index, task] of tasks.entries()) await engine.deploy(line(`Waits_${index}`, [task]));
    for (let round = 0; round < 10; round += 1) {
      for (const index of tasks.keys()) {
        await client.startProcessInstance(god, `Waits_${index}`, { correlationId: 'paging', inputValues: {} });
      }
    }

    for (const [method, args] of [
      ['getUserTasksForProcessModel', ['Waits_0']],
      ['getUserTasksForCorrelation', ['paging']],
      ['getWaitingUserTasksByIdentity', []],
      ['getManualTasksForProcessModelInCorrelation', ['Waits_1', 'paging']],
      ['getEmptyActivitiesForProcessModel', ['Waits_2']],
      ['getSuspendedTasksForProcessModel', ['Waits_2']],
    ]) {
      for (const [offset, limit, expected] of PAGES) {
        const list = await client[method](god, ...args, offset, limit);
        const found = { entries: entriesOf(list).length, totalCount: list.totalCount };
        expect(found, `${method} ${offset} ${limit}`).to.deep.equal({ entries: expected, totalCount: 10 });
      }
    }
    for (const method of ['getProcessModels', 'getProcessInstancesByIdentity', 'getAllSuspendedTasks']) {
      const { totalCount } = await client[method](god);
      const last = await client[method](god, totalCount - 3, 1000);
      expect([entriesOf(last).length, last.totalCount], method).to.deep.equal([3, totalCount]);
    }
  });
});

function tasksAndEvents(kind) {
  const scopes = ['ProcessModel', 'ProcessInstance', 'Correlation', 'ProcessModelInCorrelation'];
  return { ...inScopes(kind, scopes), [`getWaiting${kind}ByIdentity`]: [] };
}

function inScopes(kind, scopes) {
  return Object.fromEntries(
    scopes.map((scope) => [
      `get${kind}For${scope}`,
      scope.includes('InCorrelation') ? ['unknown', 'unknown'] : ['unknown'],
    ]),
  );
}

function entriesOf(list) {
  return Object.values(list).find(Array.isArray);
}
