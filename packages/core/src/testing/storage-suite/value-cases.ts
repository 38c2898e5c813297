import assert from 'node:assert/strict';

import type { JsonValue } from '@process-engine/contracts';

import { externalTask, flowNodeInstance, message, processInstance, startedInstance, userTask } from './fixtures.js';
import type { SuiteContext } from './suite-context.js';

const VALUES: readonly (readonly [string, JsonValue | undefined])[] = [
  ['an absent value', undefined],
  ['the JSON value null', null],
  ['false', false],
  ['zero', 0],
  ['an empty text', ''],
  ['the text "null"', 'null'],
  ['a number with many digits', 0.1234567890123456],
  ['the largest exact integer', Number.MAX_SAFE_INTEGER],
  ['quotes and backslashes', `it's "quoted" \\ \`so\` -- ; drop table x; $1 ? :a`],
  ['umlauts, emoji and scripts', 'Grüße 👩‍🚀 日本語 \u0001 \u2028'],
  ['a nested object', { list: [1, null, { deep: [[]] }], 'key with "quotes"': {}, undefined: 'undefined' }],
];

export function valueCases({ describe, it, storage }: SuiteContext): void {
  describe('values', () => {
    for (const [title, value] of VALUES) {
      it(`keeps ${title}`, async () => {
        const instance = processInstance({ payload: value });
        const { id } = instance;
        const node = flowNodeInstance(id, { payload: value, result: value });
        const task = externalTask(id, { payload: value });
        const form = userTask(id, { payload: value });
        const published = message({ payload: value });
        await storage().commit({
          processInstances: { insert: [instance] },
          flowNodeInstances: { insert: [node] },
          externalTasks: { insert: [task] },
          userTasks: { insert: [form] },
          messages: { insert: [published] },
        });
        const stored = await storage().loadInstance(id);
        assert.deepStrictEqual(stored?.instance, instance);
        assert.deepStrictEqual(stored.flowNodeInstances, [node]);
        assert.deepStrictEqual(stored.externalTasks, [task]);
        assert.deepStrictEqual(stored.userTasks, [form]);
        assert.deepStrictEqual(await storage().findMessages({ tenantId: '', now: 0 }), [published]);
      });
    }

    it('tells absent from null when a value is updated', async () => {
      const id = await startedInstance(storage());
      const node = flowNodeInstance(id, { payload: 'before', result: 'before' });
      await storage().commit({ flowNodeInstances: { insert: [node] } });
      await storage().commit({
        flowNodeInstances: {
          update: [{ processInstanceId: id, id: node.id, set: { payload: undefined, result: null } }],
        },
      });
      const stored = await storage().loadInstance(id);
      assert.deepStrictEqual(stored?.flowNodeInstances, [{ ...node, payload: undefined, result: null }]);
    });

    it('keeps null, text and lists in variables', async () => {
      const id = await startedInstance(storage());
      const variables = [null, 'text', [1, 'two'], 3.5, true].map((value, at) => ({
        processInstanceId: id,
        scopeId: id,
        name: `v${at}`,
        value,
      }));
      await storage().commit({ variables: { upsert: variables } });
      assert.deepStrictEqual(await storage().findVariables(id), variables);
    });

    it('keeps a value of two megabytes', async () => {
      const payload = { text: 'äöü-0123456789'.repeat(150_000) };
      const id = await startedInstance(storage(), { payload });
      assert.deepStrictEqual((await storage().loadInstance(id))?.instance.payload, payload);
    });

    it('keeps quotes and foreign letters in ids, names and topics', async () => {
      const odd = `Ärger's "Ähre" 👍 %_\\`;
      const id = await startedInstance(storage(), { correlationId: odd, businessKey: odd, ownerId: odd });
      const task = externalTask(id, { topic: odd, flowNodeId: odd });
      await storage().commit({ externalTasks: { insert: [task] } });
      const found = await storage().findProcessInstances({ tenantId: '', correlationId: odd, businessKey: odd });
      assert.equal(found.items[0]?.ownerId, odd);
      assert.deepStrictEqual((await storage().findExternalTasks({ tenantId: '', topic: odd })).items, [task]);
    });

    it('tells names apart that differ only in case, accents or spaces at their end', async () => {
      const id = await startedInstance(storage());
      const tasks = ['mail', 'Mail', 'máil', 'Mail '].map((topic) => externalTask(id, { topic }));
      await storage().commit({ externalTasks: { insert: tasks } });
      assert.deepStrictEqual((await storage().findExternalTasks({ tenantId: '', topic: 'Mail' })).items, [tasks[1]]);
    });
  });
}
