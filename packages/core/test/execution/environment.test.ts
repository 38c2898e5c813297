import { expect } from 'chai';
import { IdSequence, randomFrom } from '../../dist/execution/environment.js';

const SEED = '01900000-0000-7000-8000-00000000abcd';

describe('What a step takes from its seed', () => {
  it('are ids that count up behind the digits of the seed', () => {
    const ids = new IdSequence(SEED);
    const first = Array.from({ length: 17 }, () => ids.next());
    expect([first[0], first[1], first[16]]).to.deep.equal([
      '01900000-0000-7000-8000-000000000001',
      '01900000-0000-7000-8000-000000000002',
      '01900000-0000-7000-8000-000000000011',
    ]);
    expect([...first].sort()).to.deep.equal(first);
  });

  it('are no more ids than its last digits can count', () => {
    const ids = new IdSequence(SEED);
    let last = '';
    for (let count = 0; count < 0xffff; count += 1) last = ids.next();
    expect(last).to.equal('01900000-0000-7000-8000-00000000ffff');
    expect(() => ids.next()).to.throw('more than 65,535 ids');
  });

  /** The numbers of today: a stored sequence of commands replays an instance with any later version. */
  it('are random numbers that stay the same in every version', () => {
    const numbers = (seed: string) => Array.from({ length: 4 }, randomFrom(seed));
    expect(numbers(SEED)).to.deep.equal([
      0.45793677610345185, 0.1980865008663386, 0.8181048261467367, 0.8896890326868743,
    ]);
    expect(numbers('00000001-0000-7000-8000-000000000000')).to.deep.equal([
      0.41214405559003353, 0.7955599371343851, 0.39940165053121746, 0.8470790502615273,
    ]);
  });

  it('are random numbers that fill the space between 0 and 1 evenly', () => {
    const random = randomFrom(SEED);
    const buckets = Array<number>(10).fill(0);
    for (let count = 0; count < 10_000; count += 1) buckets[Math.floor(random() * 10)]! += 1;
    for (const bucket of buckets) expect(bucket).to.be.within(900, 1_100);
  });
});
