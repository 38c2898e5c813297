import { expect } from 'chai';
import { errorOf, expectUnharmed, run, valueOf } from './sandbox.js';

/** Attempts to make code from a text; where that works, to reach the host with it. */
const CODE = [
  'return eval("1")',
  'return (0, eval)("1")',
  'return new Function("return 1")()',
  'return Function("return process")()',
  'return this.constructor.constructor("return process")()',
  'return [].constructor.constructor("return this")()',
  'return (() => 1).constructor("return 1")()',
  'return (async () => 1).constructor("return 1")()',
  'return (function* () {}).constructor("yield 1")()',
  'return (async function* () {}).constructor("yield 1")()',
  'return Object.getPrototypeOf(async () => {}).constructor("return 1")()',
  'return Reflect.construct(Function, ["return 1"])()',
  'class F extends Function {} return new F("return 1")()',
  'return console.log.constructor("return 1")()',
  'return Date.constructor("return 1")()',
  'return [].map.constructor("return 1")()',
  'return Object.getOwnPropertyDescriptor(Object.prototype, "toString").get.constructor("return 1")()',
];

const ABSENT =
  'process require module exports global window self Buffer setTimeout setInterval setImmediate queueMicrotask fetch ' +
  'XMLHttpRequest WebAssembly Proxy WeakRef FinalizationRegistry SharedArrayBuffer ArrayBuffer Uint8Array DataView Atomics ' +
  'BigInt performance navigator std os print scriptArgs bjson load Worker structuredClone hostNow hostCharge settled';

describe('A script that wants out', () => {
  for (const source of CODE) {
    it(`cannot make code from a text: ${source}`, async () => {
      expect(await errorOf(source)).to.match(/^(EvalError|TypeError): /);
      await expectUnharmed();
    });
  }

  it('finds nothing of the host', async () => {
    for (const name of ABSENT.split(' ')) {
      expect(await valueOf(`return [typeof ${name}, typeof globalThis.${name}]`), name).to.deep.equal([
        'undefined',
        'undefined',
      ]);
    }
    await expectUnharmed();
  });

  it('reaches nothing outside by any chain of properties', async () => {
    const source = `
      const seen = new Set(), found = [];
      const open = [[globalThis, 'globalThis'], [token, 'token'], [(() => { try { null.x } catch (e) { return e } })(), 'error']];
      while (open.length > 0) {
        const [value, path] = open.pop();
        if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
        seen.add(value);
        for (const key of Reflect.ownKeys(value)) {
          const { get, set, value: own } = Reflect.getOwnPropertyDescriptor(value, key);
          if (/^(process|require|host.*|module|fs)$/i.test(String(key))) found.push(path + '.' + String(key));
          open.push([get, path + '<' + String(key)], [set, path + '>' + String(key)], [own, path + '.' + String(key)]);
        }
        open.push([Object.getPrototypeOf(value), path + '^']);
      }
      return { count: seen.size > 200, found };`;

    expect(await valueOf(source)).to.deep.equal({ count: true, found: [] });
  });

  it('cannot break out of the function it is put into', async () => {
    for (const source of [
      '}}).script; ({script() {',
      '} , evil() { return 1',
      '*/ } /*',
      '<!-- comment\nreturn 1',
      'return 1 //',
      'return 1 /*',
      '`${',
    ]) {
      const outcome = await run(source).catch((error: unknown) => error);
      const isRefused = outcome instanceof Error && outcome.name === 'ExpressionSyntaxError';
      expect(isRefused || (outcome as { value?: unknown }).value === 1, source).to.equal(true);
    }
    await expectUnharmed();
  });

  it('learns nothing from errors of the host', async () => {
    const outcome = await run('try { hostLog() } catch (e) { return e.stack } ');

    expect(JSON.stringify(outcome)).not.to.match(/node:|file:|packages|dist/);
    expect(await errorOf('throw new Error(console.log.toString() + Date.toString())')).not.to.match(/file:/);
  });

  it('sees no caller', async () => {
    expect(await valueOf('return typeof arguments.callee.caller')).to.equal('undefined');
    expect(await valueOf('return (function f() { return [typeof f.caller, typeof f.arguments] })()')).to.deep.equal([
      'undefined',
      'undefined',
    ]);
  });
});
