/** W9: six conditions on the way, in each expression language; the same gateways without conditions are the baseline. */
import { defineBench } from './lib/bench.mjs';
import { measure } from './lib/measure.mjs';
import { model, node } from './lib/models.mjs';
import { runToTheEnd, startEngine } from './lib/our-engine.mjs';

const DATA = { amount: 250, customer: { name: 'Ada', premium: true } };

/** Six gateways in a row, each with a condition that holds. */
function decisions(condition) {
  const nodes = Array.from({ length: 6 }, (_, at) => node('exclusiveGateway', `gateway_${at + 1}`));
  const ids = ['start', ...nodes.map(({ id }) => id), 'end'];
  const flows = ids.slice(1).map((to, at) => ({ from: ids[at], to }));
  for (const flow of flows.slice(1)) if (condition !== undefined) flow.condition = condition;
  return model('decisions', nodes, flows);
}

async function ours(condition) {
  const engine = await startEngine(decisions(condition));
  const figures = await measure(() => runToTheEnd(engine, 'decisions', DATA), { warmUp: 10_000, count: 20_000 });
  await engine.stop();
  return figures;
}

export default defineBench(import.meta.url, {
  title: 'W9: six conditions in memory; per instance',
  columns: ['cpu', 'wall', 'extra'],
  contestants: {
    'no conditions': () => ours(undefined),
    JavaScript: () => ours('amount > 100 && customer.premium'),
    '${}': () => ours('${amount gt 100 and customer.premium}'),
    FEEL: () => ours('=amount > 100 and customer.premium'),
  },
  derive: (medians) =>
    Object.fromEntries(
      Object.entries(medians).map(([name, figures]) => [
        name,
        { ...figures, extra: figures.cpu - medians['no conditions'].cpu },
      ]),
    ),
});
