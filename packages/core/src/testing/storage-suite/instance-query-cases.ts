import assert from 'node:assert/strict';

import type { ProcessInstanceFilter, ProcessInstanceRecord } from '@process-engine/contracts/storage';

import { finishedFlowNodeInstance, flowNodeInstance, newId, processInstance, startedInstance } from './fixtures.js';
import { idsOf, shuffled, type SuiteContext } from './suite-context.js';

export function instanceQueryCases(context: SuiteContext): void {
  context.describe('finding process instances', () => {
    processInstanceFilterCases(context);
    pagingCases(context);
  });
  context.describe('finding correlations', () => correlationCases(context));
  context.describe('finding flow node instances', () => flowNodeInstanceCases(context));
  context.describe('finding end event results', () => endEventCases(context));
}

function processInstanceFilterCases({ it, storage }: SuiteContext): void {
  const parentInstanceId = newId();
  const id = newId();
  const cases: readonly (readonly [string, Partial<ProcessInstanceRecord>, Omit<ProcessInstanceFilter, 'tenantId'>])[] =
    [
      ['id', { id }, { ids: [id, newId()] }],
      ['state', { state: 'terminated', endedAt: 2000 }, { states: ['terminated', 'error'] }],
      ['running state', {}, { states: ['running'] }],
      ['process model', { processModelId: 'other' }, { processModelId: 'other' }],
      ['definition', { definitionId: 'definition-2' }, { definitionId: 'definition-2' }],
      ['correlation', { correlationId: 'c-2' }, { correlationId: 'c-2' }],
      ['several correlations', { correlationId: 'c-2' }, { correlationIds: ['c-2', 'c-3'] }],
      ['business key', { businessKey: 'b-2' }, { businessKey: 'b-2' }],
      ['owner', { ownerId: 'bob' }, { ownerId: 'bob' }],
      ['parent', { parentInstanceId }, { parentInstanceId }],
      ['start time', { startedAt: 2000 }, { startedAfter: 1999, startedBefore: 2001 }],
      [
        'several fields',
        { businessKey: 'b-3', ownerId: 'bob' },
        { businessKey: 'b-3', ownerId: 'bob', states: ['running'] },
      ],
    ];
  for (const [title, fields, filter] of cases) {
    it(`filters by ${title}`, async () => {
      const wanted = processInstance(fields);
      const others = [
        processInstance({ state: 'finished', endedAt: 5000 }),
        processInstance({ ...wanted, id: newId(), tenantId: 't1' }),
      ];
      await storage().commit({ processInstances: { insert: [...others, wanted] } });
      assert.deepStrictEqual((await storage().findProcessInstances({ tenantId: '', ...filter })).items, [wanted]);
    });
  }

  it('filters by a variable of the root scope', async () => {
    const [first, second, third] = [
      await startedInstance(storage()),
      await startedInstance(storage()),
      await startedInstance(storage()),
    ];
    const variable = { name: 'order', value: { number: 7, lines: ['a'] } };
    await storage().commit({
      variables: {
        upsert: [
          { processInstanceId: first, scopeId: first, ...variable },
          { processInstanceId: second, scopeId: second, ...variable, value: 7 },
          { processInstanceId: third, scopeId: newId(), ...variable },
        ],
      },
    });
    assert.deepStrictEqual(await idsOf(storage().findProcessInstances({ tenantId: '', variable })), [first]);
    const number = { name: 'order', value: 7 };
    assert.deepStrictEqual(await idsOf(storage().findProcessInstances({ tenantId: '', variable: number })), [second]);
  });

  it('finds none for an empty list of ids or states', async () => {
    await startedInstance(storage());
    assert.equal((await storage().findProcessInstances({ tenantId: '', ids: [] })).totalCount, 0);
    assert.equal((await storage().findProcessInstances({ tenantId: '', states: [] })).totalCount, 0);
  });

  it('takes the borders of the start time as outside', async () => {
    await startedInstance(storage(), { startedAt: 2000 });
    assert.equal((await storage().findProcessInstances({ tenantId: '', startedAfter: 2000 })).totalCount, 0);
    assert.equal((await storage().findProcessInstances({ tenantId: '', startedBefore: 2000 })).totalCount, 0);
  });
}

function pagingCases({ it, storage }: SuiteContext): void {
  const cases: readonly (readonly [string, { offset?: number; limit?: number }, readonly number[]])[] = [
    ['everything without a page', {}, [0, 1, 2, 3, 4]],
    ['the first rows', { limit: 2 }, [0, 1]],
    ['rows from the middle', { offset: 1, limit: 2 }, [1, 2]],
    ['what remains after the offset', { offset: 3 }, [3, 4]],
    ['what remains for a limit of 0', { offset: 3, limit: 0 }, [3, 4]],
    ['what remains for a negative limit', { offset: 2, limit: -1 }, [2, 3, 4]],
    ['from the beginning for a negative offset', { offset: -3, limit: 1 }, [0]],
    ['fewer rows than the limit at the end', { offset: 4, limit: 10 }, [4]],
    ['nothing beyond the end', { offset: 5, limit: 2 }, []],
  ];
  for (const [title, page, expected] of cases) {
    it(`oldest first answers ${title}`, async () => {
      const instances = [0, 1, 2, 3, 4].map((startedAt) => processInstance({ startedAt }));
      await storage().commit({ processInstances: { insert: shuffled(instances) } });
      const found = await storage().findProcessInstances({ tenantId: '' }, page);
      assert.deepStrictEqual(
        found.items.map(({ startedAt }) => startedAt),
        expected,
      );
      assert.equal(found.totalCount, 5);
    });
  }

  it('counts the matching rows only', async () => {
    await storage().commit({ processInstances: { insert: [processInstance({ ownerId: 'bob' }), processInstance()] } });
    const found = await storage().findProcessInstances({ tenantId: '', ownerId: 'bob' }, { offset: 1, limit: 1 });
    assert.deepStrictEqual(found, { items: [], totalCount: 1 });
  });
}

function correlationCases({ it, storage }: SuiteContext): void {
  it('lists each once, in the order of its first instance, and pages', async () => {
    const ended = { state: 'finished', endedAt: 5000 } as const;
    const rows = [
      processInstance({ correlationId: 'b', processModelId: 'one' }),
      processInstance({ correlationId: 'a', processModelId: 'one', ...ended }),
      processInstance({ correlationId: 'b', processModelId: 'two', ...ended }),
      processInstance({ correlationId: 'c', processModelId: 'two' }),
    ];
    const foreign = processInstance({ correlationId: 'd', tenantId: 't1' });
    await storage().commit({ processInstances: { insert: shuffled([...rows, foreign]) } });
    const find = (filter: object, page?: object) => storage().findCorrelations({ tenantId: '', ...filter }, page);

    assert.deepStrictEqual(await find({}), { items: ['b', 'a', 'c'], totalCount: 3 });
    assert.deepStrictEqual(await find({}, { offset: 1, limit: 1 }), { items: ['a'], totalCount: 3 });
    assert.deepStrictEqual((await find({ running: true })).items, ['b', 'c']);
    assert.deepStrictEqual((await find({ processModelId: 'two' })).items, ['b', 'c']);
    assert.deepStrictEqual((await find({ processModelId: 'two', running: true })).items, ['c']);
    assert.deepStrictEqual(await find({ processModelId: 'unknown' }), { items: [], totalCount: 0 });
  });
}

function flowNodeInstanceCases({ it, storage }: SuiteContext): void {
  it('answers ended ones by their order of completion, then live ones by id', async () => {
    const id = await startedInstance(storage());
    const [live1, live2] = [flowNodeInstance(id), flowNodeInstance(id)];
    const [second, third, first] = [2, 3, 1].map((seq) => finishedFlowNodeInstance(id, seq));
    await storage().commit({
      flowNodeInstances: { insert: [live2, third, live1, first, second].flatMap((row) => row ?? []) },
    });
    const found = await storage().findFlowNodeInstances({ tenantId: '', processInstanceId: id });
    assert.deepStrictEqual(found.items, [first, second, third, live1, live2]);
    const page = await storage().findFlowNodeInstances(
      { tenantId: '', processInstanceId: id },
      { offset: 2, limit: 2 },
    );
    assert.deepStrictEqual(page, { items: [third, live1], totalCount: 5 });
  });

  it('filters by instance, correlation, process model, flow node, state and tenant', async () => {
    const wanted = processInstance({ correlationId: 'c-2', processModelId: 'wanted' });
    const others = [processInstance({ startedAt: 1 }), processInstance({ ...wanted, id: newId(), tenantId: 't1' })];
    const node = flowNodeInstance(wanted.id, { flowNodeId: 'Node', state: 'active' });
    await storage().commit({
      processInstances: { insert: [wanted, ...others] },
      flowNodeInstances: { insert: [node, ...others.map(({ id }) => flowNodeInstance(id))] },
    });
    const filters = [
      { processInstanceId: wanted.id },
      { correlationId: 'c-2' },
      { processModelId: 'wanted' },
      { flowNodeId: 'Node' },
      { states: ['active', 'joining'] },
      { correlationId: 'c-2', processModelId: 'wanted', flowNodeId: 'Node', states: ['active'] },
    ] as const;
    for (const filter of filters) {
      const found = await storage().findFlowNodeInstances({ tenantId: '', ...filter });
      assert.deepStrictEqual(found, { items: [node], totalCount: 1 });
    }
    assert.equal((await storage().findFlowNodeInstances({ tenantId: '' })).totalCount, 2);
    assert.equal((await storage().findFlowNodeInstances({ tenantId: '', states: [] })).totalCount, 0);
    const foreign = { tenantId: '', processInstanceId: others[1]?.id ?? '' };
    assert.equal((await storage().findFlowNodeInstances(foreign)).totalCount, 0);
  });
}

function endEventCases({ it, storage }: SuiteContext): void {
  it('answers finished end events of the root scope of instances without a parent, in order of completion', async () => {
    const root = processInstance({ correlationId: 'c-1' });
    const later = processInstance({ correlationId: 'c-1', state: 'running' });
    const child = processInstance({ correlationId: 'c-1', parentInstanceId: root.id });
    const end = { flowNodeType: 'bpmn:EndEvent', flowNodeId: 'End' };
    await storage().commit({
      processInstances: { insert: [later, root, child, processInstance({ correlationId: 'c-2' })] },
      flowNodeInstances: {
        insert: [
          finishedFlowNodeInstance(later.id, 1, { ...end, leftAt: 3000, result: null }),
          finishedFlowNodeInstance(root.id, 2, { ...end, leftAt: 2000, result: 'second' }),
          finishedFlowNodeInstance(root.id, 1, { ...end, leftAt: 2000, flowNodeId: 'Other', result: { first: true } }),
          finishedFlowNodeInstance(root.id, 3, { ...end, scopeId: newId() }),
          finishedFlowNodeInstance(root.id, 4, { ...end, state: 'cancelled' }),
          finishedFlowNodeInstance(root.id, 5),
          finishedFlowNodeInstance(child.id, 1, end),
        ],
      },
    });
    const common = { definitionId: 'definition-1', correlationId: 'c-1', processModelId: 'order' };
    const filter = { tenantId: '', correlationId: 'c-1', processModelId: 'order' };
    assert.deepStrictEqual(await storage().findEndEventResults(filter), [
      { processInstanceId: root.id, ...common, endEventId: 'Other', result: { first: true } },
      { processInstanceId: root.id, ...common, endEventId: 'End', result: 'second' },
      { processInstanceId: later.id, ...common, endEventId: 'End', result: null },
    ]);
    assert.deepStrictEqual(await storage().findEndEventResults({ ...filter, tenantId: 't1' }), []);
    assert.deepStrictEqual(await storage().findEndEventResults({ ...filter, processModelId: 'x' }), []);
  });
}
