import { expect } from 'chai';
import { BpmnError } from '../../dist/execution/bpmn-error.js';
import { service, type ServiceContext } from '../../dist/runtime/services.js';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { errorOf, identity, scenario } from '../support/scenario.js';
import { testStorage } from '../support/test-storage.js';

const MODEL = processBuilder('P').startEvent('S').serviceTask('T', 'work').userTask('A').endEvent('E');

const CATCHING = processBuilder('P')
  .root('error', 'Known', { errorCode: 'E1' })
  .startEvent('S')
  .serviceTask('T', 'work')
  .endEvent('E')
  .boundaryEvent('B', 'T', definitions.error('Known'))
  .endEvent('Caught');

describe('A service task runs a handler:', () => {
  it('its result is the result of the task, and its fields become variables', async () => {
    const engine = await scenario([MODEL], { services: { work: () => Promise.resolve({ sum: 5 }) } });
    const { processInstanceId } = await engine.start('P', { a: 1 });
    expect(await engine.result(processInstanceId, 'T')).to.deep.equal({ sum: 5 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ a: 1, sum: 5 });
  });

  it('it is told where it runs, for whom and with what', async () => {
    const calls: ServiceContext[] = [];
    const engine = await scenario([MODEL], {
      services: { work: (context: ServiceContext) => void calls.push({ ...context }) },
    });
    const { processInstanceId, correlationId } = await engine.start('P', { a: 1 });
    const { flowNodeInstanceId } = await engine.entry(processInstanceId, 'T');
    const { signal, ...told } = calls[0]!;
    expect(signal.aborted).to.equal(false);
    expect(told).to.deep.equal({
      payload: { a: 1 },
      processInstanceId,
      correlationId,
      flowNodeId: 'T',
      flowNodeInstanceId,
      identity: { userId: 'tester', token: '' },
    });
    expect(calls).to.have.length(1);
  });

  it('its task row is not to be fetched from outside', async () => {
    const never = new Promise<void>(() => undefined);
    const engine = await scenario([MODEL], { services: { work: () => never }, stopTimeout: 1 });
    await engine.engine.consumerApi.startProcessInstance(engine.identity, 'P');
    const [row] = (await engine.storage.findExternalTasks({ tenantId: '' })).items;
    expect(row).to.include({ topic: 'internal:work', workerId: 'engine' });
    const { externalTaskApi } = engine.engine;
    expect(await errorOf(engine.fetch('internal:work'))).to.include({ code: 400 });
    expect(await errorOf(externalTaskApi.finishExternalTask(engine.identity, 'engine', row!.id, {}))).to.include({
      code: 404,
    });
    expect(await errorOf(externalTaskApi.extendLock(engine.identity, 'engine', row!.id, 5))).to.include({ code: 404 });
  });

  it('values that JSON does not know are left out of its result', async () => {
    const result = { at: new Date(0), gone: undefined, call: () => 1, big: [undefined, Symbol('x')], nan: NaN };
    const engine = await scenario([MODEL], { services: { work: () => result } });
    const { processInstanceId } = await engine.start('P');
    expect(await engine.result(processInstanceId, 'T')).to.deep.equal({
      at: '1970-01-01T00:00:00.000Z',
      big: [null, null],
      nan: null,
    });
  });

  for (const [what, value] of [
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a number that is none', NaN],
    ['an object with a loop', loop()],
    ['a big integer inside', { big: 5n }],
  ] as const) {
    it(`a result that is ${what} does not get stuck`, async () => {
      const engine = await scenario([MODEL], { services: { work: () => value } });
      const { processInstanceId } = await engine.start('P');
      expect(['running', 'error']).to.include(await engine.state(processInstanceId));
      expect(await engine.waiting(processInstanceId)).not.to.include('T');
    });
  }

  it('what it throws fails the instance', async () => {
    const work = () =>
      Promise.reject(Object.assign(new RangeError('too far'), { code: 'FAR', additionalInformation: { by: 5 } }));
    const engine = await scenario([MODEL], { services: { work } });
    const error = await errorOf(engine.call('P'));
    expect(error).to.deep.include({ code: 500, message: 'too far', additionalInformation: { by: 5 } });
    const [id] = await engine.instancesOf('P');
    expect(await engine.state(id!)).to.equal('error');
    expect((await engine.entry(id!, 'T')).error).to.include({ name: 'RangeError', code: 'FAR' });
  });

  it('a thrown value that is no error, or has an HTTP status, is told as it is', async () => {
    const thrown: unknown[] = ['just a text', Object.assign(new Error('not there'), { code: 404 })];
    const engine = await scenario([MODEL], { services: { work: () => Promise.reject(thrown.shift() as Error) } });
    expect(await errorOf(engine.call('P'))).to.include({ code: 500, message: 'just a text' });
    expect(await errorOf(engine.call('P'))).to.include({ code: 404, message: 'not there' });
  });

  it('a BpmnError it throws is caught by its code', async () => {
    const engine = await scenario([CATCHING], {
      services: { work: () => Promise.reject(new BpmnError('E1', 'known')) },
    });
    const { endEventId, tokenPayload } = await engine.call('P');
    expect(endEventId).to.equal('Caught');
    expect(tokenPayload).to.deep.equal({ name: 'BpmnError', code: 'E1', message: 'known' });
  });

  it('a BpmnError nobody catches ends the instance with its name and code', async () => {
    const engine = await scenario([CATCHING], { services: { work: () => Promise.reject(new BpmnError('E2')) } });
    const error = await errorOf(engine.call('P'));
    expect(error.code).to.equal(500);
    expect(error.additionalInformation).to.deep.equal({ name: 'BpmnError', code: 'E2' });
  });
});

describe('A service task calls a method:', () => {
  const withParams = (params: string, method = 'add') =>
    processBuilder('P').startEvent('S').serviceTask('T', 'calc', { method, params }).endEvent('E');
  const calc = {
    base: 100,
    add(...values: number[]) {
      return { sum: values.reduce((sum, value) => sum + value, this.base) };
    },
    echo: (...values: unknown[]) => ({ values }),
  };

  it('with the list its params give, on the service itself', async () => {
    const engine = await scenario([withParams('[token.current.a, 2]')], { services: { calc } });
    expect((await engine.call('P', { a: 1 })).tokenPayload).to.deep.equal({ sum: 103 });
  });

  it('with anything else as its only argument', async () => {
    const engine = await scenario([withParams('({ a: token.current.a })', 'echo')], { services: { calc } });
    expect((await engine.call('P', { a: 1 })).tokenPayload).to.deep.equal({ values: [{ a: 1 }] });
  });

  it('without params, with no arguments', async () => {
    const model = processBuilder('P').startEvent('S').serviceTask('T', 'calc', { method: 'echo' }).endEvent('E');
    const engine = await scenario([model], { services: { calc } });
    expect((await engine.call('P')).tokenPayload).to.deep.equal({ values: [] });
  });

  it('params know the owner as `context`', async () => {
    const engine = await scenario([withParams('[context.userId, context.token]', 'echo')], { services: { calc } });
    expect((await engine.call('P')).tokenPayload).to.deep.equal({ values: ['tester', ''] });
  });

  it('a method the service does not have fails the instance', async () => {
    const engine = await scenario([withParams('[]', 'missing')], { services: { calc } });
    expect(await errorOf(engine.call('P'))).to.include({
      code: 500,
      message: "the service 'calc' has no method 'missing'",
    });
  });

  it('a service that is no function needs a method', async () => {
    const model = processBuilder('P').startEvent('S').serviceTask('T', 'calc').endEvent('E');
    const engine = await scenario([model], { services: { calc } });
    expect((await errorOf(engine.call('P'))).message).to.equal(
      "the service 'calc' is no function, and the task names no method",
    );
  });

  it('params that cannot be evaluated fail the instance', async () => {
    const engine = await scenario([withParams('[token.current.a.b.c]')], { services: { calc } });
    expect((await errorOf(engine.call('P'))).message).to.match(/params of 'T' is invalid/);
  });
});

describe('An inline service', () => {
  it('runs inside the step: start and end are one commit', async () => {
    const model = processBuilder('P').startEvent('S').serviceTask('T', 'work').endEvent('E');
    const engine = await scenario([model], {
      services: { work: service((context) => ({ got: (context as ServiceContext).payload }), { inline: true }) },
    });
    const { tokenPayload, processInstanceId } = await engine.call('P', { a: 1 });
    expect(tokenPayload).to.deep.equal({ got: { a: 1 } });
    expect(
      (await engine.storage.findProcessInstances({ tenantId: '', ids: [processInstanceId!] })).items[0]!.version,
    ).to.equal(1);
  });

  it('may be a method', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .serviceTask('T', 'calc', { method: 'double', params: '[token.current.a]' })
      .endEvent('E');
    const engine = await scenario([model], {
      services: { calc: service({ double: (a: number) => 2 * a }, { inline: true }) },
    });
    expect((await engine.call('P', { a: 4 })).tokenPayload).to.equal(8);
  });

  it('that returns a promise fails the instance', async () => {
    const engine = await scenario([MODEL], {
      services: { work: service(() => Promise.reject(new Error('late')), { inline: true }) },
    });
    expect((await errorOf(engine.call('P'))).message).to.equal("the inline service 'work' returned a promise");
  });

  it('that throws fails the instance, or is caught', async () => {
    let code = 'E1';
    const work = service(
      () => {
        throw new BpmnError(code, 'known');
      },
      { inline: true },
    );
    const engine = await scenario([CATCHING], { services: { work } });
    expect((await engine.call('P')).endEventId).to.equal('Caught');
    code = 'E2';
    expect((await errorOf(engine.call('P'))).message).to.equal('known');
    const failing = await scenario([MODEL], { services: { work: service(() => JSON.parse('{'), { inline: true }) } });
    expect((await errorOf(failing.call('P'))).message).to.match(/JSON/);
  });
});

describe('A service', () => {
  it('that nobody registered is refused at deployment, unless another node runs it', async () => {
    const engine = await scenario([]);
    const error = await errorOf(engine.deploy(MODEL));
    expect(error).to.include({ code: 422, reason: 'model-invalid' });
    const remote = await scenario([MODEL], { remoteServices: ['work'] });
    const { processInstanceId } = await remote.start('P');
    expect(await remote.waiting(processInstanceId)).to.deep.equal(['T']);
    const [row] = (await remote.storage.findExternalTasks({ tenantId: '' })).items;
    expect(row).to.include({ topic: 'internal:work', workerId: null, lockedUntil: 0 });
  });

  it('that is not registered any more when it is reached fails the instance at once', async () => {
    const storage = testStorage();
    const before = await scenario([MODEL], { storage, services: { work: () => ({}) } });
    await before.stop();
    const after = await scenario([], { storage });
    expect((await errorOf(after.call('P'))).message).to.equal(
      "service task 'T': no service is registered for module 'work'",
    );
  });

  it('is told when its task is cancelled, and its result is dropped', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .serviceTask('T', 'work')
      .endEvent('E')
      .boundaryEvent('B', 'T', definitions.timer('timeDuration', 'PT1S'))
      .endEvent('TooLate');
    const told: unknown[] = [];
    const work = ({ signal }: ServiceContext) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          told.push((signal.reason as Error).message);
          resolve({ late: true });
        });
      });
    const engine = await scenario([model], { services: { work: work as never } });
    const { processInstanceId } = await engine.engine.consumerApi.startProcessInstance(engine.identity, 'P');
    await engine.pass(1_000);
    await engine.engine.idle();
    expect(told).to.deep.equal(['the task was cancelled']);
    expect(await engine.path(processInstanceId!)).to.deep.equal(['S', 'B', 'TooLate']);
    expect(await engine.variables(processInstanceId!)).to.deep.equal({});
  });

  it('that takes longer than its lock keeps it, and is not run twice', async () => {
    let calls = 0;
    let release = (): void => undefined;
    const work = () => {
      calls += 1;
      return new Promise<void>((resolve) => (release = resolve));
    };
    const engine = await scenario([MODEL], { services: { work }, lockDuration: 60_000, pollInterval: 5_000 });
    const { processInstanceId } = await engine.engine.consumerApi.startProcessInstance(engine.identity, 'P');
    for (let seconds = 0; seconds < 300; seconds += 10) await engine.pass(10_000);
    release();
    await engine.engine.idle();
    expect(calls).to.equal(1);
    expect(await engine.waiting(processInstanceId!)).to.deep.equal(['A']);
  });

  it('runs for whoever started the instance', async () => {
    const users: string[] = [];
    const engine = await scenario([MODEL], {
      services: { work: ((context: ServiceContext) => void users.push(context.identity.userId)) as never },
    });
    await engine.engine.consumerApi.startProcessInstance(identity('ada'), 'P');
    await engine.engine.idle();
    expect(users).to.deep.equal(['ada']);
  });
});

function loop(): object {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
}
