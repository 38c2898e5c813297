/** W10: a script task that reads one field of a token of 1 kB, 100 kB and 1 MB; in memory. */
import { defineBench } from './lib/bench.mjs';
import { measure } from './lib/measure.mjs';
import { scriptTask, straightModel } from './lib/models.mjs';
import { runToTheEnd, startEngine } from './lib/our-engine.mjs';

const MODEL = straightModel('scripts', [scriptTask('read', 'return { doubled: token.current.amount * 2 };')]);

async function ours(kilobytes) {
  const rows = Array.from({ length: kilobytes * 10 }, (_, at) => ({ id: at, text: 'x'.repeat(80) }));
  const engine = await startEngine(MODEL);
  const figures = await measure(() => runToTheEnd(engine, 'scripts', { amount: 21, rows }), {
    warmUp: 3_000,
    count: 5_000,
  });
  await engine.stop();
  return figures;
}

export default defineBench(import.meta.url, {
  title: 'W10: a script that reads one field of the token, in memory; per instance',
  columns: ['cpu', 'wall'],
  contestants: { '1 kB': () => ours(1), '100 kB': () => ours(100), '1 MB': () => ours(1_000) },
});
