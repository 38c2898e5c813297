import { expect } from 'chai';
import type { Context } from 'koa';
import { byteSize } from '../dist/byte-size.js';
import { limits } from '../dist/middleware/limits.js';

describe('A token bucket', () => {
  let now = 0;
  const passes = (middleware: ReturnType<typeof limits>, ip: string): boolean => {
    try {
      void middleware({ ip } as Context, () => Promise.resolve());
      return true;
    } catch {
      return false;
    }
  };

  it('fills again with time, up to the burst, for each address alone', () => {
    const middleware = limits({ requestsPerSecond: 2, burst: 3 }, () => now);
    const inARow = (ip: string) => [1, 2, 3, 4].map(() => passes(middleware, ip));

    expect(inARow('a')).to.deep.equal([true, true, true, false]);
    expect(inARow('b')).to.deep.equal([true, true, true, false]);
    now += 0.5;
    expect(inARow('a')).to.deep.equal([true, false, false, false]);
    now += 3600;
    expect(inARow('a')).to.deep.equal([true, true, true, false]);
  });

  it('remembers the addresses that were heard last', () => {
    const middleware = limits({ requestsPerSecond: 0.001, burst: 1 }, () => now);
    expect(passes(middleware, 'first')).to.be.true;
    for (let index = 0; index < 10_000; index += 1) {
      passes(middleware, `other ${index}`);
      if (index === 5_000) expect(passes(middleware, 'first')).to.be.false;
    }
    expect(passes(middleware, 'first')).to.be.false;
    expect(passes(middleware, 'other 0')).to.be.true;
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
