/**
 * Puts what waits into one transaction. While a transaction runs, or the event loop has not come round since the first
 * member came, further members gather; then they are committed together, and each caller gets its own result after the
 * common commit. A lone member is not held back.
 *
 * 1. Batches begin in the order in which their members came, and members run in that order (with several transactions in
 *    flight, members of different ones run beside each other). Heavy members have a queue of their own.
 * 2. No caller is answered before the transaction that holds its member has ended.
 * 3. If a member fails, nothing of the batch is kept; the batch runs again, each member for itself. If the database
 *    itself fails, so do all members.
 * 4. A heavy member is a batch by itself. Heavy batches run one at a time; where light members came meanwhile, the next one waits as
 *    long as the last one took. So the light ones have half of the time, however many heavy ones wait, and both go on.
 */
import { StorageUnavailableError } from '@process-engine/contracts/storage';

import { RowLockedError } from './row-locked-error.js';

export interface Member {
  /** Roughly the memory that what the member writes takes, in bytes. */
  readonly weight: number;
}

export interface GroupCommitOptions {
  /** Most members of one transaction. */
  readonly maxMembers: number;
  /** A transaction takes no further member once its members weigh this much. */
  readonly maxWeight: number;
  /** Most members that may wait; beyond it {@link GroupCommit.submit} refuses. */
  readonly maxQueued: number;
  /** Once the waiting light members weigh this much, {@link GroupCommit.submit} refuses further ones. */
  readonly maxQueuedWeight: number;
  /** The same of heavy members. */
  readonly maxQueuedHeavyWeight: number;
  /** Most transactions under way at the same time. */
  readonly maxInFlight: number;
  /** Members from this weight on are heavy. */
  readonly heavy: number;
}

const DEFAULT_GROUP_COMMIT_OPTIONS: GroupCommitOptions = {
  maxMembers: 100,
  maxWeight: 16_000_000,
  maxQueued: 10_000,
  maxQueuedWeight: 16_000_000,
  maxQueuedHeavyWeight: 256_000_000,
  maxInFlight: 1,
  heavy: 1_000_000,
};

/** Most a heavy member waits for the sake of light ones, in ms. */
const LONGEST_PAUSE = 5_000;

/** How batches run. */
export interface BatchRunner<M extends Member, R> {
  /** One transaction for all members: their results in order, or an error and nothing is kept. */
  runTogether(members: readonly M[]): Promise<readonly R[]>;
  /** Each member for itself: a failing one keeps no other from being committed. */
  runEach(members: readonly M[]): Promise<readonly PromiseSettledResult<R>[]>;
}

interface Waiting<M, R> {
  readonly member: M;
  readonly resolve: (result: R) => void;
  readonly reject: (reason: unknown) => void;
}

export class GroupCommit<M extends Member, R> {
  readonly #runner: BatchRunner<M, R>;
  readonly #options: GroupCommitOptions;
  #light: Waiting<M, R>[] = [];
  #heavy: Waiting<M, R>[] = [];
  #lightWeight = 0;
  #heavyWeight = 0;
  readonly #working = new Set<Promise<void>>();
  /** A batch is about to be taken from a queue. */
  #isGathering = false;
  #heavyUnderWay = false;
  /** Light members have come since the last heavy batch began. */
  #lightCame = false;
  /** While heavy members give way to light ones. */
  #pause: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(runner: BatchRunner<M, R>, options: Partial<GroupCommitOptions> = {}) {
    this.#runner = runner;
    this.#options = { ...DEFAULT_GROUP_COMMIT_OPTIONS, ...options };
  }

  /** @throws StorageUnavailableError when too many members wait, or after {@link close}. */
  submit(member: M): Promise<R> {
    if (this.#isClosed) return Promise.reject(new StorageUnavailableError('the storage is closed'));
    const isHeavy = member.weight >= this.#options.heavy;
    if (this.#isFull(isHeavy)) {
      const message = `${this.#light.length + this.#heavy.length} commits are waiting already`;
      return Promise.reject(new StorageUnavailableError(message));
    }
    return new Promise<R>((resolve, reject) => {
      (isHeavy ? this.#heavy : this.#light).push({ member, resolve, reject });
      if (isHeavy) this.#heavyWeight += member.weight;
      else this.#lightWeight += member.weight;
      this.#lightCame ||= !isHeavy;
      this.#gather();
    });
  }

  /** So much waits that a further light member would be refused: whoever brings new work should not begin with it. */
  get isFull(): boolean {
    return this.#isFull(false);
  }

  #isFull(isHeavy: boolean): boolean {
    const { maxQueued, maxQueuedWeight, maxQueuedHeavyWeight } = this.#options;
    if (this.#light.length + this.#heavy.length >= maxQueued) return true;
    return isHeavy ? this.#heavyWeight >= maxQueuedHeavyWeight : this.#lightWeight >= maxQueuedWeight;
  }

  /** Takes no more members and waits for those that were taken. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endPause();
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  /** Takes the next batch when the event loop comes round, unless enough are under way: then the first that ends does. */
  #gather(): void {
    if (this.#isGathering || this.#working.size >= this.#options.maxInFlight) return;
    if (this.#light.length === 0 && !this.#mayTakeHeavy) return;
    this.#isGathering = true;
    const work = this.#work().finally(() => {
      this.#working.delete(work);
      this.#gather();
    });
    this.#working.add(work);
  }

  get #mayTakeHeavy(): boolean {
    return this.#heavy.length > 0 && !this.#heavyUnderWay && this.#pause === undefined;
  }

  async #work(): Promise<void> {
    await nextTurn();
    if (this.#mayTakeHeavy) return this.#workHeavy();
    const batch = this.#nextLightBatch();
    this.#isGathering = false;
    this.#gather();
    deliver(batch, await this.#run(batch.map(({ member }) => member)));
  }

  async #workHeavy(): Promise<void> {
    const batch = this.#heavy.splice(0, 1);
    const begin = performance.now();
    this.#heavyWeight -= weightOf(batch);
    this.#heavyUnderWay = true;
    this.#lightCame = this.#light.length > 0;
    this.#isGathering = false;
    this.#gather();
    const outcomes = await this.#run(batch.map(({ member }) => member));
    this.#heavyUnderWay = false;
    if (this.#lightCame && !this.#isClosed) this.#beginPause(performance.now() - begin);
    deliver(batch, outcomes);
  }

  #beginPause(duration: number): void {
    this.#pause = setTimeout(() => this.#endPause(), Math.min(duration, LONGEST_PAUSE));
  }

  #endPause(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#gather();
  }

  async #run(members: readonly M[]): Promise<readonly PromiseSettledResult<R>[]> {
    try {
      const results = await this.#runner.runTogether(members);
      return results.map((value) => ({ status: 'fulfilled', value }));
    } catch (error) {
      const isAway = error instanceof StorageUnavailableError && !(error instanceof RowLockedError);
      if (members.length === 1 || isAway) return failed(members, error);
    }
    try {
      return await this.#runner.runEach(members);
    } catch (error) {
      return failed(members, error);
    }
  }

  #nextLightBatch(): readonly Waiting<M, R>[] {
    let size = 0;
    let weight = 0;
    for (const { member } of this.#light) {
      weight += member.weight;
      if (size > 0 && (size >= this.#options.maxMembers || weight > this.#options.maxWeight)) break;
      size += 1;
    }
    const batch = this.#light.slice(0, size);
    this.#light = this.#light.slice(size);
    this.#lightWeight -= weightOf(batch);
    return batch;
  }
}

function weightOf(batch: readonly { readonly member: Member }[]): number {
  return batch.reduce((sum, { member }) => sum + member.weight, 0);
}

function deliver<M, R>(batch: readonly Waiting<M, R>[], outcomes: readonly PromiseSettledResult<R>[]): void {
  for (const [at, { resolve, reject }] of batch.entries()) {
    const outcome = outcomes[at];
    if (outcome?.status === 'fulfilled') resolve(outcome.value);
    else reject(outcome?.reason ?? new Error('a batch gave no result for one of its members'));
  }
}

function failed<M, R>(members: readonly M[], reason: unknown): PromiseSettledResult<R>[] {
  return members.map(() => ({ status: 'rejected', reason }));
}

/** Lets the event loop take in what arrived meanwhile. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
