/** W1: start, ten service tasks with a handler that does nothing, end; in memory, history on. */
import { service } from '../packages/core/dist/index.js';
import { defineBench } from './lib/bench.mjs';
import { measure } from './lib/measure.mjs';
import { serviceTasks, straightModel } from './lib/models.mjs';
import { runToTheEnd, startEngine } from './lib/our-engine.mjs';
import { compileForPeer, runPeer } from './lib/peer.mjs';

const MODEL = straightModel('services', serviceTasks(10));

async function ours(noop) {
  const engine = await startEngine(MODEL, { services: { noop } });
  const figures = await measure(() => runToTheEnd(engine, 'services'), { warmUp: 5_000, count: 10_000 });
  await engine.stop();
  return figures;
}

async function peer() {
  const sourceContext = await compileForPeer(MODEL);
  return measure(() => runPeer(sourceContext), { warmUp: 30, count: 100 });
}

/** What no engine can be faster than: ten awaited calls. */
async function raw() {
  const noop = async () => undefined;
  const run = async () => {
    for (let at = 0; at < 10; at += 1) await noop();
  };
  return measure(run, { warmUp: 10_000, count: 100_000 });
}

export default defineBench(import.meta.url, {
  title: 'W1: start, ten service tasks, end; in memory, history on; per instance',
  baseline: 'bpmn-engine',
  columns: ['cpu', 'wall'],
  contestants: {
    'ours, inline handlers': () => ours(service(() => undefined, { inline: true })),
    'ours, asynchronous handlers': () => ours(async () => undefined),
    'bpmn-engine': peer,
    'raw loop': raw,
  },
});
