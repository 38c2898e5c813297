import { expect } from 'chai';
import {
  BadRequestError,
  GoneError,
  LockedError,
  NotFoundError,
  ServiceUnavaliableError,
} from '@process-engine/contracts';
import {
  ExternalTaskBpmnError,
  ExternalTaskServiceError,
  ExternalTaskSuccessResult,
  type ExternalTaskWorkerOptions,
} from '@process-engine/client';
import { type ManualClock, settled } from './support/manual-clock.js';
import { externalTask, type WorkerClient } from './support/worker-client.js';
import { slowHandler, WorkerHarness } from './support/worker-harness.js';

describe('The work of an external task worker', () => {
  let harness: WorkerHarness;
  let client: WorkerClient;
  let clock: ManualClock;
  let log: string[];

  beforeEach(() => {
    harness = new WorkerHarness();
    ({ client, clock, log } = harness);
  });

  afterEach(() => harness.end());

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
        await harness.work({ handler, workerId: 'me' }, 'a');
        expect(client.reports).to.deep.equal([[operation, 'me', 'a', ...rest]]);
      });
    }

    it('all tasks it got, each on its own', async () => {
      const { handler, finish } = slowHandler();
      await harness.work({ handler }, 'a', 'b');
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
        await harness.work({}, 'a');
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
      await harness.work({ handler: () => 'result', lockDuration: 1_000_000 }, 'a');
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
      await harness.work({ lockDuration: 10_000_000 }, 'a');
      await clock.advance(1_000_000);
      expect(client.results).to.have.length(10);
      expect(log).to.include('the result of an external task is given up');
    });

    it('a service error where the engine refuses the result', async () => {
      client.onReport = (operation) => {
        if (operation === 'finishExternalTask') throw new BadRequestError('result cannot be written as JSON');
      };
      await harness.work({}, 'a');
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
      await harness.work({}, 'a');
      expect(client.reports).to.have.length(2);
      expect(log.at(-1)).to.equal('the result of an external task is given up');
    });
  });

  describe('keeps the lock', () => {
    it('while the handler works, and no longer', async () => {
      const { handler, finish } = slowHandler();
      await harness.work({ handler, lockDuration: 30_000, workerId: 'me' }, 'a');
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
      await harness.work({ handler: () => Promise.reject(new Error('oops')) }, 'a');
      await clock.advance(60_000);
      expect(client.extensions).to.have.length(0);
    });

    it('by trying again soon where an extension fails', async () => {
      const { handler, finish } = slowHandler();
      client.onReport = () => {
        throw new ServiceUnavaliableError('down');
      };
      await harness.work({ handler, lockDuration: 30_000 }, 'a');
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
      await harness.work({ handler }, 'a');
      await clock.advance(15_000);
      expect(signals.a!.aborted).to.equal(true);
      expect(signals.a!.reason).to.equal(gone);

      finish.a!('late');
      await clock.advance(20_000);
      expect(client.reports).to.have.length(1);
      expect(log).to.deep.equal(['the result of an external task is dropped']);
    });
  });
});
