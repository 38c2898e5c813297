/** W2: an exclusive decision, a parallel fork and join of three, an inclusive decision of two out of three; in memory. */
import { service } from '../packages/core/dist/index.js';
import { defineBench } from './lib/bench.mjs';
import { measure } from './lib/measure.mjs';
import { gatewayModel } from './lib/models.mjs';
import { runToTheEnd, startEngine } from './lib/our-engine.mjs';
import { compileForPeer, runPeer } from './lib/peer.mjs';

const DATA = { amount: 250, first: true, second: true, third: false };

const OUR_CONDITIONS = {
  big: 'amount > 100',
  small: 'amount <= 100',
  first: 'first',
  second: 'second',
  third: 'third',
};

/** The peer's conditions are scripts that pass their result on. */
function peersCondition(condition) {
  const expression = condition.replace(/\b[a-z]+\b/, (name) => `this.environment.variables.${name}`);
  return `next(null, ${expression})`;
}

const PEERS_CONDITIONS = Object.fromEntries(
  Object.entries(OUR_CONDITIONS).map(([name, condition]) => [name, peersCondition(condition)]),
);

async function ours(noop) {
  const engine = await startEngine(gatewayModel(OUR_CONDITIONS), { services: { noop } });
  const figures = await measure(() => runToTheEnd(engine, 'gateways', DATA), { warmUp: 5_000, count: 10_000 });
  await engine.stop();
  return figures;
}

async function peer() {
  const sourceContext = await compileForPeer(gatewayModel(PEERS_CONDITIONS, 'javascript'));
  return measure(() => runPeer(sourceContext, DATA), { warmUp: 20, count: 60 });
}

export default defineBench(import.meta.url, {
  title: 'W2: gateways with conditions, 14 activities; in memory, history on; per instance',
  baseline: 'bpmn-engine',
  columns: ['cpu', 'wall'],
  contestants: {
    'ours, inline handlers': () => ours(service(() => undefined, { inline: true })),
    'ours, asynchronous handlers': () => ours(async () => undefined),
    'bpmn-engine': peer,
  },
});
