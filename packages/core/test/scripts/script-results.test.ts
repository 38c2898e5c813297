import { expect } from 'chai';
import { DATA, errorOf, NOW, run, sharedSandbox, inputsOf, valueOf } from './sandbox.js';
import { compileScript } from '../../dist/model/scripts/compile-script.js';

describe('A script', () => {
  it('returns JSON', async () => {
    expect(await valueOf('return 1')).to.equal(1);
    expect(await valueOf('return {a: [1, "x", null, true]}')).to.deep.equal({ a: [1, 'x', null, true] });
    expect(await valueOf('return new Date(0)')).to.equal('1970-01-01T00:00:00.000Z');
    expect(await valueOf('return [undefined, NaN, () => 1]')).to.deep.equal([null, null, null]);
    expect(await valueOf('return "\\u0000é😀\\ud800"')).to.equal('\u0000é😀\ud800');
    expect(await valueOf('return {toJSON() { return 7 }}')).to.equal(7);
  });

  it('returns undefined if it returns nothing, or nothing that is data', async () => {
    for (const source of [
      '',
      '  \n ',
      ';',
      '// only a comment',
      'const a = 1',
      'return',
      'return () => 1',
      'return Symbol()',
    ]) {
      expect(await run(source), source).to.have.property('value', undefined);
    }
  });

  it('sees the names it mentions', async () => {
    expect(await valueOf('return token.current.amount + identity.userId')).to.equal('120bob');
    expect(await valueOf('return token')).to.deep.equal(DATA.token);
    expect(await valueOf('return this.history.Start_1.v')).to.equal(7);
    expect(await valueOf('return order.total', { order: { total: 5 } })).to.equal(5);
  });

  it('finds unknown names undefined', async () => {
    expect(await run('return missing')).to.have.property('value', undefined);
    expect(await valueOf('return typeof missing')).to.equal('undefined');
    expect(await errorOf('return missing.x')).to.match(/^TypeError: /);
    expect(await errorOf('return require("fs")')).to.match(/^TypeError: /);
  });

  it('may be written sloppily', async () => {
    expect(await valueOf('x = 5; for (i = 0; i < 3; i++) { x += i } return x')).to.equal(8);
    expect(await valueOf('var a = 1; { var a = 2 } return a')).to.equal(2);
    expect(await valueOf('return f(); function f() { return arguments.length }')).to.equal(0);
    expect(await valueOf('"use strict"; return (function () { return typeof this })()')).to.equal('undefined');
  });

  it('may use the language as of today', async () => {
    expect(await valueOf('const {a, ...rest} = {a: 1, b: 2}; return [a ?? 0, rest?.b]')).to.deep.equal([1, 2]);
    expect(
      await valueOf('class A { #x = 1; get x() { return this.#x } static y = 2 } return new A().x + A.y'),
    ).to.equal(3);
    expect(await valueOf('function* g() { yield 1; yield 2 } return [...g()]')).to.deep.equal([1, 2]);
    expect(await valueOf('return Object.fromEntries(new Map([["a", 1]]))')).to.deep.equal({ a: 1 });
    expect(await valueOf('label: for (const a of [1, 2]) { for (;;) { continue label } } return 1')).to.equal(1);
    expect(await valueOf('do x = (x ?? 0) + 1; while (x < 3)\nreturn x')).to.equal(3);
    expect(await valueOf('let n = 0; for (const k in {a: 1, b: 2}) n++; while (n < 9) n++; return n')).to.equal(9);
    expect(await valueOf('return [1, 2, 3].map(x => ({x})).filter(({x}) => x > 1).length')).to.equal(2);
    expect(await valueOf('return [1, [2, [3]]].flat(Infinity).concat([4], [[5]], 6)')).to.deep.equal([
      1,
      2,
      3,
      4,
      [5],
      6,
    ]);
    expect(await valueOf('return [3, 1, 10].sort().concat([3, 1, 10].sort((a, b) => a - b))')).to.deep.equal([
      1, 10, 3, 1, 3, 10,
    ]);
  });

  it('reports what it throws as data', async () => {
    expect(await run('throw new TypeError("no")'))
      .to.have.property('error')
      .that.includes({ name: 'TypeError', message: 'no' });
    expect(await run('throw {name: "Rejected", code: "E1", message: "m"}'))
      .to.have.property('error')
      .that.deep.equals({ name: 'Rejected', message: 'm', code: 'E1' });
    expect(await errorOf('throw "text"')).to.equal('Error: text');
    expect(await errorOf('throw null')).to.equal('Error: null');
    expect(await errorOf('throw Object.create(null)')).to.equal('Error: ');
    expect(await errorOf('return token.current.nothing.x')).to.match(/^TypeError: /);
    expect(await errorOf('const a = {}; a.a = a; return a')).to.match(/^TypeError: .*circular/);
  });

  it('shows its own lines in the stack, and nothing of what runs it', async () => {
    const outcome = await run('const a = 1;\nfunction f() {\n  throw new Error("x");\n}\nf();');
    const { stack } = 'error' in outcome ? outcome.error : {};

    expect(stack).to.match(/script\.js:3:/);
    expect(stack).to.match(/script\.js:5:/);
    expect(stack).not.to.match(/prelude/);
  });

  it('may return a promise that settles at once', async () => {
    expect(await valueOf('return Promise.resolve(7).then((x) => x + 1)')).to.equal(8);
    expect(
      await valueOf('return (async () => { await null; await 1; return [token.current.amount] })()'),
    ).to.deep.equal([120]);
    expect(await valueOf('return {then(resolve) { resolve(5) }}')).to.equal(5);
    expect(await errorOf('return Promise.reject(new RangeError("r"))')).to.equal('RangeError: r');
    expect(await errorOf('return (async () => { await null; throw new Error("late") })()')).to.equal('Error: late');
  });

  it('fails if its promise waits for something', async () => {
    expect(await errorOf('return new Promise(() => {})')).to.match(/does not settle/);
    expect(await errorOf('return {then() {}}')).to.match(/does not settle/);
  });

  it('sees the time and the chance of its command, in UTC', async () => {
    expect(await valueOf('return [Date.now(), new Date().getTime(), +new Date()]')).to.deep.equal([NOW, NOW, NOW]);
    expect(await valueOf('return [Math.random(), Math.random()]')).to.deep.equal([0.25, 0.25]);
    expect(await valueOf('return new Date(2020, 1, 3, 4, 5).toISOString()')).to.equal('2020-02-03T04:05:00.000Z');
    expect(await valueOf('return new Date("2020-01-01T10:00").getHours()')).to.equal(10);
    expect(await valueOf('return new Date("2020-01-01T10:00:00+02:00").getHours()')).to.equal(8);
    expect(await valueOf('return new Date().getTimezoneOffset()')).to.equal(0);
    expect(await valueOf('return String(new Date())')).to.equal('Fri Nov 20 2026 12:00:00 GMT+0000 (UTC)');
    expect(await valueOf('return String(new Date(NaN))')).to.equal('Invalid Date');
    expect(await valueOf('const d = new Date(0); d.setHours(5); return new Date(d).getHours()')).to.equal(5);
    expect(await valueOf('return new (new Date().constructor)().getTime()')).to.equal(NOW);
    expect(await valueOf('class D extends Date {} return [new D().getTime(), new D() instanceof Date]')).to.deep.equal([
      NOW,
      true,
    ]);
    expect(await valueOf('return Reflect.construct(Date, []).getTime()')).to.equal(NOW);
    expect(await valueOf('return [Date.UTC(2020, 0), Date.parse("2020-01-01"), typeof Date()]')).to.deep.equal([
      1577836800000,
      1577836800000,
      'string',
    ]);
  });

  it('writes to a log that is handed out with the outcome', async () => {
    const outcome = await run('console.log("a", {b: 1}, [1], undefined, new Error("e")); console.warn("w"); throw 1');

    expect(outcome.logs).to.deep.equal([
      { level: 'log', message: 'a {"b":1} [1] undefined Error: e' },
      { level: 'warn', message: 'w' },
    ]);
    expect((await run('return 1')).logs).to.deep.equal([]);
  });

  it('cannot flood the log', async () => {
    const { logs } = await run('for (let i = 0; i < 1000; i++) console.info("x".repeat(10000))');

    expect(logs.length).to.equal(100);
    expect(logs[0]?.message.length).to.equal(2_000);
  });

  it('can be one expression of FEEL', async () => {
    const sandbox = await sharedSandbox();
    const script = compileScript('{total: token.current.amount * 2, day: date("2020-01-01")}', 'feel');

    expect([...script.names]).to.deep.equal(['token']);
    expect(sandbox.run(script, inputsOf(DATA))).to.deep.equal({
      value: { total: 240, day: '2020-01-01' },
      work: 0,
      logs: [],
    });
    const endless = compileScript('{f: function(n) f(n + 1), r: f(1)}', 'feel');
    expect(sandbox.run(endless, inputsOf(DATA))).to.have.property('limit', 'depth');
    const loop = compileScript('for a in 1..1000, b in 1..1000 return a', 'feel');
    expect(sandbox.run(loop, inputsOf(DATA))).to.have.property('limit', 'work');
  });
});
