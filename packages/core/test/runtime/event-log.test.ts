import type { LoggedEvent, NotificationKind } from '@process-engine/contracts';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { expect } from 'chai';
import { ManualClock, processBuilder } from '../../dist/testing/index.js';
import { sharedStorage } from '../support/faulty-storage.js';
import { errorOf, nextTurn, scenario, type Scenario } from '../support/scenario.js';
import { testStorage } from '../support/test-storage.js';

const model = () => processBuilder('P').startEvent('S').userTask('A').endEvent('E');

interface Reader {
  readonly events: LoggedEvent[];
  /** Resolves when the iteration has ended; rejects with what ended it. */
  readonly ended: Promise<void>;
  abort(): void;
}

async function follow(engine: Scenario, after?: number, kinds?: readonly NotificationKind[]): Promise<Reader> {
  const controller = new AbortController();
  const followed = await engine.engine.notificationApi.followEvents!(engine.identity, {
    after,
    kinds,
    signal: controller.signal,
  });
  const events: LoggedEvent[] = [];
  const read = async (): Promise<void> => {
    for await (const event of followed) events.push(event);
  };
  return { events, ended: read(), abort: () => controller.abort() };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

const kindsOf = ({ events }: Reader) => events.map(({ kind }) => kind);

describe('Following the event log', () => {
  it('gives what happened before and what happens now, in order, with all that filters need', async () => {
    const engine = await scenario([model()], { eventLog: 'all' });
    const { processInstanceId, correlationId } = await engine.start('P');
    const reader = await follow(engine, 0);
    await engine.finish('A');
    await turns();
    expect(kindsOf(reader)).to.deep.equal([
      'process_started',
      'user_task_waiting',
      'user_task_finished',
      'end_event_reached',
      'process_ended',
    ]);
    const [, waiting] = reader.events;
    expect(waiting).to.deep.include({ ownerId: 'tester', lanes: '[]', tenantId: '' });
    expect(waiting!.createdAt).to.equal('2030-01-01T00:00:00.000Z');
    expect(waiting!.payload).to.include({ processModelId: 'P', processInstanceId, correlationId, flowNodeId: 'A' });
    expect(waiting!.payload).not.to.have.any.keys('ownerId', 'lanes');
    reader.abort();
    await reader.ended;
  });

  it('goes on behind a cursor without a gap and without a repetition', async () => {
    const engine = await scenario([model()], { eventLog: 'all' });
    // More than one batch.
    for (let count = 0; count < 150; count += 1) await engine.start('P');
    const first = await follow(engine, 0);
    await turns();
    first.abort();
    await first.ended;
    const half = first.events.slice(0, 101);
    const second = await follow(engine, half.at(-1)!.seq);
    await engine.start('P');
    await turns();
    second.abort();
    const all = await follow(engine, 0);
    await turns();
    all.abort();
    expect(all.events).to.have.length(302);
    expect([...half, ...second.events]).to.deep.equal(all.events);
  });

  it('without a cursor begins with what is committed after the answer', async () => {
    const engine = await scenario([model()], { eventLog: 'all' });
    await engine.start('P');
    const reader = await follow(engine);
    await engine.start('P');
    await turns();
    expect(kindsOf(reader)).to.deep.equal(['process_started', 'user_task_waiting']);
    reader.abort();
  });

  it('gives only the kinds that are asked for, and only those are kept that the engine is told to keep', async () => {
    const engine = await scenario([model()], {
      eventLog: ['process_started', 'user_task_waiting', 'message_triggered'],
    });
    const [some, all] = [await follow(engine, 0, ['user_task_waiting']), await follow(engine, 0)];
    await engine.start('P');
    await engine.finish('A');
    await engine.message('nobody waits');
    await turns();
    expect(kindsOf(some)).to.deep.equal(['user_task_waiting']);
    expect(kindsOf(all)).to.deep.equal(['process_started', 'user_task_waiting', 'message_triggered']);
    some.abort();
    all.abort();
  });

  it('hears within a second of what another node does', async () => {
    const storage = sharedStorage(testStorage());
    const clock = new ManualClock();
    const one = await scenario([model()], { storage, clock, nodeId: 'one', eventLog: 'all' });
    const two = await scenario([], { storage, clock, nodeId: 'two', eventLog: 'all' });
    const reader = await follow(two, 0);
    await turns();
    await one.start('P');
    await clock.advanceTo(clock.now() + 1_000, turns);
    expect(kindsOf(reader)).to.deep.equal(['process_started', 'user_task_waiting']);
    reader.abort();
  });

  it('waits while the storage is away, and goes on where it was', async () => {
    const inner = testStorage();
    let away = false;
    const storage = sharedStorage(inner);
    const failing = new Proxy(storage, {
      get: (target, name) =>
        name === 'readEvents' && away
          ? () => Promise.reject(new StorageUnavailableError('away', 3))
          : (Reflect.get(target, name) as unknown),
    });
    const engine = await scenario([model()], { storage: failing, eventLog: 'all' });
    const reader = await follow(engine, 0);
    await turns();
    away = true;
    await engine.start('P');
    await turns();
    expect(reader.events).to.have.length(0);
    away = false;
    await engine.clock.advanceTo(engine.clock.now() + 3_000, turns);
    expect(kindsOf(reader)).to.deep.equal(['process_started', 'user_task_waiting']);
    reader.abort();
    await reader.ended;
  });

  it('many readers at the end of the log share their queries', async () => {
    let reads = 0;
    const inner = testStorage();
    const counting = new Proxy(inner, {
      get: (target, name): unknown => {
        if (name === 'readEvents') reads += 1;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const engine = await scenario([model()], { storage: counting, eventLog: 'all' });
    const readers = await Promise.all(Array.from({ length: 500 }, () => follow(engine)));
    await turns();
    reads = 0;
    await engine.start('P');
    await turns();
    expect(reads).to.be.lessThan(10);
    expect(readers.every(({ events }) => events.length === 2)).to.equal(true);
    for (const reader of readers) reader.abort();
    await Promise.all(readers.map(({ ended }) => ended));
  });

  it('ends when the engine stops', async () => {
    const engine = await scenario([model()], { eventLog: 'all' });
    const reader = await follow(engine, 0);
    await turns();
    await engine.engine.stop();
    await reader.ended;
  });

  it('is refused where nothing is kept, and where the cursor is none', async () => {
    const engine = await scenario([model()], { eventLog: 'none' });
    expect(await errorOf(follow(engine, 0))).to.include({ code: 409, reason: 'event-log-off' });
    expect(await errorOf(follow(engine, -1))).to.include({ code: 400 });
  });
});
