import { expect } from 'chai';
import { byteSize } from '../dist/byte-size.js';
import { TokenBuckets } from '../dist/token-buckets.js';

describe('A token bucket', () => {
  let now = 0;

  it('fills again with time, up to the burst, for each caller alone, and tells how long it takes', () => {
    const buckets = new TokenBuckets({ requestsPerSecond: 2, burst: 3 }, () => now);
    const inARow = (caller: string) => [1, 2, 3, 4].map(() => buckets.take(caller));

    expect(inARow('a')).to.deep.equal([0, 0, 0, 0.5]);
    expect(inARow('b')).to.deep.equal([0, 0, 0, 0.5]);
    now += 0.5;
    expect(inARow('a')).to.deep.equal([0, 0.5, 0.5, 0.5]);
    now += 3600;
    expect(inARow('a')).to.deep.equal([0, 0, 0, 0.5]);
  });

  it('remembers the callers that were heard last', () => {
    const buckets = new TokenBuckets({ requestsPerSecond: 0.001, burst: 1 }, () => now);
    const passes = (caller: string) => buckets.take(caller) === 0;
    expect(passes('first')).to.be.true;
    for (let index = 0; index < 10_000; index += 1) {
      passes(`other ${index}`);
      if (index === 5_000) expect(passes('first')).to.be.false;
    }
    expect(passes('first')).to.be.false;
    expect(passes('other 0')).to.be.true;
  });

  it('needs a rate', () => {
    for (const requestsPerSecond of [0, -1, Number.NaN])
      expect(() => new TokenBuckets({ requestsPerSecond })).to.throw(RangeError);
  });
});

describe('A size', () => {
  it('is a number of bytes or a text with a unit', () => {
    const sizes = [1000, '1000', '1b', '2kb', '1.5 MB', '1gb'].map((size) => byteSize(size, 'size'));

    expect(sizes).to.deep.equal([1000, 1000, 1, 2048, 1_572_864, 1_073_741_824]);
  });

  for (const size of ['', 'mb', '5tb', -1, Number.NaN, Infinity]) {
    it(`is not ${String(size) || 'empty'}`, () => {
      expect(() => byteSize(size, 'limits.body')).to.throw(RangeError, /limits\.body/);
    });
  }
});
