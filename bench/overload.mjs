/**
 * Overload on SQLite, in process: small starts beside starts of a megabyte, and memory when ten times as many starts
 * come as can be served. Prints one line for each. `node bench/overload.mjs [seconds]`, default 10.
 */
import { createStorage } from '../packages/repository/dist/index.js';
import { straightModel, node } from './lib/models.mjs';
import { identity, startEngine } from './lib/our-engine.mjs';
import { withDatabaseFile } from './lib/sqlite.mjs';

const seconds = Number(process.argv[2] ?? 10);
const CLIENTS = 32;
const BIG = { text: 'x'.repeat(1_000_000) };

const start = (engine, inputValues = {}) =>
  engine.consumerApi.startProcessInstance(identity, 'approval', { inputValues });
const until = (end) => performance.now() < end;
const half = (times) => times.sort((left, right) => left - right)[Math.floor(times.length / 2)];
const megabytes = () => process.memoryUsage.rss() / 1e6;

async function small(engine, count) {
  const times = [];
  for (let done = 0; done < count; done += 1) {
    const before = performance.now();
    await start(engine);
    times.push(performance.now() - before);
  }
  return half(times);
}

async function besideBig(engine) {
  const alone = await small(engine, 200);
  let going = true;
  const big = (async () => {
    while (going) await start(engine, BIG);
  })();
  const beside = await small(engine, 100);
  going = false;
  await big;
  console.log(
    `overload: a small start takes ${alone.toFixed(1)} ms alone, ${beside.toFixed(1)} ms beside starts of 1 MB: ${(beside / alone).toFixed(1)} times`,
  );
}

async function sustained(engine) {
  let [served, highest] = [0, 0];
  const end = performance.now() + seconds * 1_000;
  const client = async () => {
    while (until(end)) {
      await start(engine);
      served += 1;
      highest = Math.max(highest, megabytes());
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { rate: served / seconds, highest };
}

/** Ten times as many, whether they are served or not: in portions, every 10 ms. */
async function overloaded(engine, rate) {
  let [served, refused, highest] = [0, 0, 0];
  const end = performance.now() + seconds * 1_000;
  const portion = Math.ceil((rate * 10) / 100);
  const under = new Set();
  while (until(end)) {
    for (let sent = 0; sent < portion; sent += 1) {
      const answer = start(engine).then(
        () => (served += 1),
        () => (refused += 1),
      );
      under.add(answer);
      answer.finally(() => under.delete(answer));
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
    highest = Math.max(highest, megabytes());
  }
  await Promise.all(under);
  return { served, refused, highest };
}

await withDatabaseFile(async (file) => {
  const engine = await startEngine(straightModel('approval', [node('userTask', 'approve')]), {
    storage: createStorage({ dialect: 'sqlite', storage: file }),
  });
  await besideBig(engine);
  const normal = await sustained(engine);
  const much = await overloaded(engine, normal.rate);
  console.log(
    `overload: ${normal.rate.toFixed(0)} starts/s at ${normal.highest.toFixed(0)} MB; ten times as many: ${much.served} served, ` +
      `${much.refused} refused, ${much.highest.toFixed(0)} MB: ${(much.highest / normal.highest).toFixed(2)} times`,
  );
  await engine.stop();
});
