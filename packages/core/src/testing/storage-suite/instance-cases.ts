import assert from 'node:assert/strict';

import {
  externalTask,
  finishedFlowNodeInstance,
  flowNodeInstance,
  incident,
  job,
  newId,
  processInstance,
  startedInstance,
  subscription,
  userTask,
} from './fixtures.js';
import { shuffled, type SuiteContext } from './suite-context.js';

export function instanceCases(context: SuiteContext): void {
  const { describe, it, storage } = context;
  describe('changing an instance', () => changeCases(context));
  describe('loading an instance', () => {
    it('answers undefined for an unknown one', async () => {
      assert.equal(await storage().loadInstance(newId()), undefined);
    });

    it('answers its live rows in order of their ids, and no others', async () => {
      const id = await startedInstance(storage());
      const other = await startedInstance(storage());
      const [first, second] = [flowNodeInstance(id), flowNodeInstance(id, { state: 'ready' })];
      await storage().commit({
        flowNodeInstances: { insert: [second, finishedFlowNodeInstance(id, 1), first, flowNodeInstance(other)] },
        variables: { upsert: [{ processInstanceId: other, scopeId: other, name: 'a', value: 1 }] },
        userTasks: { insert: [userTask(other)] },
      });
      const stored = await storage().loadInstance(id);
      assert.deepStrictEqual(stored?.flowNodeInstances, [first, second]);
      assert.deepStrictEqual(stored.variables, []);
      assert.deepStrictEqual(stored.userTasks, []);
    });

    it('answers the results that its live rows name', async () => {
      const id = await startedInstance(storage());
      const finished = ['by trail', 'by payload', 'by previous 1', null, undefined, 'by nobody'].map((result, at) =>
        finishedFlowNodeInstance(id, at + 1, { result }),
      );
      const [trail, payload, previous1, previous2, absent] = finished.map((row) => row.id);
      const live = flowNodeInstance(id, {
        trail: { A: trail ?? '', B: absent ?? '', C: newId() },
        payloadFrom: payload ?? null,
        previousId: `${previous1};${previous2}`,
      });
      await storage().commit({ flowNodeInstances: { insert: [...finished, live] } });
      const stored = await storage().loadInstance(id);
      assert.deepStrictEqual(
        new Map([...(stored?.results ?? [])].sort(([left], [right]) => (left < right ? -1 : 1))),
        new Map<string | undefined, unknown>([
          [trail, 'by trail'],
          [payload, 'by payload'],
          [previous1, 'by previous 1'],
          [previous2, null],
          [absent, undefined],
        ]),
      );
    });

    it('answers hundreds of live rows and results', async () => {
      const id = await startedInstance(storage());
      const finished = Array.from({ length: 700 }, (_, at) => finishedFlowNodeInstance(id, at + 1, { result: at }));
      const live = finished.map((row) => flowNodeInstance(id, { payloadFrom: row.id, previousId: row.id }));
      await storage().commit({ flowNodeInstances: { insert: [...finished, ...live] } });
      const stored = await storage().loadInstance(id);
      assert.deepStrictEqual(stored?.flowNodeInstances, live);
      assert.equal(stored.results.size, 700);
      assert.equal(stored.results.get(finished[699]?.id ?? ''), 699);
    });

    it('answers variables by scope and name', async () => {
      const id = await startedInstance(storage());
      const rows = ['b', 'a', 'B'].map((name) => ({ processInstanceId: id, scopeId: id, name, value: 1 }));
      await storage().commit({ variables: { upsert: rows } });
      const stored = await storage().loadInstance(id);
      assert.deepStrictEqual(
        stored?.variables.map(({ name }) => name),
        ['B', 'a', 'b'],
      );
    });

    it('answers the open rows of the instance oldest first', async () => {
      const id = await startedInstance(storage());
      const [old, young] = [{ createdAt: 1 }, { createdAt: 2 }];
      const rows = {
        externalTasks: [externalTask(id, old), externalTask(id, young)],
        userTasks: [userTask(id, old), userTask(id, young)],
        subscriptions: [subscription(id, old), subscription(id, young)],
        jobs: [job(id, old), job(id, young)],
        incidents: [incident(id, old), incident(id, young)],
      };
      await storage().commit({
        externalTasks: { insert: shuffled(rows.externalTasks) },
        userTasks: { insert: shuffled(rows.userTasks) },
        subscriptions: { insert: shuffled(rows.subscriptions) },
        jobs: { insert: shuffled(rows.jobs) },
        incidents: { insert: shuffled(rows.incidents) },
      });
      const stored = await storage().loadInstance(id);
      assert.deepStrictEqual(stored?.externalTasks, rows.externalTasks);
      assert.deepStrictEqual(stored.userTasks, rows.userTasks);
      assert.deepStrictEqual(stored.subscriptions, rows.subscriptions);
      assert.deepStrictEqual(stored.jobs, rows.jobs);
      assert.deepStrictEqual(stored.incidents, rows.incidents);
    });

    it('answers only the instance itself once it ended', async () => {
      const instance = processInstance({
        state: 'error',
        endedAt: 2000,
        error: { name: 'E', code: '1', message: 'm' },
      });
      await storage().commit({
        processInstances: { insert: [instance] },
        flowNodeInstances: { insert: [finishedFlowNodeInstance(instance.id, 1), flowNodeInstance(instance.id)] },
        variables: { upsert: [{ processInstanceId: instance.id, scopeId: instance.id, name: 'a', value: 1 }] },
      });
      assert.deepStrictEqual(await storage().loadInstance(instance.id), {
        instance,
        flowNodeInstances: [],
        results: new Map(),
        variables: [],
        externalTasks: [],
        userTasks: [],
        subscriptions: [],
        jobs: [],
        incidents: [],
      });
    });
  });
}

function changeCases({ it, storage }: SuiteContext): void {
  it('commits what is made of the instance as it is stored', async () => {
    const id = await startedInstance(storage());
    await storage().changeInstance(id, (stored) => {
      const { version } = stored!.instance;
      const update = { id, expectedVersion: version, set: { version: version + 1 } };
      return Promise.resolve({ processInstances: { update: [update] }, userTasks: { insert: [userTask(id)] } });
    });
    const stored = await storage().loadInstance(id);
    assert.equal(stored?.instance.version, 2);
    assert.equal(stored.userTasks.length, 1);
  });

  it('commits nothing where nothing is made of it', async () => {
    const id = newId();
    let seen: unknown = 'nothing';
    await storage().changeInstance(id, (stored) => {
      seen = stored;
      return Promise.resolve(undefined);
    });
    assert.equal(seen, undefined);
    assert.equal(await storage().loadInstance(id), undefined);
  });

  it('commits nothing where that fails', async () => {
    const id = await startedInstance(storage());
    const failing = storage().changeInstance(id, () => Promise.reject(new Error('it failed')));
    await assert.rejects(failing, /it failed/);
    assert.equal((await storage().loadInstance(id))?.instance.version, 1);
  });
}
