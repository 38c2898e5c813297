import { expect } from 'chai';
import { compileScript } from '../../dist/model/scripts/compile-script.js';
import { QuickJsSandbox } from '../../dist/model/scripts/quickjs-sandbox.js';
import { loadQuickJsSandbox } from '../../dist/runtime/sandbox-loader.js';
import { expectUnharmed, inputsOf, limitOf, PATIENCE, valueOf } from './sandbox.js';

const DEEP = [
  '(function f() { f() })()',
  'const f = () => f() + 1; f()',
  'const o = { get x() { return o.x } }; return o.x',
  'const o = { toString() { return "" + o } }; return "" + o',
  'const o = { toJSON() { return JSON.stringify(o) } }; return o',
  'const f = () => [1].map(f); f()',
  'const f = () => [1, 2].sort(f); f()',
  'const f = () => Reflect.apply(f, null, []); f()',
  'const f = () => `${f()}`; f()',
  'const f = (...a) => f(...a, 1); f()',
  'const f = () => "a".replace(/a/, f); f()',
  'class A { constructor() { new A() } } new A()',
  'function* g() { yield* g() } g().next()',
  'const o = { [Symbol.iterator]() { return [...o] } }; [...o]',
  'let f = () => 1; for (let i = 0; i < 5000; i++) f = f.bind(null); return f()',
  'return new RegExp("(?:".repeat(1200) + ")".repeat(1200))',
  'let d = []; for (let i = 0; i < 50000; i++) d = [d]; return d.flat(Infinity)',
  'let d = []; for (let i = 0; i < 50000; i++) d = [d]; return "" + d',
];

describe('A script that recurses too deeply', function () {
  this.timeout(20_000);

  for (const source of DEEP) {
    it(`is ended, and the next is unharmed: ${source.slice(0, 80)}`, async () => {
      expect(await limitOf(source)).to.equal('stack');
      await expectUnharmed();
    });
  }

  it('may catch the error, and the next is unharmed', async () => {
    expect(await valueOf('let n = 0; const f = () => { n++; f() }; try { f() } catch { return n > 100 }')).to.equal(
      true,
    );
    await expectUnharmed();
  });

  it('is ended inside, where the stack of the host is half used already', async () => {
    const sandbox = await loadQuickJsSandbox({ overdueMs: PATIENCE });
    const deep = (level: number): unknown =>
      level === 0 ? DEEP.map((source) => sandbox.run(compileScript(source), inputsOf({}))) : [deep(level - 1)];
    let outcomes = deep(1_000);
    while (Array.isArray(outcomes) && outcomes.length === 1) {
      [outcomes] = outcomes as unknown[];
    }
    sandbox.dispose();

    expect(outcomes).to.have.lengthOf(DEEP.length);
    expect((outcomes as object[]).every((outcome) => 'limit' in outcome && outcome.limit === 'stack')).to.equal(true);
  });

  it('costs a module where it breaks through, which is replaced by the spare one', async () => {
    let requested = 0;
    const healthy = await loadQuickJsSandbox();
    const modules: { newRuntime: () => unknown }[] = [];
    const sandbox = new QuickJsSandbox({
      limits: { work: 100, memoryBytes: 32e6, stackBytes: 64e3 },
      createStopwatch: () => ({ start: () => undefined, isOverdue: () => false, isSlow: () => false }),
      requestModule: () => {
        requested += 1;
      },
    });
    const broken = {
      newRuntime(): never {
        throw new RangeError('Maximum call stack size exceeded');
      },
    };
    modules.push(broken, broken);
    modules.forEach((module) => sandbox.addModule(module as never));

    const script = compileScript('return 1');
    expect(sandbox.run(script, inputsOf({}))).to.have.property('limit', 'stack');
    expect(sandbox.run(script, inputsOf({}))).to.have.property('limit', 'stack');
    expect(requested).to.equal(2);
    expect(() => sandbox.run(script, inputsOf({}))).to.throw('not available');
    expect(healthy.run(script, inputsOf({}))).to.have.property('value', 1);
    healthy.dispose();
    expect(() => healthy.run(script, inputsOf({}))).to.throw('not available');
  });
});
