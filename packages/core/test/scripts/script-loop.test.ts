import { expect } from 'chai';
import { DATA, expectUnharmed, impatientSandbox, limitOf } from './sandbox.js';

/** Work without end, in every way a script can repeat something. */
const ENDLESS = [
  'while (true) {}',
  'for (;;) { try { while (true) {} } catch {} finally { continue } }',
  'try { while (true) {} } catch { return 1 } finally { return 2 }',
  'do {} while (1)',
  'const a = []; for (let i = 0; ; i++) a[i % 10] = { i }',
  'function* g() { for (;;) yield 1 } for (const x of g()) {}',
  'return [...{ *[Symbol.iterator]() { for (;;) {} } }]',
  'new Set({ [Symbol.iterator]() { return this }, next: Object })',
  'const f = (n) => (n === 0 ? 0 : f(n - 1) + f(n - 1)); return f(60)',
  '(function f() { try { f() } catch (e) { f() } })()',
  'function f(n) { if (n) return f(n - 1); for (;;) { try { null.x } catch {} } } f(200)',
  'for (;;) new Promise(() => { throw new Error() })',
  'return (async () => { for (;;) await null })()',
  'const again = () => Promise.resolve().then(again); return again()',
  'Promise.resolve().then(() => { for (;;) {} }); return 1',
  'const a = "x".repeat(4e6), b = "x".repeat(4e6); let n = 0; for (;;) n += a === b',
  'const a = new Array(1e6).fill(1); for (;;) JSON.stringify(a)',
  'const a = "x".repeat(1e7); for (;;) a.indexOf("y")',
  'const o = {}; for (let i = 0; i < 1e5; i++) o["k" + i] = i; for (;;) Object.keys(o)',
  'Array.from({ length: 1e5 }).fill(new Array(1e6).fill(0)).map((x) => JSON.stringify(x))',
  'return [3, 1, 2].sort(() => { for (;;) {} })',
  'return "aaa".replace(/a/g, () => { for (;;) {} })',
];

describe('A script that never ends', function () {
  this.timeout(20_000);

  for (const source of ENDLESS) {
    it(`is ended, and the next is unharmed: ${source.slice(0, 80)}`, async () => {
      const sandbox = await impatientSandbox();

      expect(await limitOf(source, DATA, sandbox)).to.equal('work');
      await expectUnharmed(sandbox);
    });
  }
});
