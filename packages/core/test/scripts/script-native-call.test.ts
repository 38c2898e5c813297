import { expect } from 'chai';
import { errorOf, expectUnharmed, limitOf, valueOf } from './sandbox.js';

/** One call into the interpreter's own code, which is not interrupted, with work for hours or years. */
const REFUSED = [
  'return new Array(4294967295).indexOf(1)',
  'const a = []; a.length = 4294967295; return a.includes(1)',
  'return Array.prototype.indexOf.call({ length: 1e15 }, 1)',
  'let n = 0; return Array.prototype.includes.call({ get length() { return n++ ? 1e15 : 1 } }, 1)',
  'return Array.prototype.join.call(Object.create({ length: 1e15 }))',
  'return "x".repeat(1e7).indexOf("x".repeat(5e6) + "y")',
  'return "x".repeat(1e7).split("x".repeat(5e6) + "y")',
  'return "x".repeat(1e7).replaceAll("x".repeat(5e6) + "y", "")',
  'return "x".repeat(1e7).lastIndexOf("y" + "x".repeat(5e6))',
  'return String.prototype.indexOf.call({ toString: () => "x".repeat(1e7) }, "x".repeat(5e6) + "y")',
  'return "x".repeat(1e7).includes({ toString: () => "x".repeat(5e6) + "y" })',
  'new Array(4294967295).forEach(() => 1)',
  'new Array(4294967295).reverse()',
  'new Array(4294967295).sort()',
  'return new Array(4294967295).join("")',
  'return Array.from({ length: 1e15 }).length',
];

const ENDED = [
  'return [].concat(new Array(4294967295)).length',
  'return [new Array(4294967295)].flat().length',
  'return [1].flatMap(() => new Array(4294967295)).length',
  'const a = []; a.length = 4294967295; return JSON.stringify(a)',
  'return [...new Array(4294967295)].length',
];

describe('A single call with work for ages', function () {
  this.timeout(20_000);

  for (const source of REFUSED) {
    it(`is refused, and the next script is unharmed: ${source.slice(0, 80)}`, async () => {
      expect(await errorOf(source)).to.match(/^(RangeError|TypeError): /);
      await expectUnharmed();
    });
  }

  for (const source of ENDED) {
    it(`is ended, and the next script is unharmed: ${source.slice(0, 80)}`, async () => {
      expect(await limitOf(source)).to.be.oneOf(['work', 'memory']);
      await expectUnharmed();
    });
  }

  it('cannot be had by changing a length behind the check', async () => {
    const source = `
      const list = [];
      const evil = { get [Symbol.isConcatSpreadable]() { list.length = 4294967295; return true } };
      const index = { valueOf() { list.length = 4294967295; return 0 } };
      return [[].concat(evil, list).length, list.slice(0, 0).length, list.indexOf(1, index)];`;

    expect(await errorOf(source)).not.to.match(/InternalError/);
    await expectUnharmed();
  });

  it('is not mistaken for one that is merely large', async () => {
    expect(await valueOf('return new Array(100000).fill(1).map((x, i) => x + i).indexOf(99999)')).to.equal(99_998);
    expect(await valueOf('return "x".repeat(1e6).indexOf("y") + "x,".repeat(10000).split(",").length')).to.equal(
      10_000,
    );
    expect(await valueOf('return Array.prototype.map.call("abc", (x) => x + x)')).to.deep.equal(['aa', 'bb', 'cc']);
    expect(
      await valueOf('return (function () { return Array.prototype.slice.call(arguments, 1) })(1, 2)'),
    ).to.deep.equal([2]);
  });
});
