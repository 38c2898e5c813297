import { parse } from 'acorn';
import { expect } from 'chai';
import { ExpressionSyntaxError } from '../../dist/model/expressions/expression-errors.js';
import { compileScript, UnsupportedScriptFormat } from '../../dist/model/scripts/compile-script.js';
import { sharedSandbox, inputsOf, valueOf } from './sandbox.js';

function programText(source: string): string {
  const script = compileScript(source);
  return script.language === 'javascript' ? (script.program?.text ?? '') : '';
}

describe('Compiling a script', () => {
  it('takes JavaScript by its many names, and FEEL', () => {
    for (const format of [undefined, '', 'javascript', 'JavaScript', 'js', 'ecmascript', 'text/javascript', ' js ']) {
      expect(compileScript('return 1', format).language).to.equal('javascript');
    }
    expect(compileScript('1 + 1', 'feel').language).to.equal('feel');
  });

  it('refuses other languages by name', () => {
    for (const format of ['groovy', 'python', 'jython', 'ruby', 'freemarker', 'text/x-unknown']) {
      expect(() => compileScript('1', format)).to.throw(UnsupportedScriptFormat, new RegExp(format));
    }
  });

  it('finds syntax errors, with their position', () => {
    for (const [source, position] of [
      ['return (', 8],
      ['let a = 1; let a = 2', 15],
      ['}', 0],
      ['return 1 }) + (function () {', 9],
      ['if (', 4],
    ] as const) {
      expect(() => compileScript(source), source)
        .to.throw(ExpressionSyntaxError)
        .with.property('position', position);
    }
    expect(() => compileScript('1 +', 'feel')).to.throw(ExpressionSyntaxError);
  });

  it('refuses what the sandbox does not have', () => {
    expect(() => compileScript('return 10n ** 20n')).to.throw(ExpressionSyntaxError, /BigInt/);
    expect(() => compileScript('return import("node:fs")')).to.throw(ExpressionSyntaxError, /import/);
    expect(() => compileScript('import fs from "node:fs"')).to.throw(ExpressionSyntaxError);
    expect(() => compileScript('await 1')).to.throw(ExpressionSyntaxError);
  });

  it('refuses texts that nest too deeply or are too long', () => {
    expect(() => compileScript(`return ${'['.repeat(1_000)}${']'.repeat(1_000)}`)).to.throw(
      ExpressionSyntaxError,
      /deep/,
    );
    expect(() => compileScript(`return ${'!'.repeat(50_000)}1`)).to.throw(ExpressionSyntaxError, /deep/);
    expect(() => compileScript('{'.repeat(500) + '}'.repeat(500))).to.throw(ExpressionSyntaxError, /deep/);
    expect(() => compileScript('if (a) {} else '.repeat(3_000) + '{}')).to.throw(ExpressionSyntaxError, /deep/);
    expect(() => compileScript(`return '${'x'.repeat(1_100_000)}'`)).to.throw(ExpressionSyntaxError, /longer/);
  });

  it('leaves a script as it was but for the counters in it', async () => {
    const sources = [
      'while (i < 3) while (j < 3) j++, i++; return [i, j]',
      'for (;;) if (i++ > 3) break; else continue; return i',
      'do i++; while (i < 3) return i',
      'let f = x => y => x + y; return f(1)(2)',
      'let f = x => ({x}); return f(1)',
      'let f = (x) => (x, 2); return [1].map(f)',
      'let f = x => (y => y)(x) + 1; return f(2)',
      'function f() { "use strict"; return this } return typeof f()',
      'function f() { "a"; "b" } return f()',
      'for (const a of [1, 2]) for (const b in {c: 1}) i += a; return i',
      'const o = {get x() { return 1 }, m() { return 2 }, async n() {}}; return o.x + o.m()',
      'class A { constructor() { this.a = 1 } static s() { return 2 } } return new A().a + A.s()',
      'class B {} class A extends B { constructor() { super(); this.a = 1 } } return new A().a',
      'for (;;); { }'.replace('for (;;);', 'for (; i < 3; i++);') + 'return i',
      'let $count = 1, $tick = 2, $count_ = 3; for (; $count < 5;) $count++; return [$count, $tick, $count_]',
      'a: while (true) { while (true) break a } return 1',
      'return (() => { for (const x of [1]) return x })()',
      'const g = function* () { while (true) yield i++ }; const it = g(); it.next(); return it.next().value',
    ];

    for (const source of sources) {
      const data = { i: 0, j: 0 };
      const text = programText(source);
      parse(text, { ecmaVersion: 2023 });
      expect(text.split('\n').length, source).to.equal(source.split('\n').length + 1);
      const plain = Reflect.construct(Function, ['i', 'j', source]) as (...values: number[]) => unknown;
      expect(await valueOf(source, data).catch(() => undefined), source).to.deep.equal(plain(0, 0));
    }
  });

  it('keeps the counters out of reach of the script', async () => {
    expect(await valueOf('return typeof $count + typeof $tick')).to.equal('undefinedundefined');
    expect(await valueOf('arguments[0] = 5; arguments.length = 0; for (let i = 0; i < 500; i++); return 1')).to.equal(
      1,
    );
  });

  it('can be done for more scripts than are kept compiled', async () => {
    const sandbox = await sharedSandbox();
    const scripts = Array.from({ length: 500 }, (_unused, index) => compileScript(`return ${index}`));

    for (const pass of [0, 1]) {
      scripts.forEach((script, index) => {
        expect(sandbox.run(script, inputsOf({})), String(pass)).to.have.property('value', index);
      });
    }
  });
});
