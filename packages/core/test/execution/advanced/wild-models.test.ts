import { expect } from 'chai';
import { compileModel, parseModel } from '../../../dist/model/index.js';
import { Prng } from '../../random/prng.js';
import { WildModel } from './wild-model.js';
import { WildRun } from './wild-run.js';

const SEEDS = Number(process.env['RANDOM_SEEDS'] ?? 60);
const FIRST_SEED = Number(process.env['RANDOM_FIRST'] ?? 1);
const MOST_STEPS = 120;

describe('A random model of all elements, driven by random commands, stays consistent and can be replayed:', () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
    it(`seed ${seed}`, async () => {
      const xml = new WildModel(new Prng(seed), 40).build().toXml();
      const { graphs, findings } = compileModel(await parseModel(xml));
      expect(findings.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
      const options = seed % 3 === 0 ? { maxEntries: 1 + (seed % 5), maxRows: 4 + (seed % 6) } : {};
      const run = new WildRun(graphs[0]!, new Prng(seed ^ 0x5eed), {
        ...options,
        ...(seed % 4 === 0 ? { onFailure: 'incident' as const } : {}),
      });
      await run.play(MOST_STEPS);
      expect(run.state).not.to.equal('running');
      run.replay();
    });
  }
});
