import { expect } from 'chai';
import { expectUnharmed, limitOf, run, valueOf } from './sandbox.js';

const GREEDY = [
  'return "x".repeat(4e7)',
  'let s = "x"; for (;;) s += s',
  'let s = "x"; for (;;) s = `${s}${s}`',
  'const a = []; for (let i = 0; i < 100; i++) a.push("x".repeat(1e6) + i)\nreturn a.map((s) => s + "y").join().length',
  'return new Array(1e6).fill(0).map((_, i) => ({ i, a: [i], b: [i] })).length',
  'const m = new Map(); for (let i = 0; ; i++) m.set("x".repeat(100000) + i, i)',
  'const s = "x".repeat(1e6); return s.replace(/x/g, s).length',
  'return "x".padStart(1e9).length',
  'return new Array(1e6).fill("x".repeat(1000)).join("").length',
  'const f = (s) => f(s + s.padEnd(s.length * 4)); f("x")',
];

describe('A script that takes too much memory', function () {
  this.timeout(20_000);

  for (const source of GREEDY) {
    it(`is ended, and the next is unharmed: ${source.slice(0, 80)}`, async () => {
      expect(await limitOf(source)).to.be.oneOf(['memory', 'work']);
      await expectUnharmed();
    });
  }

  it('may catch the error, and the next is unharmed', async () => {
    for (let count = 0; count < 2; count += 1) {
      await run(
        'const kept = []; try { for (;;) kept.push("x".repeat(1e6) + kept.length) } catch { return kept.length }',
      );
      await expectUnharmed();
    }
  });

  it('does not take it from the next one', async () => {
    const halfOfIt =
      'const a = []; for (let i = 0; i < 14; i++) a.push("x".repeat(1e6) + i); a.push(a); return a.length';

    for (let count = 0; count < 4; count += 1) {
      expect(await valueOf(halfOfIt)).to.equal(15);
    }
  });
});
