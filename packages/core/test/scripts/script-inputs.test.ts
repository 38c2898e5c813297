import { expect } from 'chai';
import { compileExpression } from '../../dist/model/expressions/compile-expression.js';
import { Mentions, pickMentioned } from '../../dist/model/expressions/mentions.js';
import { compileScript } from '../../dist/model/scripts/compile-script.js';
import { inputsOf, run, sharedSandbox, valueOf } from './sandbox.js';

function pick(value: unknown, ...paths: string[]): unknown {
  const mentions = new Mentions();
  paths.forEach((path) => mentions.add('token', path === '' ? [] : path.split('.')));
  const [[, mention] = ['', undefined]] = mentions.entries();
  return mention && pickMentioned(value, mention);
}

describe('What is passed to a script', () => {
  const token = { current: { a: { b: 1, c: 2 }, list: [{ x: 1 }], text: 'abc' }, history: { A: 1, B: 2 } };

  it('is only what it mentions', () => {
    expect(pick(token, 'current.a.b')).to.deep.equal({ current: { a: { b: 1 } } });
    expect(pick(token, 'current.a.b', 'history.A')).to.deep.equal({ current: { a: { b: 1 } }, history: { A: 1 } });
    expect(pick(token, 'current.a', 'current.a.b')).to.deep.equal({ current: { a: { b: 1, c: 2 } } });
    expect(pick(token, '')).to.equal(token);
  });

  it('keeps lists and texts whole, and ends where the data ends', () => {
    expect(pick(token, 'current.list.length')).to.deep.equal({ current: { list: [{ x: 1 }] } });
    expect(pick(token, 'current.text.length')).to.deep.equal({ current: { text: 'abc' } });
    expect(pick(token, 'current.missing.x')).to.deep.equal({ current: {} });
    expect(pick(token, 'missing.x.y')).to.deep.equal({});
    expect(pick(token, 'current.constructor')).to.deep.equal({ current: {} });
  });

  it('is found in all the ways a script reads', async () => {
    expect(await valueOf('return token.current.amount + token["current"].list.length')).to.equal(123);
    expect(await valueOf('const {current} = token; return current.name')).to.equal('Bob');
    expect(await valueOf('return token.current.name.toUpperCase().length')).to.equal(3);
    expect(await valueOf('return token.current.deep.hasOwnProperty("x")')).to.equal(true);
    expect(await valueOf('token.current.deep.x.y = 6; return token.current.deep')).to.deep.equal({ x: { y: 6 } });
    expect(await valueOf('return Object.keys(token.history)')).to.deep.equal(['Start_1', 'Task_2']);
    expect(await valueOf('const id = "Task_2"; return token.history[id].w')).to.equal(8);
    expect(await valueOf('return (token.current?.missing?.x ?? 1) + token.current.deep?.x.y')).to.equal(6);
  });

  it('leaves large data outside that is not read', async () => {
    const sandbox = await sharedSandbox();
    let read = 0;
    const rows = new Proxy([], {
      get: (...args): unknown => {
        read += 1;
        return Reflect.get(...args);
      },
    });
    const data = { token: { current: { a: { b: 5 }, rows } } };
    const outcome = sandbox.run(compileScript('return token.current.a.b + 1'), inputsOf(data));

    expect(outcome).to.have.property('value', 6);
    expect(read).to.equal(0);
  });

  it('is a copy', async () => {
    const data = { token: { current: { list: [1, 2] }, history: {} }, other: { a: 1 } };
    await run('token.current.list.push(3); token.current = 5; other.a = 2; delete other.a', data);

    expect(data).to.deep.equal({ token: { current: { list: [1, 2] }, history: {} }, other: { a: 1 } });
  });

  it('can be any JSON, with any name of a property', async () => {
    const json = '{"__proto__": {"a": 1}, "constructor": 2, "": [null, true], "ä\\u2028": "\\ud800"}';
    const data = { value: JSON.parse(json) as unknown };

    expect(await valueOf('return value', data)).to.deep.equal(data.value);
  });
});

describe('An expression beyond the compiled subset', () => {
  it('runs in the sandbox, with the same data', async () => {
    const sandbox = await sharedSandbox();
    const context = { ...inputsOf({ token: { current: { name: 'Bob' } }, list: [1, 2] }), sandbox };
    const results: Readonly<Record<string, unknown>> = {
      '/^B/.test(token.current.name)': true,
      'new Date(0).toISOString()': '1970-01-01T00:00:00.000Z',
      'list.map(function (x) { return x * 2 })': [2, 4],
      'this.current.name.match(/o/).index': 1,
      '(1, 2)': 2,
      'unknown instanceof Object': false,
      '${ list.map(x => { return x }) and not token.current.other }': true,
    };

    for (const [source, value] of Object.entries(results)) {
      const expression = compileExpression(source);
      expect(expression.usesSandbox, source).to.equal(true);
      expect(expression.evaluate(context), source).to.deep.equal(value);
    }
    expect(() => compileExpression('list.foo()').evaluate(context)).to.throw(/not a function/);
    expect(() => compileExpression('(() => { while (true) {} })()').evaluate(context))
      .to.throw('limit of work')
      .with.property('name', 'ExpressionLimitError');
  });
});
