/** One run of the journey by callers who try again until they are told yes, and the verdict on what came of it. */
import type { Storage } from '@process-engine/contracts/storage';
import type { TestEngine } from '@process-engine/core/testing';
import { attemptsIn, Attempts, type Attempt } from '../chaos/attempts.js';
import { JOURNEY_PATH } from './journey-models.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Rounds until everybody has tried often enough: without a fault it takes three. */
const ROUNDS = 12;
const EVERYTHING = { tenantId: '' };
/** Where the attempts of the worker, the person and the publisher leave their id. */
const RECEIVERS = ['pack', 'inner', 'payment'];

export class Journey {
  readonly attempts = new Attempts();
  /** Correlation, business key and idempotency key of the one instance. */
  readonly #key: string;
  readonly #test: TestEngine;
  #isPaid = false;

  constructor(test: TestEngine, key: string) {
    this.#test = test;
    this.#key = key;
  }

  /** Until the instance has ended, or nobody has anything left to try. */
  async run(storage: Storage): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      await this.#start();
      await this.#pay();
      await this.#work();
      await this.#finishInner();
      // In the first round the rest ends, in the second the slow task; locks end, and what failed is tried again.
      await this.#test.advance(round === 0 ? 11 * MINUTE : HOUR);
      if (await this.#hasEnded(storage)) return;
    }
  }

  async #start(): Promise<void> {
    if (this.attempts.count('keyed start', 'acknowledged') > 0) return;
    const { engine, identity } = this.#test;
    const request = { correlationId: this.#key, businessKey: this.#key, idempotencyKey: this.#key };
    await this.#make('keyed start', () => engine.consumerApi.startProcessInstance(identity, 'journey', request));
  }

  /** A message nobody waits for yet is kept. */
  async #pay(): Promise<void> {
    if (this.#isPaid) return;
    const { engine, identity } = this.#test;
    const { outcome } = await this.#make('message', (id) =>
      engine.managementApi.publishMessage(identity, {
        name: 'paid',
        businessKey: this.#key,
        payload: { paidBy: id },
        timeToLive: 100 * HOUR,
      }),
    );
    this.#isPaid = outcome === 'acknowledged';
  }

  async #work(): Promise<void> {
    const { identity } = this.#test;
    const api = this.#test.engine.externalTaskApi;
    const tasks = await api.fetchAndLockExternalTasks(identity, 'worker', 'pack', 5, 0, MINUTE).catch(() => []);
    for (const { id: task } of tasks) {
      await this.#make('work', (id) => api.finishExternalTask(identity, 'worker', task, { packedBy: id }));
    }
  }

  async #finishInner(): Promise<void> {
    const tasks = await this.#test.tasks().catch(() => []);
    for (const task of tasks.filter(({ id }) => id === 'inner')) {
      await this.#make('approval', (id) => this.#test.finishTask(task, { approvedBy: id }));
    }
  }

  async #make(kind: Attempt['kind'], call: (id: string) => Promise<unknown>): Promise<Attempt> {
    const attempt = await this.attempts.make(kind, call);
    await this.#test.engine.idle();
    return attempt;
  }

  async #hasEnded(storage: Storage): Promise<boolean> {
    const filter = { ...EVERYTHING, correlationId: this.#key };
    const { items } = await storage.findProcessInstances(filter).catch(() => ({ items: [] }));
    return this.#isPaid && items.length > 0 && items.every(({ state }) => state !== 'running');
  }

  /** What is wrong, in words. */
  async problems(storage: Storage): Promise<string[]> {
    const { items: instances } = await storage.findProcessInstances({ ...EVERYTHING, correlationId: this.#key });
    const paths = await Promise.all(instances.map(({ id }) => nodesOf(storage, id)));
    const nodes = paths.flat();
    const path = nodes.map(({ flowNodeId, state }) => (state === 'finished' ? flowNodeId : `${flowNodeId} (${state})`));
    const kept = (await storage.findMessages({ ...EVERYTHING, now: 0 })).filter(
      ({ businessKey }) => businessKey === this.#key,
    );
    const received = nodes.filter(({ flowNodeId }) => RECEIVERS.includes(flowNodeId)).map(({ result }) => result);
    const happened = [...received, ...kept.map(({ payload }) => payload)].flatMap(attemptsIn);
    const { items: jobs } = await storage.findJobs(EVERYTHING);
    return [
      ...(path.sort().join() === JOURNEY_PATH.join() ? [] : [`what happened was ${path.join(' ')}`]),
      ...this.attempts.all.flatMap((attempt) =>
        attemptProblems(attempt, happened.filter((id) => id === attempt.id).length),
      ),
      ...jobs.map(({ kind, flowNodeId }) => `a job '${kind}' of '${flowNodeId}' is left`),
    ];
  }
}

async function nodesOf(storage: Storage, processInstanceId: string) {
  return (await storage.findFlowNodeInstances({ ...EVERYTHING, processInstanceId })).items;
}

/** That a start happened once is seen by the path. */
function attemptProblems({ id, kind, outcome }: Attempt, times: number): string[] {
  if (kind === 'keyed start') return [];
  const fits = outcome === 'acknowledged' ? times === 1 : outcome === 'refused' ? times === 0 : times <= 1;
  return fits ? [] : [`the ${kind} ${id} was ${outcome}, and happened ${times} times`];
}
