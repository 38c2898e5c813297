import { expect } from 'chai';
import {
  BadRequestError,
  GoneError,
  LockedError,
  NotFoundError,
  ServiceUnavaliableError,
  type Logger,
} from '@process-engine/contracts';
import {
  ExternalTaskBpmnError,
  ExternalTaskServiceError,
  ExternalTaskSuccessResult,
  ExternalTaskWorker,
  type ExternalTaskWorkerOptions,
} from '@process-engine/client';
import { ManualClock, settled } from './support/manual-clock.js';
import { identity } from './support/recording-engine.js';
import { externalTask, WorkerClient } from './support/worker-client.js';

describe('An external task worker', () => {
  let client: WorkerClient;
  let clock: ManualClock;
  let log: string[];
  let worker: ExternalTaskWorker;

  beforeEach(() => {
    client = new WorkerClient();
    clock = new ManualClock();
    log = [];
  });

  afterEach(async () => {
    const stopped = worker.stop();
    await clock.advance(100_000);
    await stopped;
    expect(clock.alarms, 'alarms left behind').to.deep.equal([]);
  });

  type Options = Partial<ExternalTaskWorkerOptions>;

  function create(options: Options = {}): ExternalTaskWorker {
    const note = (_fields: object, message: string) => void log.push(message);
    const logger: Logger = { debug: note, info: note, warn: note, error: note };
    const backOff = { random: () => 1 };
    const handler = () => undefined;
    worker = new ExternalTaskWorker(client, { identity, topic: 'topic', handler, clock, logger, backOff, ...options });
    return worker;
  }

  /** Starts a worker and hands it the tasks. */
  async function work(options: Options, ...ids: string[]): Promise<void> {
    create(options).start();
    await settled();
    client.fetch.answer(ids.map(externalTask));
    await settled();
  }

  /** A handler that waits for the test, by task id. */
  function slowHandler() {
    const finish: Record<string, (result?: unknown) => void> = {};
    const signals: Record<string, AbortSignal> = {};
    const handler: ExternalTaskWorkerOptions['handler'] = ({ id }, { signal }) => {
      signals[id] = signal;
      return new Promise((resolve) => (finish[id] = resolve));
    };
    return { finish, signals, handler };
  }

  describe('fetches', () => {
    it('with its settings', async () => {
      create({ maxTasks: 3, longPollingTimeout: 5_000, lockDuration: 9_000, workerId: 'me' }).start();
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
      expect(create().workerId).to.match(/^[0-9a-f-]{36}$/);
    });

    it('again at once after a long poll without tasks', async () => {
      create().start();
      await clock.advance(10_000);
      client.fetch.answer([]);
      await settled();
      expect(client.fetches).to.have.length(2);
    });

    it('after a pause where the empty answer comes at once', async () => {
      create({ longPollingTimeout: 0 }).start();
      await settled();
      client.fetch.answer([]);
      await clock.advance(999);
      expect(client.fetches).to.have.length(1);
      await clock.advance(1);
      expect(client.fetches).to.have.length(2);
    });

    it('as many as it has free places, and none while all are taken', async () => {
      const { handler, finish } = slowHandler();
      await work({ maxTasks: 2, handler }, 'a');
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
      create().start();
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
      create({ backOff: { first: 100, random: () => 0 } }).start();
      await settled();
      client.fetch.fail(new Error('down'));
      await clock.advance(50);
      expect(client.fetches).to.have.length(2);
    });

    it('anew where no answer comes long after the long polling should have ended', async () => {
      create({ longPollingTimeout: 10_000 }).start();
      await clock.advance(40_000);
      expect(client.fetches[0]!.signal.aborted).to.equal(true);
      await clock.advance(1_000);
      expect(client.fetches).to.have.length(2);
    });

    it('with the identity of the moment', async () => {
      create().start();
      await clock.advance(10_000);
      worker.identity = { token: 'fresh', userId: 'alice' };
      client.fetch.answer([externalTask('a')]);
      await settled();
      expect(client.fetch.identity.token).to.equal('fresh');
      expect(client.identities[0]!.token).to.equal('fresh');
    });
  });

  describe('reports', () => {
    const outcomes: [string, ExternalTaskWorkerOptions['handler'], unknown[]][] = [
      ['the value its handler returns', ({ payload }) => payload, ['finishExternalTask', { for: 'a' }]],
      ['that there is none', () => undefined, ['finishExternalTask', undefined]],
      [
        'a success result',
        ({ id }) => new ExternalTaskSuccessResult(id, { done: true }),
        ['finishExternalTask', { done: true }],
      ],
      [
        'a BPMN error with its message',
        async ({ id }) => new ExternalTaskBpmnError(id, 'E1', 'too late'),
        ['handleBpmnError', 'E1', 'too late'],
      ],
      [
        'a service error with details and code',
        ({ id }) => new ExternalTaskServiceError(id, 'broken', { at: 1 }, 'S1'),
        ['handleServiceError', 'broken', { at: 1 }, 'S1'],
      ],
      [
        'an error its handler throws',
        () => {
          throw new Error('oops');
        },
        ['handleServiceError', 'oops', undefined, undefined],
      ],
      [
        'a rejection without an error',
        () => Promise.reject('text' as unknown as Error),
        ['handleServiceError', 'text', undefined, undefined],
      ],
      [
        'a BPMN error its handler throws',
        ({ id }) => {
          throw new ExternalTaskBpmnError(id, 'E2') as unknown as Error;
        },
        ['handleBpmnError', 'E2', undefined],
      ],
    ];
    for (const [what, handler, [operation, ...rest]] of outcomes) {
      it(what, async () => {
        await work({ handler, workerId: 'me' }, 'a');
        expect(client.reports).to.deep.equal([[operation, 'me', 'a', ...rest]]);
      });
    }

    it('all tasks it got, each on its own', async () => {
      const { handler, finish } = slowHandler();
      await work({ handler }, 'a', 'b');
      finish.b!('B');
      await settled();
      expect(client.results.map(([, , id]) => id)).to.deep.equal(['b']);
      finish.a!('A');
      await settled();
      expect(client.results.map(([, , id, result]) => [id, result])).to.deep.equal([
        ['b', 'B'],
        ['a', 'A'],
      ]);
    });

    for (const lost of [new NotFoundError('unknown'), new GoneError('gone'), new LockedError('locked')]) {
      it(`and goes on where the answer is ${lost.code}`, async () => {
        client.onReport = () => {
          throw lost;
        };
        await work({}, 'a');
        expect(client.reports).to.have.length(1);
        expect(log).to.deep.equal(['the external task is not ours any more']);

        client.fetch.answer([externalTask('b')]);
        await settled();
        expect(client.reports).to.have.length(2);
      });
    }

    it('again while the engine is not there', async () => {
      client.onReport = () => {
        if (client.results.length < 3) throw new ServiceUnavaliableError('down');
      };
      await work({ handler: () => 'result', lockDuration: 1_000_000 }, 'a');
      expect(client.results).to.have.length(1);
      await clock.advance(1_000);
      expect(client.results).to.have.length(2);
      await clock.advance(2_000);
      expect(client.results).to.have.length(3);
      await clock.advance(100_000);
      expect(client.results).to.have.length(3);
      expect(new Set(client.results.map(String)).size).to.equal(1);
    });

    it('not for ever', async () => {
      client.onReport = () => {
        throw new ServiceUnavaliableError('down');
      };
      await work({ lockDuration: 10_000_000 }, 'a');
      await clock.advance(1_000_000);
      expect(client.results).to.have.length(10);
      expect(log).to.include('the result of an external task is given up');
    });

    it('a service error where the engine refuses the result', async () => {
      client.onReport = (operation) => {
        if (operation === 'finishExternalTask') throw new BadRequestError('result cannot be written as JSON');
      };
      await work({}, 'a');
      expect(client.reports.map(([operation]) => operation)).to.deep.equal([
        'finishExternalTask',
        'handleServiceError',
      ]);
      expect(client.reports[1]![3]).to.match(/refused: result cannot be written as JSON/);
    });

    it('and gives up where even that is refused', async () => {
      client.onReport = () => {
        throw new BadRequestError('no');
      };
      await work({}, 'a');
      expect(client.reports).to.have.length(2);
      expect(log.at(-1)).to.equal('the result of an external task is given up');
    });
  });

  describe('keeps the lock', () => {
    it('while the handler works, and no longer', async () => {
      const { handler, finish } = slowHandler();
      await work({ handler, lockDuration: 30_000, workerId: 'me' }, 'a');
      await clock.advance(14_999);
      expect(client.extensions).to.have.length(0);
      await clock.advance(15_001);
      expect(client.extensions).to.deep.equal([
        ['extendLock', 'me', 'a', 30_000],
        ['extendLock', 'me', 'a', 30_000],
      ]);

      finish.a!();
      await clock.advance(60_000);
      expect(client.extensions).to.have.length(2);
    });

    it('and stops with a handler that throws', async () => {
      await work({ handler: () => Promise.reject(new Error('oops')) }, 'a');
      await clock.advance(60_000);
      expect(client.extensions).to.have.length(0);
    });

    it('by trying again soon where an extension fails', async () => {
      const { handler, finish } = slowHandler();
      client.onReport = () => {
        throw new ServiceUnavaliableError('down');
      };
      await work({ handler, lockDuration: 30_000 }, 'a');
      await clock.advance(15_000);
      expect(client.extensions).to.have.length(1);
      client.onReport = () => {};
      await clock.advance(5_000);
      expect(client.extensions).to.have.length(2);
      finish.a!('done');
      await settled();
      expect(client.results).to.have.length(1);
    });

    it('until it is lost: then the handler is told and its result dropped', async () => {
      const { handler, finish, signals } = slowHandler();
      const gone = new GoneError('cancelled');
      client.onReport = () => {
        throw gone;
      };
      await work({ handler }, 'a');
      await clock.advance(15_000);
      expect(signals.a!.aborted).to.equal(true);
      expect(signals.a!.reason).to.equal(gone);

      finish.a!('late');
      await clock.advance(20_000);
      expect(client.reports).to.have.length(1);
      expect(log).to.deep.equal(['the result of an external task is dropped']);
    });
  });

  describe('stops', () => {
    it('its fetch at once, and can be started again', async () => {
      create();
      expect(worker.pollingIsActive).to.equal(false);
      worker.start();
      worker.start();
      await settled();
      expect(client.fetches).to.have.length(1);
      expect(worker.pollingIsActive).to.equal(true);

      await worker.stop();
      await worker.stop();
      expect(client.fetch.signal.aborted).to.equal(true);
      expect(worker.pollingIsActive).to.equal(false);

      worker.start();
      await settled();
      expect(client.fetches).to.have.length(2);
    });

    it('also while it waits after a failure, or has no free place', async () => {
      create().start();
      await settled();
      client.fetch.fail(new Error('down'));
      await settled();
      await worker.stop();

      const { handler, finish } = slowHandler();
      await work({ handler, maxTasks: 1 }, 'a');
      const stopped = worker.stop();
      finish.a!();
      await stopped;
      expect(client.results).to.have.length(1);
    });

    it('when its handlers are done and reported', async () => {
      const { handler, finish } = slowHandler();
      await work({ handler }, 'a', 'b');
      let stopped = false;
      const stop = worker.stop().then(() => (stopped = true));
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
      await work({ handler, stopTimeout: 5_000 }, 'a');
      const stop = worker.stop();
      await clock.advance(5_000);
      await stop;
      expect(signals.a!.aborted).to.equal(true);
      finish.a!('late');
      await clock.advance(60_000);
      expect(client.reports).to.deep.equal([]);
    });

    it('even where the client does not watch the signal', async () => {
      client.fetchAndLockExternalTasks = () => new Promise(() => {});
      create().start();
      await settled();
      await worker.stop();
    });
  });

  it('says what is wrong with its options', () => {
    create();
    expect(() => create({ topic: '' })).to.throw(TypeError, /topic/);
    expect(() => create({ maxTasks: 0 })).to.throw(TypeError, /maxTasks/);
    expect(() => create({ lockDuration: Number.NaN })).to.throw(TypeError, /lockDuration/);
    expect(() => create({ handler: undefined as never })).to.throw(TypeError, /handler/);
  });
});
