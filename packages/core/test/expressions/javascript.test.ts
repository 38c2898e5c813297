import { expect } from 'chai';
import { compileExpression } from '../../dist/model/expressions/compile-expression.js';
import { contextOf, evaluate } from './evaluation-context.js';

const DATA = {
  token: {
    current: { a: 1, b: 'text', list: [3, 1, 2], nothing: null, deep: { x: { y: 5 } } },
    history: { Start_1: { v: 7 } },
  },
  amount: 120,
  name: 'Bob',
  items: [
    { p: 1, n: 'a' },
    { p: 20, n: 'b' },
    { p: 30, n: 'c' },
  ],
};

/** What the host's own JavaScript makes of an expression over the same data. */
function reference(source: string): unknown {
  const names = [...Object.keys(DATA), 'unknown'];
  const compiled = Reflect.construct(Function, [...names, `return (${source}\n)`]) as (...values: unknown[]) => unknown;
  return compiled.call(DATA.token, ...Object.values(DATA));
}

/** Each compiles to closures, without the sandbox, and gives what JavaScript gives. */
const SAME_AS_JAVASCRIPT = String.raw`
token.current.a == 1
token.history.Start_1.v > 6 && token.current.b != 'x'
this.current.a + 1
unknown
unknown?.x
unknown?.x.y.z
token.current.nothing?.foo.bar
token?.['current']?.a
unknown?.[0]
unknown?.a.b.trim().length
unknown?.trim()
name?.trim().length
token.current.list?.map(x => x).length
token['current']['a']
token.current.list.map(x => x * 2)
items.filter(i => i.p > 5).map(i => i.n).join('-')
items.reduce((s, i) => s + i.p, 0)
[1, 2, 3].reduce((a, b) => a + b)
items.some(i => i.n === 'b')
items.every(i => i.p)
items.find(i => i.p > 100)
items.find(i => i.p > 10).n
items.findIndex(i => i.p > 10)
items.findLast(i => i.p > 1).n
items.map(i => items.map(j => i.p + j.p))
items.map((i, index, all) => index + all.length)
items.flatMap(i => [i.n, i.n])
[0, 1, ''].filter(Boolean)
['1', '2'].map(Number)
['1', '2', '3'].map(parseInt)
[1, 2, 3].includes(2)
[NaN].includes(NaN)
[NaN].indexOf(NaN)
[1, 2, 3].indexOf(3)
[1, 2, 3, 1].lastIndexOf(1)
[1, 2, 3].indexOf(1, 1)
[1, 2, 3].at(-1)
[1, 2, 3].slice(1)
[1, 2, 3].slice(-2, -1)
[1, 2].concat([3], 4)
[1, [2, [3]]].flat()
[1, [2, [3]]].flat(Infinity)
[10, 9, 1].sort()
[10, 9, 1].sort((a, b) => a - b)
[undefined, 3, 1].sort()
[1, 2, 3].reverse()
[1, 2, 3].join()
[1, null, [2, undefined]].join('|')
'abc'.includes('b') && 'abc'.startsWith('a') && 'abc'.endsWith('c')
"abc".toUpperCase().split('').reverse().join('')
'a-b-c'.replace('-', '+')
'a-b-c'.replaceAll('-', '$&$&')
'a-b-c'.replace('-', '[$&|$$]')
'x'.padStart(3, 'ab') + 'x'.padEnd(4)
' x '.trim() + '|' + ' x '.trimStart() + '|' + ' x '.trimEnd()
'abc'.slice(-2) + 'abc'.substring(2, 0) + 'abc'.charAt(1)
'ab'.repeat(3)
'abc'.at(-1)
'a,b'.split(',', 1)
'abc'.split('')
'abc'.lastIndexOf('c')
'abc'.indexOf('c', 1)
'abc'.charCodeAt(0)
'abc'.concat('d', 1)
${'`'}hello ${'$'}{name} ${'$'}{amount + 1}${'`'}
({a: 1, [name]: 2, ...token.current.deep, 'x-y': [1, ...token.current.list]})
({...null, ...'ab', ...[1]})
[...'abc', ...[1]]
typeof unknown
typeof amount
typeof null
'a' in token.current
'z' in token.current
token.current.list.length
name.length
name[0]
name['length']
name.foo
items[0].p
items['0'].p
items[name.length - 1].n
items[5]
(5).toFixed(2)
(255).toString(16)
(1 / 3).toPrecision(3)
true.toString()
[3, 1].toString()
1 + '2'
'3' * '4'
null + 1
undefined + 1
[1, 2] + 'x'
({}) + ''
[] == ''
[1] == 1
null == undefined
null == 0
null >= 0
'b' > 'a'
'10' > 9
NaN === NaN
NaN !== NaN
-5 % 3
2 ** 10
5 & 3 | 8 ^ 1
~5
1 << 3
-1 >>> 28
-9 >> 1
!amount
amount ?? 5
unknown ?? 5
unknown || 'd'
amount && name
amount > 100 ? 'big' : 'small'
+'5'
-'5'
'5' - - '2'
1 / 0
0.1 + 0.2
'a' + null + undefined + true
Math.max(1, 5, 3)
Math.max(...token.current.list)
Math.min()
Math.PI.toFixed(3)
Math.round(2.5) + Math.floor(-1.5) + Math.ceil(1.2) + Math.abs(-3) + Math.trunc(4.7)
Math.hypot(3, 4)
Number('12') + parseInt('12px') + parseFloat('1.5x')
Number(undefined)
Number.isInteger(5)
Number.MAX_SAFE_INTEGER
parseInt('ff', 16)
String([1, [2, 3]])
Boolean('')
isNaN('x')
isFinite('5')
Infinity
Object.keys(token.current)
Object.values({a: 1, b: 2})
Object.entries({a: 1})
Object.fromEntries([['a', 1]])
Object.hasOwn({a: 1}, 'a')
JSON.stringify({a: [1, null, undefined], b: undefined})
JSON.parse('{"a": 1}').a
Array.isArray([])
(1 + 2) * 3 // comment
`
  .trim()
  .split('\n');

describe('JavaScript expressions', () => {
  describe('give what JavaScript gives', () => {
    for (const source of SAME_AS_JAVASCRIPT) {
      it(source, () => {
        const expression = compileExpression(source);

        expect(expression.usesSandbox).to.equal(false);
        expect(expression.evaluate(contextOf(DATA))).to.deep.equal(reference(source));
      });
    }
  });

  it('fail where JavaScript fails, with a TypeError', () => {
    const failing = [
      'unknown.x',
      'token.current.foo.bar',
      'amount.foo.bar',
      'items.map(i => i.q.r)',
      'name.map(x => x)',
      'unknown.trim()',
      'amount.trim()',
      '[].reduce((a, b) => a + b)',
      "'a' in 'abc'",
      '[...5]',
      'Object.keys(null)',
    ];

    for (const source of failing) {
      expect(() => evaluate(source, DATA), source).to.throw(TypeError);
    }
  });

  it('never fail because of an unknown name', () => {
    expect(evaluate('missing')).to.equal(undefined);
    expect(evaluate('missing == null')).to.equal(true);
    expect(evaluate('`${missing}`')).to.equal('undefined');
  });

  it('tolerate a semicolon at the end', () => {
    expect(evaluate('amount > 100;', DATA)).to.equal(true);
    expect(evaluate('amount > 100 ; ; // really', DATA)).to.equal(true);
  });

  it('compile blank text to undefined', () => {
    expect(compileExpression(' \n ').language).to.equal('literal');
    expect(evaluate('')).to.equal(undefined);
  });

  it('take time and chance from the context', () => {
    expect(evaluate('Date.now()', {}, { now: 42 })).to.equal(42);
    expect(evaluate('Math.random()', {}, { random: () => 0.25 })).to.equal(0.25);
  });

  it('see own properties only', () => {
    for (const name of ['constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__']) {
      for (const object of ['token', 'token.current.list', 'name', 'amount', '({})', '[]', 'true', '(x => x, [])']) {
        const source = `${object}.${name}`;
        if (!compileExpression(source).usesSandbox) {
          expect(evaluate(source, DATA), source).to.equal(undefined);
        }
      }
    }
    expect(evaluate("'toString' in token", DATA)).to.equal(false);
  });

  it('make own properties of any name, without touching prototypes', () => {
    const made = evaluate("({['__proto__']: 1, ...JSON.parse(text)})", { text: '{"__proto__": {"x": 1}}' }) as object;

    expect(Object.keys(made)).to.deep.equal(['__proto__']);
    expect(Object.getPrototypeOf(made)).to.equal(Object.prototype);
    expect(Reflect.get(made, 'x')).to.equal(undefined);
  });

  it('change nothing they are given', () => {
    const data = structuredClone(DATA);
    evaluate('token.current.list.sort()', data);
    evaluate('token.current.list.reverse()', data);
    evaluate('items.sort((a, b) => b.p - a.p)', data);

    expect(data).to.deep.equal(DATA);
  });

  it('give parts of the data as they are', () => {
    expect(evaluate('token.current', DATA)).to.equal(DATA.token.current);
  });

  it('leave to the sandbox what they do not know', () => {
    const beyond = [
      '/a/.test(name)',
      'new Date(0)',
      'name.match("o")',
      'items.forEach(i => i)',
      '(x => x)(1)',
      'items.map(function (i) { return i })',
      'items.map(({ p }) => p)',
      'items.map(i => { return i })',
      '[, 1]',
      'a = 5',
      'void 0',
      '(1, 2)',
      'JSON.stringify(token, null, 2)',
      'Math',
      'name?.trim?.()',
      'token instanceof Object',
      '({__proto__: null})',
    ];

    for (const source of beyond) {
      expect(compileExpression(source).usesSandbox, source).to.equal(true);
    }
  });

  it('say so when the sandbox they need is missing', () => {
    expect(() => evaluate('/a/.test(name)', DATA)).to.throw(/sandbox.*not available/);
  });
});
