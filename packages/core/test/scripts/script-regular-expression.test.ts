import { expect } from 'chai';
import { DATA, expectUnharmed, impatientSandbox, limitOf, valueOf } from './sandbox.js';

const CATASTROPHIC = [
  'return /^(a+)+$/.test("a".repeat(40) + "b")',
  'return /^(a|a)*$/.test("a".repeat(40) + "b")',
  'return /(x+x+)+y/.test("x".repeat(40))',
  'return /^(([a-z])+.)+[A-Z]([a-z])+$/.test("a".repeat(60))',
  'return "a".repeat(40).match(/(.*a){20}b/)',
  'return "a".repeat(40).replace(/(a*)*b/, "")',
  'return "a".repeat(40).split(/(a*)*b/)',
  'return new RegExp("(a*)*".repeat(5) + "b").test("a".repeat(100))',
  'return /(?=(a+)+b)/.test("a".repeat(50))',
  'return /(a+)+\\1b/.test("a".repeat(50))',
  'return "x".repeat(1e5).search(/x*x*x*y/)',
  'for (;;) /a*b/.test("a".repeat(3000))',
  'try { /^(a+)+$/.test("a".repeat(40) + "b") } catch { return "caught" }',
];

describe('A regular expression that takes for ever in a script', function () {
  this.timeout(20_000);

  for (const source of CATASTROPHIC) {
    it(`is ended, and the next script is unharmed: ${source.slice(0, 80)}`, async () => {
      const sandbox = await impatientSandbox();

      expect(await limitOf(source, DATA, sandbox)).to.equal('work');
      await expectUnharmed(sandbox);
    });
  }

  it('works as long as it is a tame one', async () => {
    expect(await valueOf('return "2020-11-20".match(/(?<year>\\d+)-/).groups.year')).to.equal('2020');
    expect(await valueOf('return [..."a1b2".matchAll(/[a-z]\\d/g)].map(([m]) => m)')).to.deep.equal(['a1', 'b2']);
    expect(await valueOf('return "a-b".replace(/-(.)/g, (_, x) => x.toUpperCase())')).to.equal('aB');
    expect(await valueOf('return "x,y; z".split(/[,;]\\s*/)')).to.deep.equal(['x', 'y', 'z']);
  });
});
