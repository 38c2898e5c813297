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
  'return [...new Array(4294967295)].length',
  'return "\\u0315\\u0300".repeat(1e6).normalize("NFC").length',
  'return "a".localeCompare("\\u0315\\u0300".repeat(1e6))',
  'return "\\u0315\\u0300".repeat(1e6).localeCompare("a")',
  'return new RegExp("(?:".repeat(20000) + ")".repeat(20000))',
  'return new RegExp("a|".repeat(2e6)).test("b")',
  'return new RegExp("\\\\p{L}".repeat(2000), "iu").test("b")',
  'return RegExp({ [Symbol.match]: 1, source: "a|".repeat(2e6), flags: "" }).test("b")',
  'return "b".match("a|".repeat(2e6))',
  'return "b".search({ toString: () => "a|".repeat(2e6) })',
  'return [..."b".matchAll("a|".repeat(2e6))]',
];

const ENDED = [
  'let a = [1]; for (let i = 0; i < 30; i++) a = [a, a]; return a',
  'let a = [1]; for (let i = 0; i < 30; i++) a = [a, a]; console.log(a)',
  'let a = [1]; for (let i = 0; i < 30; i++) a = [a, a]; return JSON.stringify(a).length',
  'let a = {}; for (let i = 0; i < 30; i++) a = { l: a, r: a }; return JSON.stringify(a, ["l", "r"]).length',
  'return JSON.stringify("\\0".repeat(4e6)).length',
  'return String.raw({ raw: { length: 1e15 } })',
  'const l = [1]; const it = l.values(); l.length = 4294967295; return it.drop(4294967290).toArray().length',
  'const l = [1]; const it = l.values(); l.length = 4294967295; return [...it].length',
  'return [].concat(new Array(4294967295)).length',
  'return [new Array(4294967295)].flat().length',
  'return [1].flatMap(() => new Array(4294967295)).length',
  'const a = []; a.length = 4294967295; return JSON.stringify(a)',
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
