import { expect } from 'chai';
import { ServiceUnavaliableError } from '@process-engine/contracts';
import { type ManualClock, settled } from './support/manual-clock.js';
import { identity } from './support/recording-engine.js';
import { externalTask, type WorkerClient } from './support/worker-client.js';
import { slowHandler, WorkerHarness } from './support/worker-harness.js';

describe('An external task worker', () => {
  let harness: WorkerHarness;
  let client: WorkerClient;
  let clock: ManualClock;
  let log: string[];

  beforeEach(() => {
    harness = new WorkerHarness();
    ({ client, clock, log } = harness);
  });

  afterEach(() => harness.end());

  describe('fetches', () => {
    it('with its settings', async () => {
      harness.create({ maxTasks: 3, longPollingTimeout: 5_000, lockDuration: 9_000, workerId: 'me' }).start();
      await settled();

      expect(client.fetch).to.deep.include({
        identity,
        workerId: 'me',
        topic: 'topic',
        maxTasks: 3,
        longPollingTimeout: 5_000,
        lockDuration: 9_000,
      });
    });

    it('under an id of its own', () => {
      expect(harness.create().workerId).to.match(/^[0-9a-f-]{36}$/);
    });

    it('again at once after a long poll without tasks', async () => {
      harness.create().start();
      await clock.advance(10_000);
      client.fetch.answer([]);
      await settled();
      expect(client.fetches).to.have.length(2);
    });

    it('after a pause where the empty answer comes at once', async () => {
      harness.create({ longPollingTimeout: 0 }).start();
      await settled();
      client.fetch.answer([]);
      await clock.advance(999);
      expect(client.fetches).to.have.length(1);
      await clock.advance(1);
      expect(client.fetches).to.have.length(2);
    });

    it('as many as it has free places, and none while all are taken', async () => {
      const { handler, finish } = slowHandler();
      await harness.work({ maxTasks: 2, handler }, 'a');
      expect(client.fetch.maxTasks).to.equal(1);
      client.fetch.answer([externalTask('b')]);
      await settled();
      expect(client.fetches).to.have.length(2);

      finish.a!();
      await settled();
      expect(client.fetches).to.have.length(3);
      expect(client.fetch.maxTasks).to.equal(1);
      finish.b!();
    });

    it('later and later while it fails, and soon again after a success', async () => {
      harness.create().start();
      await settled();
      for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
        const { length } = client.fetches;
        client.fetch.fail(new ServiceUnavaliableError('down'));
        await clock.advance(wait - 1);
        expect(client.fetches).to.have.length(length);
        await clock.advance(1);
        expect(client.fetches).to.have.length(length + 1);
      }
      await clock.advance(10_000);
      client.fetch.answer([]);
      await settled();
      client.fetch.fail(new Error('once'));
      await clock.advance(1_000);
      expect(client.fetches).to.have.length(10);
      expect(log).to.have.length(8);
    });

    it('with jitter', async () => {
      harness.create({ backOff: { first: 100, random: () => 0 } }).start();
      await settled();
      client.fetch.fail(new Error('down'));
      await clock.advance(50);
      expect(client.fetches).to.have.length(2);
    });

    it('anew where no answer comes long after the long polling should have ended', async () => {
      harness.create({ longPollingTimeout: 10_000 }).start();
      await clock.advance(40_000);
      expect(client.fetches[0]!.signal.aborted).to.equal(true);
      await clock.advance(1_000);
      expect(client.fetches).to.have.length(2);
    });

    it('with the identity of the moment', async () => {
      harness.create().start();
      await clock.advance(10_000);
      harness.worker.identity = { token: 'fresh', userId: 'alice' };
      client.fetch.answer([externalTask('a')]);
      await settled();
      expect(client.fetch.identity.token).to.equal('fresh');
      expect(client.identities[0]!.token).to.equal('fresh');
    });
  });

  describe('stops', () => {
    it('its fetch at once, and can be started again', async () => {
      harness.create();
      expect(harness.worker.pollingIsActive).to.equal(false);
      harness.worker.start();
      harness.worker.start();
      await settled();
      expect(client.fetches).to.have.length(1);
      expect(harness.worker.pollingIsActive).to.equal(true);

      await harness.worker.stop();
      await harness.worker.stop();
      expect(client.fetch.signal.aborted).to.equal(true);
      expect(harness.worker.pollingIsActive).to.equal(false);

      harness.worker.start();
      await settled();
      expect(client.fetches).to.have.length(2);
    });

    it('also while it waits after a failure, or has no free place', async () => {
      harness.create().start();
      await settled();
      client.fetch.fail(new Error('down'));
      await settled();
      await harness.worker.stop();

      const { handler, finish } = slowHandler();
      await harness.work({ handler, maxTasks: 1 }, 'a');
      const stopped = harness.worker.stop();
      finish.a!();
      await stopped;
      expect(client.results).to.have.length(1);
    });

    it('when its handlers are done and reported', async () => {
      const { handler, finish } = slowHandler();
      await harness.work({ handler }, 'a', 'b');
      let stopped = false;
      const stop = harness.worker.stop().then(() => (stopped = true));
      finish.a!();
      await clock.advance(20_000);
      expect(stopped).to.equal(false);
      expect(client.extensions.map(([, , id]) => id)).to.deep.equal(['b']);

      finish.b!();
      await stop;
      expect(client.results).to.have.length(2);
      expect(client.fetches).to.have.length(2);
    });

    it('without the handlers that take longer than the limit', async () => {
      const { handler, finish, signals } = slowHandler();
      await harness.work({ handler, stopTimeout: 5_000 }, 'a');
      const stop = harness.worker.stop();
      await clock.advance(5_000);
      await stop;
      expect(signals.a!.aborted).to.equal(true);
      finish.a!('late');
      await clock.advance(60_000);
      expect(client.reports).to.deep.equal([]);
    });

    it('even where the client does not watch the signal', async () => {
      client.fetchAndLockExternalTasks = () => new Promise(() => {});
      harness.create().start();
      await settled();
      await harness.worker.stop();
    });
  });

  it('says what is wrong with its options', () => {
    harness.create();
    expect(() => harness.create({ topic: '' })).to.throw(TypeError, /topic/);
    expect(() => harness.create({ maxTasks: 0 })).to.throw(TypeError, /maxTasks/);
    expect(() => harness.create({ lockDuration: Number.NaN })).to.throw(TypeError, /lockDuration/);
    expect(() => harness.create({ handler: undefined as never })).to.throw(TypeError, /handler/);
  });
});
