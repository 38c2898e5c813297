import { expect } from 'chai';
import { compileExpression } from '../../dist/model/expressions/compile-expression.js';
import { contextOf, evaluate, NOW } from './evaluation-context.js';

function feel(source: string, data: object = {}): unknown {
  return evaluate(`=${source}`, data);
}

describe('FEEL', () => {
  it('has no order between values of different kinds', () => {
    expect(feel('1 < "2"')).to.equal(null);
    expect(feel('true < false')).to.equal(null);
    expect(feel('date("2020-01-01") < date and time("2020-01-01T00:00:00")')).to.equal(null);
    expect(feel('duration("P1Y") < duration("P400D")')).to.equal(null);
    expect(feel('[1] = 1')).to.equal(null);
  });

  it('leaves a quantified expression open where an undecided test could decide', () => {
    expect(feel('some x in [null, false] satisfies x')).to.equal(null);
    expect(feel('some x in [null, true] satisfies x')).to.equal(true);
    expect(feel('every x in [null, true] satisfies x')).to.equal(null);
    expect(feel('every x in [null, false] satisfies x')).to.equal(false);
  });

  it('takes the first branch only if the condition is true', () => {
    expect(feel('if 1 then 1 else 2')).to.equal(2);
    expect(feel('if "x" then 1 else 2')).to.equal(2);
  });

  it('tests the value itself as a question mark', () => {
    expect(feel('3 in (? > 2)')).to.equal(true);
    expect(feel('3 in (? > 5, ? = 3)')).to.equal(true);
    expect(feel('3 in (? + 1)')).to.equal(false);
  });

  it('reads names of the outside through the context only', () => {
    expect(feel('amount > 100', { amount: 120 })).to.equal(true);
    expect(feel('unknown name')).to.equal(null);
    expect(feel('count', { count: 5 })).to.equal(5);
    expect(feel('count([1])', { count: 5 })).to.equal(1);
    expect(feel('constructor')).to.equal(null);
    expect(feel('{}.constructor')).to.equal(null);
    expect(feel('[].length')).to.deep.equal([]);
    expect(feel('text.length', { text: 'abc' })).to.equal(null);
    expect(feel('d.toText', { d: 1 })).to.equal(null);
    expect(feel('date("2020-01-01").civil')).to.equal(null);
    expect(feel('date("2020-01-01").constructor')).to.equal(null);
  });

  it('prefers entries of a filtered item to names of the outside', () => {
    const data = { rows: [{ price: 1 }, { price: 5 }, { other: 1 }], price: 4, limit: 3 };

    expect(feel('rows[price > limit]', data)).to.deep.equal([{ price: 5 }, { other: 1 }]);
    expect(feel('rows[item.price > limit].price', data)).to.deep.equal([5]);
    expect(feel('rows[[1, 2][item > 1] = [2]].price', data)).to.deep.equal([1, 5, null]);
  });

  it('lets a function see where it was made and call itself', () => {
    expect(feel('{k: 3, f: function(x) x * k}.f(2)')).to.equal(6);
    expect(feel('for f in [function(x) x + 1, function(x) x * 2] return f(5)')).to.deep.equal([6, 10]);
    expect(feel('{fib: function(n) if n < 2 then n else fib(n - 1) + fib(n - 2), r: fib(10)}.r')).to.equal(55);
  });

  it('gives the results of a loop so far as a copy', () => {
    expect(feel('for i in 1..4 return if i = 1 then 1 else sum(partial)')).to.deep.equal([1, 1, 2, 4]);
    expect(feel('for i in 1..3 return partial')).to.deep.equal([[], [[]], [[], [[]]]]);
  });

  it('knows names in backticks', () => {
    expect(feel('`a-b` + 1', { 'a-b': 2 })).to.equal(3);
    expect(feel('token.history.`Task-1`.x', { token: { history: { 'Task-1': { x: 4 } } } })).to.equal(4);
  });

  it('calculates with durations', () => {
    expect(feel('duration("PT1H") * 2')).to.equal('PT2H');
    expect(feel('2 * duration("P1Y6M")')).to.equal('P3Y');
    expect(feel('duration("PT1H") / 2')).to.equal('PT30M');
    expect(feel('duration("PT1H") / duration("PT30M")')).to.equal(2);
    expect(feel('-duration("P1D")')).to.equal('-P1D');
    expect(feel('duration("P1D") - duration("P2D")')).to.equal('-P1D');
    expect(feel('duration("P1Y2D")')).to.equal(null);
    expect(feel('duration("P0D")')).to.equal('PT0S');
    expect(feel('duration("PT1.5S")')).to.equal('PT1.5S');
    expect(feel('years and months duration(date("2011-12-22"), date("2013-08-24"))')).to.equal('P1Y8M');
    expect(feel('years and months duration(date("2013-08-24"), date("2011-12-22"))')).to.equal('-P1Y8M');
  });

  it('takes today and now from the command', () => {
    expect(feel('now()')).to.equal('2026-11-20T12:00:00Z');
    expect(feel('today()')).to.equal('2026-11-20');
    expect(feel('now() - date and time("2026-11-20T11:00:00Z")')).to.equal('PT1H');
    expect(NOW).to.equal(Date.UTC(2026, 10, 20, 12));
  });

  it('knows time zones, also where clocks are changed', () => {
    expect(feel('date and time("2020-07-01T10:00:00@Europe/Berlin")')).to.equal('2020-07-01T10:00:00+02:00');
    expect(feel('date and time("2020-01-01T10:00:00@Europe/Berlin").time offset')).to.equal('PT1H');
    expect(feel('date and time("2020-03-28T12:00:00@Europe/Berlin") + duration("PT24H")')).to.equal(
      '2020-03-29T13:00:00+02:00',
    );
    expect(feel('date and time("2020-03-28T12:00:00@Europe/Berlin") + duration("P1M")')).to.equal(
      '2020-04-28T12:00:00+02:00',
    );
    // The clock shows this twice, and never.
    expect(feel('date and time("2020-10-25T02:30:00@Europe/Berlin")')).to.equal('2020-10-25T02:30:00+02:00');
    expect(feel('date and time("2020-03-29T02:30:00@Europe/Berlin")')).to.be.a('string');
    expect(feel('date and time("2020-01-01T10:00:00@No/Where")')).to.equal(null);
    expect(feel('time("10:00:00@Europe/Berlin").timezone')).to.equal('Europe/Berlin');
    expect(feel('time(10, 0, 0, duration("PT2H"))')).to.equal('10:00:00+02:00');
    expect(feel('time("10:00:00+02:00") = time("08:00:00Z")')).to.equal(true);
  });

  it('stays within the calendar', () => {
    expect(feel('date("2020-01-01") + duration("P999999999D")')).to.equal(null);
    expect(feel('date("2020-01-01") + duration("P999999999Y")')).to.equal(null);
    expect(feel('date(2021, 2, 29)')).to.equal(null);
    expect(feel('date("0001-01-01")')).to.equal('0001-01-01');
    expect(feel('date(1.5, 1, 1)')).to.equal(null);
  });

  it('compares and orders whatever has an order', () => {
    expect(feel('min(["b", "a"])')).to.equal('a');
    expect(feel('max(date("2020-01-01"), date("2021-01-01"))')).to.equal('2021-01-01');
    expect(feel('max(1, "a")')).to.equal(null);
    expect(feel('sort([3, 1, 2])')).to.deep.equal([1, 2, 3]);
    expect(feel('sort([3, "a"])')).to.equal(null);
  });

  it('relates points and ranges to each other', () => {
    const truths = [
      'before([1..5), [5..10])',
      'not(before([1..5], [5..10]))',
      'finishes(10, [1..10])',
      'not(finishes(10, [1..10)))',
      'finishes([5..10], [1..10])',
      'finished by([1..10], 10)',
      'starts(1, [1..10])',
      'starts([1..5], [1..10])',
      'started by([1..10], [1..5])',
      'during(5, [1..10])',
      'during([2..3], [1..10])',
      'not(during([0..3], [1..10]))',
      'coincides([1..5], [1..5])',
      'coincides(3, 3)',
      'overlaps before([1..5], [3..8])',
      'overlaps after([3..8], [1..5])',
      'not(overlaps before([3..8], [1..5]))',
      'includes([1..10], [2..3])',
      'not(meets([1..5), [5..10]))',
      'date("2020-06-01") in [date("2020-01-01")..date("2020-12-31")]',
    ];

    for (const source of truths) {
      expect(feel(source), source).to.equal(true);
    }
    expect(feel('before(null, 1)')).to.equal(null);
    expect(feel('before(1, "a")')).to.equal(null);
    expect(feel('(> 5) = (> 5)')).to.equal(true);
  });

  it('has the usual functions beyond the standard', () => {
    expect(feel('trim("  a ")')).to.equal('a');
    expect(feel('is empty([])')).to.equal(true);
    expect(feel('is blank("  ")')).to.equal(true);
    expect(feel('is defined(x)')).to.equal(false);
    expect(feel('is defined(x)', { x: 1 })).to.equal(true);
    expect(feel('duplicate values([1, 2, 1])')).to.deep.equal([1]);
    expect(feel('partition([1, 2, 3], 2)')).to.deep.equal([[1, 2], [3]]);
    expect(feel('extract("a1b22", "[0-9]+")')).to.deep.equal(['1', '22']);
    expect(feel('get or else(x, 5)')).to.equal(5);
  });

  it('calls a function only with arguments that fit', () => {
    expect(feel('substring("foobar")')).to.equal(null);
    expect(feel('substring("foobar", 1, 2, 3)')).to.equal(null);
    expect(feel('substring(text: "foobar", start position: 3)')).to.equal(null);
    expect(feel('upper case(1)')).to.equal(null);
    expect(feel('upper case(["a"])')).to.equal('A');
    expect(feel('date(from: "2020-01-01")')).to.equal('2020-01-01');
  });

  it('matches a pattern against many items', () => {
    const data = { rows: [{ n: 'A1' }, { n: 'b2' }, { n: 'C3' }] };

    expect(feel('rows[matches(n, "^[A-Z]\\d$")].n', data)).to.deep.equal(['A1', 'C3']);
    expect(feel('replace("abc", "b", "$2$$")')).to.equal('a$2$c');
    expect(feel('replace("a", "(", "x")')).to.equal(null);
    expect(feel('split("a", "(")')).to.equal(null);
  });

  it('builds and changes contexts', () => {
    expect(feel('context([{key: "a"}])')).to.equal(null);
    expect(feel('context([{key: "a", value: 1}, {key: "a", value: 2}])')).to.equal(null);
    expect(feel('context merge([{a: 1}, 2])')).to.equal(null);
    expect(feel('context put({a: 1}, ["a", "b"], 2)')).to.equal(null);
    expect(feel('context put({a: 1}, [1], 2)')).to.equal(null);
    expect(feel('get value({a: {b: 1}}, ["a", "b"])')).to.equal(1);
    expect(feel('get value({a: {b: 1}}, ["a", "c"])')).to.equal(null);
  });

  it('keeps dates inside of lists and contexts as texts, and everything else as it was', () => {
    const data = { rows: [{ x: 1 }] };
    expect(feel('{d: date("2020-01-01"), l: [duration("PT1H"), 1], f: function(x) x, r: [1..2)}')).to.deep.equal({
      d: '2020-01-01',
      l: ['PT1H', 1],
      f: null,
      r: '[1..2)',
    });
    expect(feel('rows', data)).to.equal(data.rows);
    expect(feel('context([{key: "__proto__", value: {x: 1}}]).x')).to.equal(null);
    expect(feel('(function(x) x) instance of function<number>->number')).to.equal(true);
    expect(feel('1e3')).to.equal(1_000);
  });

  it('refuses what cannot be parsed, and functions of other languages', () => {
    for (const source of ['1 +', 'if a then b', 'for x in', '(1', '1 2', '"a', 'function(x) external {java: {}}']) {
      expect(() => compileExpression(`=${source}`), source).to.throw('');
    }
  });

  it('works on values it is given, whatever they are', () => {
    const context = contextOf({ x: undefined, n: Number.NaN, deep: { list: [{ a: [] }] } });
    expect(compileExpression('=x = null').evaluate(context)).to.equal(true);
    expect(compileExpression('=deep.list.a').evaluate(context)).to.deep.equal([[]]);
  });
});
