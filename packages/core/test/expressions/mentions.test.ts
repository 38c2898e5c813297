import { expect } from 'chai';
import { compileExpression } from '../../dist/model/expressions/compile-expression.js';
import { compileScript } from '../../dist/model/scripts/compile-script.js';

function namesOf(source: string): string[] {
  return [...compileExpression(source).names].sort();
}

function historyOf(source: string): string[] | 'all' {
  const { historyIds } = compileExpression(source);
  return historyIds === 'all' ? 'all' : [...historyIds].sort();
}

function scriptNames(source: string): string[] {
  return [...compileScript(source).names].sort();
}

describe('The names a text mentions', () => {
  it('are those it does not bind itself', () => {
    expect(namesOf('a + b.c[d] + a')).to.deep.equal(['a', 'b', 'd']);
    expect(namesOf('items.map(i => i.p + x)')).to.deep.equal(['items', 'x']);
    expect(namesOf('items.map(items => items.p)')).to.deep.equal(['items']);
    expect(namesOf('({a: b, [c]: 1, d})')).to.deep.equal(['b', 'c', 'd']);
    expect(namesOf('this.current')).to.deep.equal(['token']);
    expect(namesOf('${not a and empty b}')).to.deep.equal(['a', 'b']);
  });

  it('leave out the language itself', () => {
    expect(namesOf('Math.max(a, Number(b)) + undefined + JSON.stringify(c) + NaN')).to.deep.equal(['a', 'b', 'c']);
    expect(namesOf('new Date(x)')).to.deep.equal(['x']);
  });

  it('include names with blanks in FEEL', () => {
    expect(namesOf('=order total > 5 and string length(first name) > 2')).to.deep.equal(['first name', 'order total']);
    expect(namesOf('=for x in items return x * factor')).to.deep.equal(['factor', 'items']);
    expect(namesOf('=items[price > limit]')).to.deep.equal(['items', 'limit', 'price']);
    expect(namesOf('={a: 1, b: a + c}')).to.deep.equal(['c']);
    expect(namesOf('=function(x) x + y')).to.deep.equal(['y']);
    expect(namesOf('=`a-b` + 1')).to.deep.equal(['a-b']);
  });

  it('follow the scopes of statements in scripts', () => {
    expect(scriptNames('let a = 1; { let b = a; } return b')).to.deep.equal(['b']);
    expect(scriptNames('if (x) { var y = 1 } return y')).to.deep.equal(['x']);
    expect(scriptNames('for (const k of list) { use(k) } return k')).to.deep.equal(['k', 'list', 'use']);
    expect(scriptNames('for (let i = 0; i < n; i++) {} ')).to.deep.equal(['n']);
    expect(scriptNames('try { risky() } catch (error) { log(error) }')).to.deep.equal(['log', 'risky']);
    expect(scriptNames('function f(a, {b, c: [d]}, ...e) { return a + b + d + e + g } return f')).to.deep.equal(['g']);
    expect(scriptNames('const f = function g(n) { return g(n - 1) }')).to.deep.equal([]);
    expect(scriptNames('class A extends B { m() { return new A(z) } }')).to.deep.equal(['B', 'z']);
    expect(scriptNames('const {a, b: {c = d}} = e')).to.deep.equal(['d', 'e']);
    expect(scriptNames('outer: for (;;) { break outer }')).to.deep.equal([]);
    expect(scriptNames('switch (a) { case b: let c = 1; break; default: c }')).to.deep.equal(['a', 'b']);
    expect(scriptNames('x = 5; return x + arguments.length')).to.deep.equal(['x']);
    expect(scriptNames('return (() => { return this.current })()')).to.deep.equal(['token']);
  });
});

describe('The history a text reads', () => {
  it('is the flow nodes it names', () => {
    expect(historyOf('token.history.A.x + token.history["B"].y')).to.deep.equal(['A', 'B']);
    expect(historyOf('this.history.A')).to.deep.equal(['A']);
    expect(historyOf('token?.history?.A?.x')).to.deep.equal(['A']);
    expect(historyOf('token.history.A.list.map(x => x)')).to.deep.equal(['A']);
    expect(historyOf('token.history.A.name.trim()')).to.deep.equal(['A']);
    expect(historyOf('=token.history.A.x > 1')).to.deep.equal(['A']);
    expect(historyOf('=token.history.`Task-1`.x')).to.deep.equal(['Task-1']);
  });

  it('is none for what only reads the current result, or no token', () => {
    expect(historyOf('token.current.a')).to.deep.equal([]);
    expect(historyOf('=token.current.a')).to.deep.equal([]);
    expect(historyOf('amount > 5')).to.deep.equal([]);
    expect(historyOf('items.map(token => token.history)')).to.deep.equal([]);
  });

  it('is all if the token is used in any other way', () => {
    for (const source of [
      'token',
      'token.history',
      'token.history[id]',
      'token.history.hasOwnProperty("A")',
      'Object.keys(token.history)',
      'f(token)',
      'token[part].A',
      'token.other',
      '({...token})',
      '=token',
      '=token.history',
      '=get value(token.history, "A")',
    ]) {
      expect(historyOf(source), source).to.equal('all');
    }
    expect(compileScript('const t = token; return t.history.A').historyIds).to.equal('all');
    expect(compileScript('const { history } = token; return history.A').historyIds).to.equal('all');
  });
});
