import { expect } from 'chai';
import { expectUnharmed, limitOf, valueOf } from './sandbox.js';

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) {
    value = level % 2 === 0 ? [value] : { value };
  }
  return value;
}

describe('Deeply nested data', function () {
  this.timeout(20_000);

  it('goes in and out up to 500 levels', async () => {
    expect(await valueOf('return value', { value: nested(400) })).to.deep.equal(nested(400));
    expect(await valueOf('let d = 1; for (let i = 0; i < 400; i++) d = [d]; return d')).to.be.an('array');
  });

  const inward: Readonly<Record<string, number>> = {
    '600 levels': 600,
    '5,000 levels': 5_000,
    '100,000 levels': 100_000,
  };
  for (const [name, levels] of Object.entries(inward)) {
    it(`does not go in with ${name}, and the next script is unharmed`, async () => {
      expect(await limitOf('return value', { value: nested(levels) })).to.equal('depth');
      expect(await valueOf('return value.other', { value: { deep: nested(levels), other: 1 } })).to.equal(1);
      await expectUnharmed();
    });
  }

  const outward = [
    'let d = 1; for (let i = 0; i < 600; i++) d = [d]; return d',
    'let d = 1; for (let i = 0; i < 600; i++) d = { d }; return d',
    'let d = 1; for (let i = 0; i < 100000; i++) d = [d]; return d',
    'return JSON.parse("[".repeat(700) + "]".repeat(700))',
    'return JSON.parse("[".repeat(300000))',
    'return JSON.parse(\'{"a":\'.repeat(5000) + "1" + "}".repeat(5000))',
    'let d = 1; for (let i = 0; i < 50000; i++) d = [d]; return JSON.stringify(d).length',
    'const o = { toJSON() { return [o] } }; return o',
    'const o = {}; o.toJSON = () => ({ o: { ...o } }); return o',
  ];
  for (const source of outward) {
    it(`does not come out, and the next script is unharmed: ${source.slice(0, 80)}`, async () => {
      expect(await limitOf(source)).to.be.oneOf(['depth', 'stack']);
      await expectUnharmed();
    });
  }

  it('with brackets inside of texts is not deep', async () => {
    const value = { text: '['.repeat(5_000), other: '"{\\"'.repeat(2_000) };

    expect(await valueOf('return value', { value })).to.deep.equal(value);
  });
});
