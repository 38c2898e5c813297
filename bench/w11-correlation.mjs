/**
 * W11: one subscription found by its name and keys beside many others of the same name, on SQLite. Prints one line for
 * each number of subscriptions. `node bench/w11-correlation.mjs [most]`, default 100,000.
 */
import { createStorage } from '../packages/repository/dist/index.js';
import { withDatabaseFile } from './lib/sqlite.mjs';

const most = Number(process.argv[2] ?? 100_000);
const CHUNK = 1_000;
const LOOKUPS = 2_000;

const subscription = (number) => ({
  id: `s-${number}`,
  tenantId: '',
  kind: 'message',
  name: 'paid',
  keyHash: `hash-${number}`,
  processInstanceId: `p-${number}`,
  flowNodeInstanceId: `f-${number}`,
  flowNodeId: 'Catch',
  flowNodeType: 'bpmn:IntermediateCatchEvent',
  definitionId: 'd',
  processModelId: 'order',
  correlationId: `c-${number}`,
  businessKey: null,
  lanes: '[]',
  createdAt: 0,
});

async function lookUp(storage, count) {
  const before = performance.now();
  for (let done = 0; done < LOOKUPS; done += 1) {
    const keyHash = `hash-${Math.floor(Math.random() * count)}`;
    const filter = { tenantId: '', kinds: ['message'], name: 'paid', keyHashes: [keyHash], start: false };
    const { items } = await storage.findSubscriptions(filter, { limit: 20, uncounted: true });
    if (items.length !== 1) throw new Error(`${items.length} subscriptions of ${keyHash}`);
  }
  return ((performance.now() - before) * 1_000) / LOOKUPS;
}

await withDatabaseFile(async (file) => {
  const storage = createStorage({ dialect: 'sqlite', storage: file });
  await storage.open();
  let stored = 0;
  for (const count of [Math.min(1_000, most), most]) {
    for (; stored < count; stored += CHUNK) {
      const insert = Array.from({ length: CHUNK }, (_, at) => subscription(stored + at));
      await storage.commit({ subscriptions: { insert } });
    }
    console.log(`W11: one of ${count} subscriptions found in ${(await lookUp(storage, count)).toFixed(1)} µs`);
  }
  await storage.close();
});
