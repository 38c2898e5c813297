/** Customers, workers and people who use an engine, whether it lives at the moment or not. */
import type { EngineApi, IIdentity } from '@process-engine/contracts';
import { IDENTITY } from '../crash/drive.js';
import type { Attempt, AttemptKind, Attempts } from './attempts.js';

/** Orders under way at the same time. */
const UNDER_WAY = 24;
/** Of external tasks: whoever was not told what became of its report tries again after it, ms. */
const LOCK_DURATION = 1_500;
const POLL = 300;
const HOUR = 3_600_000;

type UsedEngine = Pick<EngineApi, 'consumerApi' | 'externalTaskApi' | 'managementApi'>;

export interface LoadOptions {
  /** The engine to talk to; while there is none it is awaited. */
  readonly engine: () => Promise<UsedEngine>;
  readonly attempts: Attempts;
  readonly random: () => number;
  /** Who does it all. */
  readonly identity?: IIdentity;
}

export class Load {
  #starts = true;
  #works = true;
  #ordered = 0;
  /** Orders nobody has approved: as many as were seen last, and those given since. */
  #unapproved = 0;
  readonly #identity: IIdentity;
  readonly #unpaid: string[] = [];
  readonly #loops: Promise<void>[] = [];

  constructor(private readonly options: LoadOptions) {
    this.#identity = options.identity ?? IDENTITY;
  }

  begin(): void {
    for (const step of [this.#start, this.#pay, this.#work, this.#approve]) {
      for (const number of [1, 2]) this.#loops.push(this.#repeat(step, `${step.name}-${number}`));
    }
  }

  /** No further orders; those under way are brought to their end. */
  stopStarting(): void {
    this.#starts = false;
  }

  /** How many orders were given so far, or tried to be. */
  get ordered(): number {
    return this.#ordered;
  }

  /** Every order that was tried has its payment on the way. */
  get isPaid(): boolean {
    return this.#unpaid.length === 0;
  }

  async stop(): Promise<void> {
    this.#works = false;
    await Promise.all(this.#loops);
  }

  async #repeat(step: (name: string) => Promise<void>, name: string): Promise<void> {
    while (this.#works) {
      await step.call(this, name).catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** One order; every third is asked for again, under the same key, until somebody says yes. */
  async #start(): Promise<void> {
    const { attempts, random } = this.options;
    if (!this.#starts || this.#unapproved > UNDER_WAY) return pause();
    this.#ordered += 1;
    this.#unapproved += 1;
    const id = attempts.newId();
    if (random() < 0.5) this.#unpaid.push(id);
    if (this.#ordered % 3 === 0) {
      await this.#untilAcknowledged(() => this.#order('keyed start', id, { idempotencyKey: id }));
    } else await this.#order('start', id, {});
    if (!this.#unpaid.includes(id)) this.#unpaid.push(id);
  }

  #order(kind: AttemptKind, id: string, key: { idempotencyKey?: string }): Promise<Attempt> {
    const request = { ...key, correlationId: id, businessKey: id, inputValues: { order: id } };
    return this.#make(
      kind,
      ({ consumerApi }) => consumerApi.startProcessInstance(this.#identity, 'order', request),
      id,
    );
  }

  async #pay(): Promise<void> {
    const order = this.#unpaid[0];
    if (order === undefined) return pause();
    const attempt = await this.#make('message', ({ managementApi }, id) =>
      managementApi.publishMessage(this.#identity, {
        name: 'paid',
        businessKey: order,
        payload: { paidBy: id },
        timeToLive: HOUR,
      }),
    );
    if (attempt.outcome === 'acknowledged' && this.#unpaid.includes(order)) {
      this.#unpaid.splice(this.#unpaid.indexOf(order), 1);
    }
  }

  async #work(worker: string): Promise<void> {
    const { externalTaskApi } = await this.options.engine();
    const tasks = await externalTaskApi.fetchAndLockExternalTasks(
      this.#identity,
      worker,
      'pack',
      5,
      POLL,
      LOCK_DURATION,
    );
    for (const task of tasks) {
      await this.#make('work', (engine, id) =>
        engine.externalTaskApi.finishExternalTask(this.#identity, worker, task.id, { packedBy: id }),
      );
    }
  }

  /** Two people take different ends of the list, and meet in its middle. */
  async #approve(person: string): Promise<void> {
    const { consumerApi } = await this.options.engine();
    const { userTasks } = await consumerApi.getUserTasksForProcessModel(this.#identity, 'order');
    this.#unapproved = userTasks.length;
    const own = person.endsWith('1') ? userTasks.slice(0, 5) : userTasks.slice(-5);
    if (own.length === 0) return pause();
    for (const { processInstanceId, correlationId, flowNodeInstanceId } of own) {
      await this.#make('approval', (engine, id) =>
        engine.consumerApi.finishUserTask(this.#identity, processInstanceId, correlationId, flowNodeInstanceId, {
          formFields: { approvedBy: id },
        }),
      );
    }
  }

  async #untilAcknowledged(attempt: () => Promise<Attempt>): Promise<void> {
    while (this.#works && (await attempt()).outcome !== 'acknowledged') await pause();
  }

  async #make(
    kind: AttemptKind,
    call: (engine: UsedEngine, id: string) => Promise<unknown>,
    id?: string,
  ): Promise<Attempt> {
    const engine = await this.options.engine();
    return this.options.attempts.make(kind, (attempt) => call(engine, attempt), id);
  }
}

/** There is nothing to do: looks again soon. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
