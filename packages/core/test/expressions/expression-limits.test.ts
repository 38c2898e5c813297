import { expect } from 'chai';
import { compileExpression } from '../../dist/model/expressions/compile-expression.js';
import { ExpressionLimitError } from '../../dist/model/expressions/expression-errors.js';
import { contextOf, evaluate } from './evaluation-context.js';

const DATA = {
  numbers: Array.from({ length: 1_000 }, (_unused, index) => index),
  many: Array.from({ length: 50_000 }, (_unused, index) => index),
  ten: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  text: 'x'.repeat(100_000),
  long: 'x'.repeat(3_000_000),
  deep: JSON.parse('['.repeat(2_000) + ']'.repeat(2_000)) as unknown,
};

/** Doubles a list of nothing but itself until its text would fill every memory. */
const SHARED = `[1]${'.map(x => [x, x, x, x, x, x, x, x])'.repeat(12)}`;

const ATTACKS: Readonly<Record<string, readonly string[]>> = {
  loops: [
    'numbers.map(a => numbers.map(b => numbers.map(c => a + b + c)))',
    'numbers.some(a => numbers.some(b => a * b < 0))',
    'numbers.reduce((s, a) => s + numbers.reduce((t, b) => t + b, 0), 0)',
    'many.map(x => many.includes(-1))',
    'many.map(x => text.indexOf("y"))',
    'many.sort((a, b) => numbers.indexOf(a) - b)',
    '=for a in numbers, b in numbers, c in numbers return a',
    '=some a in numbers, b in numbers satisfies a + b < 0',
    '=every a in many satisfies contains(text, "y") = false',
    '=many[count(many[item > 5]) < 0]',
    '={f: function(n) f(n - 1) + f(n - 1), r: f(1000)}.r',
    '={f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), r: f(40)}.r',
    '=for i in 1..1000000000 return i',
    '=for i in many return matches(text, "(a|b|x)*y")',
    '=sort(many, function(a, b) count(many) > a)',
    '=distinct values(for i in many return [i])',
  ],
  'large texts': [
    "'x'.repeat(1e9)",
    'text.repeat(1000)',
    "'x'.padStart(1e9, 'ab')",
    'numbers.reduce(s => s + s, "ab")',
    'numbers.reduce(s => `${s}${s}`, "ab")',
    "text.replaceAll('x', text)",
    "text.replace('x', \"$'$'$'$'$'$'$'$'$'$'$'$'\")",
    "numbers.map(x => text).join('')",
    'text + [text, text, text, text, text, text, text, text, text, text, text]',
    "long + ''",
    'long.toUpperCase()',
    "text.indexOf('x'.repeat(50000) + 'y')",
    'JSON.stringify(numbers.map(x => text))',
    '=for i in 1..60 return if i = 1 then "ab" else partial[-1] + partial[-1]',
    '=string join(for i in numbers return text)',
    '=replace(text, "x", text)',
    '=string(for i in numbers return text)',
  ],
  'large lists': [
    'many.concat(many, many)',
    '[...many, ...many, ...many]',
    'many.flatMap(x => ten)',
    "text.split('').concat(text.split(''))",
    'numbers.reduce(s => [...s, ...s], [1])',
    '=concatenate(many, many, many)',
    '=for i in 1..40 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])',
  ],
  'texts and results made of shared parts': [
    `'' + ${SHARED}`,
    `JSON.stringify(${SHARED})`,
    `${SHARED}.flat(Infinity)`,
    `${SHARED} == 1`,
    SHARED,
    `Number(${SHARED})`,
    '=(for i in 1..40 return if i = 1 then {a: 1} else {a: partial[-1], b: partial[-1]})[40]',
    '=(for i in 1..40 return if i = 1 then [1] else [partial[-1], partial[-1], partial[-1]])[40]',
    '=string((for i in 1..40 return if i = 1 then [1] else [partial[-1], partial[-1], partial[-1]])[40])',
    '=flatten((for i in 1..40 return if i = 1 then [1] else [partial[-1], partial[-1], partial[-1]])[40])',
  ],
  depth: [
    'numbers.reduce(s => [s], [])',
    "numbers.reduce(s => [s], []) + ''",
    'JSON.stringify(numbers.reduce(s => ({s}), {}))',
    'numbers.reduce(s => [s], []).flat(Infinity)',
    'JSON.parse("[".repeat(5000) + "]".repeat(5000))',
    '[deep]',
    '={f: function(n) f(n + 1)}.f(1)',
    '={f: function(n) [f(n + 1)]}.f(1)',
    '=[deep]',
    '=flatten([deep])',
    '=deep = deep',
    '=string(deep)',
  ],
};

describe('An expression that takes too much', () => {
  for (const [danger, sources] of Object.entries(ATTACKS)) {
    describe(danger, () => {
      for (const source of sources) {
        it(`is ended: ${source.slice(0, 90)}`, () => {
          const expression = compileExpression(source);

          expect(expression.usesSandbox).to.equal(false);
          expect(() => expression.evaluate(contextOf(DATA))).to.throw(ExpressionLimitError);
        });
      }
    });
  }

  it('leaves the next evaluation its full budget', () => {
    const sum = compileExpression('numbers.reduce((s, x) => s + x, 0)');
    const endless = compileExpression('numbers.map(a => numbers.map(b => numbers.map(c => 1)))');

    for (let count = 0; count < 3; count += 1) {
      expect(() => endless.evaluate(contextOf(DATA))).to.throw(ExpressionLimitError);
      expect(sum.evaluate(contextOf(DATA))).to.equal(499_500);
    }
  });

  it('is measured by the limit of the context', () => {
    const source = 'numbers.map(x => x + 1).length';

    expect(evaluate(source, DATA)).to.equal(1_000);
    expect(() => evaluate(source, DATA, { stepLimit: 500 })).to.throw(ExpressionLimitError);
    expect(evaluate('numbers.map(a => numbers.some(b => b > a)).length', DATA, { stepLimit: 10_000_000 })).to.equal(
      1_000,
    );
  });

  it('ends after the same number of steps every time', () => {
    const context = (stepLimit: number) => contextOf(DATA, { stepLimit });
    const expression = compileExpression('numbers.filter(x => x % 2 == 0).length');
    let low = 1;
    let high = 100_000;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      try {
        expression.evaluate(context(middle));
        high = middle;
      } catch {
        low = middle + 1;
      }
    }

    expect(expression.evaluate(context(low))).to.equal(500);
    expect(() => expression.evaluate(context(low - 1))).to.throw(ExpressionLimitError);
  });

  it('may hand through data of any size', () => {
    expect(evaluate('long', DATA)).to.equal(DATA.long);
    expect(evaluate('({copy: many})', DATA)).to.deep.equal({ copy: DATA.many });
    expect(evaluate('=many', DATA)).to.equal(DATA.many);
    expect(evaluate('deep', DATA)).to.equal(DATA.deep);
  });
});
