import { expect } from 'chai';
import { processBuilder } from '../../dist/testing/index.js';
import { errorOf, nextTurn, scenario, type Scenario } from '../support/scenario.js';

const MODEL = processBuilder('P').startEvent('S').externalTask('X', 'topic').endEvent('E');

function poll(
  engine: Scenario,
  {
    timeout = 10_000,
    maxTasks = 10,
    worker = 'w',
    topic = 'topic',
    signal,
  }: { timeout?: number; maxTasks?: number; worker?: string; topic?: string; signal?: AbortSignal } = {},
) {
  const { externalTaskApi } = engine.engine;
  return externalTaskApi.fetchAndLockExternalTasks(
    engine.identity,
    worker,
    topic,
    maxTasks,
    timeout,
    30_000,
    signal === undefined ? {} : { signal },
  );
}

describe('A long poll', () => {
  it('answers at once where there is work, or where it may not wait', async () => {
    const engine = await scenario([MODEL]);
    expect(await poll(engine, { timeout: 0 })).to.deep.equal([]);
    await engine.start('P');
    expect(await poll(engine)).to.have.length(1);
  });

  it('is woken by a new task of its topic, and locks it from then on', async () => {
    const engine = await scenario([MODEL]);
    const waiting = poll(engine);
    await engine.advance(4_000);
    await engine.start('P');
    const [task] = await waiting;
    expect(task!.lockExpirationTime).to.equal('2030-01-01T00:00:34.000Z');
  });

  it('is not answered by a task of another topic, and ends empty when its time is over', async () => {
    const engine = await scenario([MODEL]);
    let answered = false;
    const waiting = poll(engine, { topic: 'other' }).finally(() => (answered = true));
    await engine.start('P');
    await engine.advance(9_999);
    expect(answered).to.equal(false);
    await engine.advance(1);
    expect(await waiting).to.deep.equal([]);
  });

  it('finds a task whose lock ends while it waits', async () => {
    const engine = await scenario([MODEL]);
    await engine.start('P');
    await engine.fetch('topic', 'dead', 3_000);
    const waiting = poll(engine);
    // It looks every second, and a database takes its time to answer that there is nothing yet.
    for (let second = 1; second <= 4; second += 1) {
      await nextTurn();
      await engine.advance(1_000);
    }
    expect(await waiting).to.have.length(1);
  });

  it('given up locks nothing', async () => {
    const engine = await scenario([MODEL]);
    const abort = new AbortController();
    const waiting = poll(engine, { signal: abort.signal });
    await nextTurn();
    abort.abort(new Error('client is gone'));
    expect(await errorOf(waiting)).to.include({ message: 'client is gone' });
    await engine.start('P');
    expect(await poll(engine, { timeout: 0, worker: 'other' })).to.have.length(1);
  });

  it('given up just when work arrives locks nothing', async () => {
    const engine = await scenario([MODEL]);
    const abort = new AbortController();
    const waiting = poll(engine, { signal: abort.signal });
    waiting.catch(() => undefined);
    await nextTurn();
    const started = engine.start('P');
    abort.abort(new Error('client is gone'));
    await started;
    expect(await errorOf(waiting)).to.include({ message: 'client is gone' });
    expect(await poll(engine, { timeout: 0, worker: 'other' })).to.have.length(1);
  });

  it('of many, each task goes to exactly one', async () => {
    const engine = await scenario([MODEL]);
    const polls = Array.from({ length: 5 }, (_, index) => poll(engine, { worker: `w${index}`, maxTasks: 1 }));
    await nextTurn();
    await Promise.all(Array.from({ length: 3 }, () => engine.start('P')));
    await engine.advance(10_000);
    const tasks = (await Promise.all(polls)).flat();
    expect(new Set(tasks.map(({ id }) => id)).size).to.equal(3);
    expect(tasks).to.have.length(3);
  });

  it('ends when the engine stops', async () => {
    const engine = await scenario([MODEL]);
    const waiting = poll(engine, { timeout: 3_600_000 });
    await nextTurn();
    await engine.stop();
    expect(await waiting).to.deep.equal([]);
  });

  it('takes at most as many tasks as it asks for, and all where it sets no bound', async () => {
    const engine = await scenario([MODEL]);
    for (let i = 0; i < 3; i += 1) await engine.start('P');
    expect(await poll(engine, { maxTasks: 2 })).to.have.length(2);
    for (let i = 0; i < 2; i += 1) await engine.start('P');
    expect(await poll(engine, { maxTasks: 0 })).to.have.length(3);
  });

  for (const [name, args] of [
    ['workerId', ['', 'topic', 1, 0, 1]],
    ['topicName', ['w', undefined, 1, 0, 1]],
    ['maxTasks', ['w', 'topic', '1', 0, 1]],
    ['longPollingTimeout', ['w', 'topic', 1, NaN, 1]],
    ['lockDuration', ['w', 'topic', 1, 0, undefined]],
  ] as const) {
    it(`without a usable ${name} is refused, naming it`, async () => {
      const engine = await scenario([]);
      const fetch = engine.engine.externalTaskApi.fetchAndLockExternalTasks.bind(engine.engine.externalTaskApi) as (
        ...args: unknown[]
      ) => Promise<unknown>;
      const error = await errorOf(fetch(engine.identity, ...args));
      expect(error.code).to.equal(400);
      expect(error.message).to.include(name);
    });
  }
});
