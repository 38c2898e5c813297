import assert from 'node:assert/strict';

import { ConflictError } from '@process-engine/contracts/storage';

import { definition, job, startedInstance, subscription } from './fixtures.js';
import { idsOf, type SuiteContext } from './suite-context.js';

const NOTHING = { definitions: [], subscriptions: [], jobs: [], retired: [] };

export function modelCases(context: SuiteContext): void {
  context.describe('models', () => {
    deploymentCases(context);
    definitionFilterCases(context);
  });
}

function deploymentCases({ it, storage }: SuiteContext): void {
  it('are stored with their start subscriptions and start timers', async () => {
    const row = definition({ name: 'Order', versionTag: 'v1', deploymentName: 'd', xml: '<ä/>'.repeat(50_000) });
    const start = subscription(null, { definitionId: row.id, correlationId: null });
    const timer = job(null, { kind: 'start-timer', definitionId: row.id });
    await storage().saveModels({ definitions: [row], subscriptions: [start], jobs: [timer], retired: [] });
    assert.deepStrictEqual(await storage().loadDefinition(row.id), row);
    assert.equal(await storage().loadDefinition('unknown'), undefined);
    assert.deepStrictEqual((await storage().findSubscriptions({ tenantId: '' })).items, [start]);
    assert.deepStrictEqual((await storage().findJobs({ tenantId: '' })).items, [timer]);
  });

  it('take over from the versions they retire', async () => {
    const old = definition();
    const oldStart = subscription(null, { definitionId: old.id });
    const oldTimer = job(null, { kind: 'start-timer', definitionId: old.id });
    await storage().saveModels({ definitions: [old], subscriptions: [oldStart], jobs: [oldTimer], retired: [] });
    const id = await startedInstance(storage(), { definitionId: old.id });
    const waiting = subscription(id, { definitionId: old.id });
    await storage().commit({ subscriptions: { insert: [waiting] } });

    const next = definition({ version: 2 });
    const start = subscription(null, { definitionId: next.id });
    await storage().saveModels({ definitions: [next], subscriptions: [start], jobs: [], retired: [old.id] });
    const found = await storage().findSubscriptions({ tenantId: '' });
    assert.deepStrictEqual(found.items, [waiting, start]);
    assert.equal(await storage().findLatestDefinition('', next.key), next.id);
    assert.equal(await storage().findLatestDefinition('t1', next.key), undefined);
    assert.equal(await storage().nextDue(), null);
  });

  it('are refused when the version is already stored, and nothing of the change is kept', async () => {
    const row = definition();
    await storage().saveModels({ ...NOTHING, definitions: [row] });
    const fresh = definition({ key: 'fresh' });
    const change = { ...NOTHING, definitions: [fresh, definition()], jobs: [job(null, { definitionId: fresh.id })] };
    await assert.rejects(storage().saveModels(change), ConflictError);
    assert.equal(await storage().loadDefinition(fresh.id), undefined);
    assert.equal(await storage().nextDue(), null);
    await storage().saveModels({ ...NOTHING, definitions: [definition({ tenantId: 't1' })] });
  });

  it('are refused for one of two that store the same version at the same time', async () => {
    const outcomes = await Promise.allSettled(
      [definition(), definition()].map((row) => storage().saveModels({ ...NOTHING, definitions: [row] })),
    );
    assert.deepStrictEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.ok(outcomes.every((outcome) => outcome.status === 'fulfilled' || outcome.reason instanceof ConflictError));
  });

  it('that were deleted are not listed but can be loaded', async () => {
    const row = definition();
    await storage().saveModels({ ...NOTHING, definitions: [row] });
    await storage().saveModels({ ...NOTHING, deleted: [{ id: row.id, deletedAt: 9000 }] });
    assert.deepStrictEqual(await storage().findDefinitions({ tenantId: '' }), { items: [], totalCount: 0 });
    assert.deepStrictEqual(await storage().loadDefinition(row.id), { ...row, deletedAt: 9000 });
    assert.equal((await storage().findDefinitions({ tenantId: '', latest: true })).totalCount, 0);
    assert.equal(await storage().findLatestDefinition('', row.key), undefined);
    const all = { tenantId: '', latest: true, withDeleted: true };
    assert.deepStrictEqual((await storage().findDefinitions(all)).items, [{ ...row, deletedAt: 9000 }]);
  });
}

function definitionFilterCases({ it, storage }: SuiteContext): void {
  it('are listed by key and version', async () => {
    const rows = [
      definition({ key: 'b', version: 10 }),
      definition({ key: 'b', version: 9, deploymentId: 'd-9', versionTag: 'stable' }),
      definition({ key: 'a', version: 1, deploymentId: 'd-9' }),
      definition({ key: 'a', version: 1, tenantId: 't1' }),
    ];
    const [b10, b9, a1] = rows.map(({ id }) => id);
    await storage().saveModels({ ...NOTHING, definitions: rows });
    const find = (filter: object, page?: object): Promise<string[]> =>
      idsOf(storage().findDefinitions({ tenantId: '', ...filter }, page));
    assert.deepStrictEqual(await find({}), [a1, b9, b10]);
    assert.deepStrictEqual(await find({ latest: true }), [a1, b10]);
    assert.deepStrictEqual(await find({ key: 'b' }), [b9, b10]);
    assert.deepStrictEqual(await find({ key: 'b', latest: true }), [b10]);
    assert.deepStrictEqual(await find({ key: 'b', version: 9 }), [b9]);
    assert.deepStrictEqual(await find({ deploymentId: 'd-9' }), [a1, b9]);
    assert.deepStrictEqual(await find({ versionTag: 'stable' }), [b9]);
    assert.deepStrictEqual(await find({}, { offset: 1, limit: 1 }), [b9]);
    assert.equal((await storage().findDefinitions({ tenantId: '' }, { limit: 1 })).totalCount, 3);
    assert.equal((await storage().findDefinitions({ tenantId: '', latest: true }, { limit: 1 })).totalCount, 2);
  });

  it('fall back to the version before when the newest is deleted', async () => {
    const [first, second] = [definition({ version: 1 }), definition({ version: 2 })];
    await storage().saveModels({ ...NOTHING, definitions: [first, second] });
    await storage().saveModels({ ...NOTHING, deleted: [{ id: second.id, deletedAt: 1 }] });
    assert.deepStrictEqual((await storage().findDefinitions({ tenantId: '', latest: true })).items, [first]);
  });
}
