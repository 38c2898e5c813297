/** Runs everything, one after the other, and says at the end what of the goals is reached. */
import { cpus } from 'node:os';
import { countAll, countsTable } from './counters.mjs';
import { GOALS } from './goals.mjs';
import { installSizes, sizesTable } from './install-size.mjs';
import { reasonWithoutServer } from './lib/postgres.mjs';
import { figuresTable, number, table } from './lib/report.mjs';
import startup from './startup.mjs';
import w1 from './w1-memory.mjs';
import w2 from './w2-gateways.mjs';
import w3 from './w3-sqlite.mjs';
import w3Postgres from './w3-postgres.mjs';
import w4 from './w4-external-tasks.mjs';
import w5 from './w5-waiting.mjs';
import w6 from './w6-large-model.mjs';
import w9 from './w9-conditions.mjs';
import w10 from './w10-scripts.mjs';

const WITH_SERVER = { w3Postgres, w4 };
const without = await reasonWithoutServer();
const BENCHES = { w1, w2, w3, ...(without === undefined ? WITH_SERVER : {}), w5, w6, w9, w10, startup };

console.log(`Node.js ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})\n`);

if (without !== undefined) console.log(`Left out: ${Object.keys(WITH_SERVER).join(', ')}: ${without}\n`);

const results = {};
for (const [name, bench] of Object.entries(BENCHES)) {
  results[name] = await bench.run();
  console.log(figuresTable(bench, results[name]));
}
console.log(countsTable(await countAll()));
console.log(sizesTable(installSizes()));
console.log(goalsTable(results));

function goalsTable(measured) {
  const head = ['', 'measured', 'must', 'goal', 'unit', 'times less than the peer', 'must', 'goal', 'reached'];
  const rows = GOALS.filter(({ needs }) => needs === undefined || needs in measured).map(
    ({ what, unit, ours, peer, must, goal, times }) => {
      const value = ours(measured);
      const ratio = peer === undefined ? undefined : peer(measured) / value;
      const reached =
        ratio === undefined ? level(must / value, goal / value) : level(ratio / times[0], ratio / times[1]);
      const numbers = [value, must, goal].map(number);
      return [what, ...numbers, unit, ...[ratio, times?.[0], times?.[1]].map(number), reached];
    },
  );
  return `Goals\n\n${table([head, ...rows])}\n`;
}

/** @param {number} must at least 1: reached @param {number} goal the same */
function level(must, goal) {
  if (goal >= 1) return 'goal';
  return must >= 1 ? 'must' : 'no';
}
