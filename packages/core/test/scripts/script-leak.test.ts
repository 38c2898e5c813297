import { expect } from 'chai';
import { compileScript } from '../../dist/model/scripts/compile-script.js';
import { loadQuickJsSandbox } from '../../dist/runtime/sandbox-loader.js';
import {
  DATA,
  errorOf,
  expectUnharmed,
  inputsOf,
  PATIENCE,
  run,
  sharedSandbox,
  valueOf,
  withoutWork,
} from './sandbox.js';

/** Each leaves something where a later script could find it, or changes what a later script uses. */
const LEAVING = [
  'globalThis.leaked = 1',
  'leaked = 1',
  'var leaked = 1; function leaked2() {}',
  'this.leaked = 1; (function () { this.leaked = 1 })()',
  'Object.prototype.leaked = 1; Array.prototype.leaked = 1; Function.prototype.leaked = 1',
  'Object.defineProperty(Object.prototype, "leaked", { value: 1, enumerable: true })',
  '({}).__proto__.leaked = 1; [].__proto__.leaked = 1; "".__proto__.leaked = 1; (5).__proto__.leaked = 1',
  'Object.setPrototypeOf(Object.prototype, { leaked: 1 })',
  'Object.setPrototypeOf(Array.prototype, { leaked: 1 })',
  'JSON.parse = () => 1; JSON.stringify = () => "1"',
  'Object.assign(JSON, { parse: 1 }); Object.assign(Math, { random: () => 7, max: 1 })',
  'Array.prototype.map = () => 1; Array.prototype[Symbol.iterator] = () => 1',
  'delete Array.prototype.map; delete globalThis.JSON; delete Math.max',
  'Array.prototype.push = function () { leaked = this }; String.prototype.replace = () => "x"',
  'Promise.prototype.then = () => 1; Promise.resolve = () => 1; globalThis.Promise = 1',
  'Object.getPrototypeOf(function* () {}).leaked = 1; Object.getPrototypeOf([].values()).next = () => 1',
  'Object.getPrototypeOf(async () => {}).leaked = 1; Object.getPrototypeOf(Object.getPrototypeOf([].values())).map = 1',
  'Date.now = () => 0; Date.prototype.toISOString = () => "x"; globalThis.Date = 1',
  'Error.prototype.name = "x"; Error.prototype.toString = () => "x"; TypeError.prototype.message = "x"',
  'Error.prepareStackTrace = () => { throw 1 }; Error.stackTraceLimit = 0; Error.captureStackTrace = 1',
  'console.log = 1; console.leaked = 1',
  'arguments.callee.leaked = 1; arguments.callee.prototype = { leaked: 1 }',
  'RegExp.prototype.exec = () => null; RegExp.prototype.leaked = 1; RegExp.leaked = 1',
  'Symbol.iterator.leaked = 1; Symbol.prototype.leaked = 1; Symbol.leaked = 1',
  'const s = new Set([1]); Set.prototype.has = () => true; Map.prototype.get = () => 1',
  'Object.getOwnPropertyDescriptor(Object.prototype, "toString").get.leaked = 1',
  'Object.getOwnPropertyDescriptor(Object.prototype, "__proto__").set.call(Object.prototype, { leaked: 1 })',
  'Object.freeze = 1; Reflect.apply = 1; Function.prototype.call = 1; Function.prototype.bind = 1',
  '[].map.leaked = 1; [].map.call = 1; eval.leaked = 1; Function.prototype.constructor.leaked = 1',
  'undefined = 1; NaN = 1; Infinity = 1; globalThis.undefined = 1',
  'Promise.resolve().then(() => { globalThis.leaked = 1 }); new Promise(() => {}).then(() => { leaked = 1 })',
  '({ set a(v) { Object.prototype.leaked = v } }).a = 1',
];

describe('What a script leaves behind', () => {
  for (const source of LEAVING) {
    it(`is nothing: ${source.slice(0, 90)}`, async () => {
      await run(source);
      await run(`'use strict'; ${source}`).catch(() => undefined);

      await expectUnharmed();
    });
  }

  it('is nothing, though the objects of a script can be changed as ever', async () => {
    expect(await valueOf('const o = {}; o.toString = () => "mine"; return String(o)')).to.equal('mine');
    expect(
      await valueOf('"use strict"; const o = {}; o.constructor = 1; o.valueOf = 2; return Object.keys(o)'),
    ).to.deep.equal(['constructor', 'valueOf']);
    expect(await valueOf('const a = [1]; a.map = 5; a.leaked = 6; return [a.map, a.leaked, a.length]')).to.deep.equal([
      5, 6, 1,
    ]);
    expect(await valueOf('const e = new Error("x"); e.name = "Mine"; e.message = "y"; return String(e)')).to.equal(
      'Mine: y',
    );
    expect(await valueOf('function F() {} F.prototype.toString = () => "F"; return "" + new F()')).to.equal('F');
    expect(
      await valueOf(
        'function E() {} E.prototype = Object.create(Error.prototype); E.prototype.constructor = E; E.prototype.name = "E"; return "" + new E()',
      ),
    ).to.equal('E');
    expect(await valueOf('class A extends Array { map() { return 7 } } return A.from([1]).map()')).to.equal(7);
    expect(await valueOf('const f = () => 1; f.call = 5; f.extra = 6; return [f.call, f.extra]')).to.deep.equal([5, 6]);
    expect(await valueOf('const d = new Date(0); d.getTime = () => 5; return d.getTime()')).to.equal(5);
    expect(await valueOf('const m = new Map(); m.get = () => 5; return m.get()')).to.equal(5);
    expect(await errorOf('const o = Object.freeze({}); o.toString = 1')).to.match(/^TypeError: /);
  });

  it('is nothing in the compiled script itself', async () => {
    const sandbox = await sharedSandbox();
    const counting = compileScript('const f = arguments.callee; f.n = (f.n || 0) + 1; return f.n ?? "none"');
    const outcome = (script: typeof counting) => withoutWork(sandbox.run(script, inputsOf(DATA)));
    const first = outcome(counting);

    expect(outcome(counting)).to.deep.equal(first);
    const tagged = compileScript('const t = (s) => s; const a = t`x`; a.n = (a.n || 0) + 1; return a.n ?? "none"');
    const before = outcome(tagged);
    expect(outcome(tagged)).to.deep.equal(before);
    const sticky = compileScript('const r = /a/g; r.test("aa"); return r.lastIndex');
    expect(sandbox.run(sticky, inputsOf(DATA))).to.have.property('value', 1);
    expect(sandbox.run(sticky, inputsOf(DATA))).to.have.property('value', 1);
  });

  it('is no influence on how a later script ends', async () => {
    const sources = [
      'let n = 0; for (let i = 0; i < 900000; i++) n += i; return n',
      'let n = 0; for (let i = 0; i < 1000000; i++) n += i; return n',
      'let n = 0; for (let i = 0; i < 1100000; i++) n += i; return n',
      'return [Math.random(), Math.random()]',
      'const a = []; for (let i = 0; i < 25; i++) a.push("x".repeat(1e6) + i); return a.length',
    ];
    const used = await sharedSandbox();
    const draws = () => {
      let next = 0;
      return inputsOf(DATA, { random: () => (next += 0.1) });
    };

    for (const source of sources) {
      const fresh = await loadQuickJsSandbox({ overdueMs: PATIENCE });
      const expected = withoutWork(fresh.run(compileScript(source), draws()));
      fresh.dispose();
      for (const before of [
        'return 1',
        'for (let i = 0; i < 7777; i++);',
        'const a = []; a.push(a, "x".repeat(9e6)); return 1',
      ]) {
        await run(before);
        const outcome = withoutWork(used.run(compileScript(source), draws()));
        expect(outcome, `${source} after ${before}`).to.deep.equal(expected);
      }
    }
  }).timeout(30_000);
});
