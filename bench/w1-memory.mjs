/** W1: start, ten service tasks with a handler that does nothing, end; in memory, history on. */
import { Engine } from 'bpmn-engine';
import { service } from '../packages/core/dist/index.js';
import { defineBench } from './lib/bench.mjs';
import { measure } from './lib/measure.mjs';
import { serviceTasks, straightModel } from './lib/models.mjs';
import { identity, startEngine } from './lib/our-engine.mjs';
import { compileForPeer } from './lib/peer.mjs';

const MODEL = straightModel('services', serviceTasks(10));
const AT_THE_END = 2;

async function ours(noop) {
  const engine = await startEngine(MODEL, { services: { noop } });
  const figures = await measure(() => engine.consumerApi.startProcessInstance(identity, 'services', {}, AT_THE_END), {
    warmUp: 5_000,
    count: 10_000,
  });
  await engine.stop();
  return figures;
}

async function peer() {
  const sourceContext = await compileForPeer(MODEL);
  const run = () =>
    new Promise((resolve, reject) => {
      const engine = new Engine({ name: 'services', sourceContext });
      engine.execute({ services: { noop: (_scope, done) => done() } }, (error) => (error ? reject(error) : resolve()));
    });
  return measure(run, { warmUp: 30, count: 100 });
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
