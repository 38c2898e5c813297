/** 50,000 hostile requests with a seed of their own each night (`FUZZ_SEED` repeats one); memory must not grow with them. */
import { runFuzz } from '../../packages/server/dist-test/fuzz/run-fuzz.js';

const MOST_GROWTH = 1.2;
const requests = Number(process.env.FUZZ_REQUESTS ?? 50_000);
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 32);

console.log(`fuzz: ${requests} requests, seed ${seed}`);
const { findings, statuses, memory, growth } = await runFuzz(seed, requests);
console.log('answers by status:', JSON.stringify(statuses));
console.log("the server's memory after each tenth, garbage collected (MB):");
console.table(memory.map(megabytes));
console.log(
  `resident memory at the end: ${growth.toFixed(2)} times that after the first tenth (at most ${MOST_GROWTH})`,
);
for (const finding of findings.slice(0, 20)) console.error(finding);
if (findings.length > 0 || growth > MOST_GROWTH) process.exitCode = 1;

function megabytes(bytes) {
  return Object.fromEntries(Object.entries(bytes).map(([name, value]) => [name, Number((value / 1e6).toFixed(1))]));
}
