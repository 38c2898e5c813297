/** W9: six conditions on the way, in each expression language, beside the same gateways without conditions. */
import { defineBench } from './lib/bench.mjs';
import { measure } from './lib/measure.mjs';
import { model, node } from './lib/models.mjs';
import { runToTheEnd, startEngine } from './lib/our-engine.mjs';

const DATA = { amount: 250, customer: { name: 'Ada', premium: true } };

/** What is looked for is small, so both are measured in turns, in one process. */
const TURNS = 12;
const INSTANCES_PER_TURN = 2_000;

/** Six gateways in a row, each with a condition that holds. */
function decisions(condition) {
  const nodes = Array.from({ length: 6 }, (_, at) => node('exclusiveGateway', `gateway_${at + 1}`));
  const ids = ['start', ...nodes.map(({ id }) => id), 'end'];
  const flows = ids.slice(1).map((to, at) => ({ from: ids[at], to }));
  for (const flow of flows.slice(1)) if (condition !== undefined) flow.condition = condition;
  return model('decisions', nodes, flows);
}

async function ours(condition) {
  let cpu = 0;
  let plain = 0;
  for (let turn = 0; turn < TURNS; turn += 1) {
    cpu += await oneTurn(decisions(condition));
    plain += await oneTurn(decisions(undefined));
  }
  return { cpu: cpu / TURNS, extra: (cpu - plain) / TURNS };
}

/** A new engine each time: instances of the turns before are gone. */
async function oneTurn(xml) {
  const engine = await startEngine(xml);
  const run = () => runToTheEnd(engine, 'decisions', DATA);
  const { cpu } = await measure(run, { warmUp: 1_000, count: INSTANCES_PER_TURN });
  await engine.stop();
  return cpu;
}

export default defineBench(import.meta.url, {
  title: 'W9: six conditions in memory; per instance, and more than without them',
  columns: ['cpu', 'extra'],
  contestants: {
    JavaScript: () => ours('amount > 100 && customer.premium'),
    '${}': () => ours('${amount gt 100 and customer.premium}'),
    FEEL: () => ours('=amount > 100 and customer.premium'),
  },
});
