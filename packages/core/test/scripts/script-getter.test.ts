import { expect } from 'chai';
import { DATA, errorOf, expectUnharmed, impatientSandbox, limitOf, run, valueOf } from './sandbox.js';

const LOOP = '{ for (;;) {} }';

/** Code of the script that runs while its result, its error or its log is being read. */
const ENDLESS = [
  `return { get x() ${LOOP} }`,
  `return { toJSON() ${LOOP} }`,
  `return [{ a: { get x() ${LOOP} } }]`,
  `return { get then() ${LOOP} }`,
  `return { then() ${LOOP} }`,
  `throw { get name() ${LOOP} }`,
  `throw { get message() ${LOOP} }`,
  `throw { get code() ${LOOP} }`,
  `throw { toString() ${LOOP}, get stack() ${LOOP} }`,
  `console.log({ toString() ${LOOP}, toJSON() ${LOOP} })`,
  `const e = new Error(); Object.defineProperty(e, 'message', { get() ${LOOP} }); throw e`,
  `return Promise.reject({ get name() ${LOOP} })`,
  `return Promise.resolve({ toJSON() ${LOOP} })`,
];

describe('Getters and proxies of a script', function () {
  this.timeout(20_000);

  for (const source of ENDLESS) {
    it(`are ended like everything else, and the next script is unharmed: ${source.slice(0, 80)}`, async () => {
      const sandbox = await impatientSandbox();

      expect(await limitOf(source, DATA, sandbox)).to.equal('work');
      await expectUnharmed(sandbox);
    });
  }

  it('may throw', async () => {
    expect(await errorOf('return { get x() { throw new Error("getter") } }')).to.equal('Error: getter');
    expect(await errorOf('return { toJSON() { throw new Error("json") } }')).to.equal('Error: json');
    expect(await errorOf('return { get then() { throw new Error("then") } }')).to.equal('Error: then');
    expect(await errorOf('throw { get name() { throw 1 } }')).to.match(/cannot be described/);
    expect(await errorOf('throw { name: { toString() { throw 1 } }, message: 5 }')).to.equal('Error: ');
    expect(await run('console.log({ toJSON() { throw 1 }, toString() { throw 1 } }); return 1')).to.have.property(
      'value',
      1,
    );
    await expectUnharmed();
  });

  it('change nothing that was given', async () => {
    const source = `
      Object.defineProperty(token.current, 'amount', { get() { return 1 } });
      Object.defineProperty(token.current.list, 0, { get() { throw new Error() } });
      return token.current.amount`;

    expect(await valueOf(source)).to.equal(1);
    await expectUnharmed();
  });

  it('do not meet what runs the script', async () => {
    const source = `
      const stolen = [];
      Object.defineProperty(Object.prototype, 'value', { set(v) { stolen.push(v) } });
      Object.defineProperty(Array.prototype, 0, { set(v) { stolen.push(v) } });
      return stolen.length`;

    expect(await errorOf(source)).to.match(/^TypeError: /);
    await expectUnharmed();
  });

  it('do not exist as proxies', async () => {
    expect(await errorOf('return new Proxy({}, {})')).to.match(/^TypeError: /);
    expect(await errorOf('return Proxy.revocable({}, {})')).to.match(/^TypeError: /);
    expect(await valueOf('return typeof Reflect.construct')).to.equal('function');
  });
});
