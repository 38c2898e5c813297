/**
 * Puts what waits into one transaction. While a transaction runs, or the event loop has not come round since the first
 * member came, further members gather; then they are committed together, and each caller gets its own result after the
 * common commit. A lone member is not held back: there is no timer.
 *
 * 1. Batches begin in the order in which their members came, and members run in that order (with several transactions in
 *    flight, members of different ones run beside each other).
 * 2. No caller is answered before the transaction that holds its member has ended.
 * 3. If a member fails, nothing of the batch is kept; the batch runs again, each member for itself. If the database
 *    itself fails, so do all members.
 */
import { StorageUnavailableError } from '@process-engine/contracts/storage';

import { RowLockedError } from './row-locked-error.js';

export interface Member {
  /** Roughly the size of what the member writes, in characters. */
  readonly weight: number;
}

export interface GroupCommitOptions {
  /** Most members of one transaction. */
  readonly maxMembers: number;
  /** A transaction takes no further member once its members weigh this much. */
  readonly maxWeight: number;
  /** Most members that may wait; beyond it {@link GroupCommit.submit} refuses. */
  readonly maxQueued: number;
  /** Once the waiting members weigh this much, {@link GroupCommit.submit} refuses. */
  readonly maxQueuedWeight: number;
  /** Most transactions under way at the same time. */
  readonly maxInFlight: number;
}

const DEFAULT_GROUP_COMMIT_OPTIONS: GroupCommitOptions = {
  maxMembers: 100,
  maxWeight: 4_000_000,
  maxQueued: 10_000,
  maxQueuedWeight: 256_000_000,
  maxInFlight: 1,
};

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
  #queue: Waiting<M, R>[] = [];
  #queuedWeight = 0;
  readonly #working = new Set<Promise<void>>();
  /** A batch is about to be taken from the queue. */
  #isGathering = false;
  #isClosed = false;

  constructor(runner: BatchRunner<M, R>, options: Partial<GroupCommitOptions> = {}) {
    this.#runner = runner;
    this.#options = { ...DEFAULT_GROUP_COMMIT_OPTIONS, ...options };
  }

  /** @throws StorageUnavailableError when too many members wait, or after {@link close}. */
  submit(member: M): Promise<R> {
    if (this.#isClosed) return Promise.reject(new StorageUnavailableError('the storage is closed'));
    if (this.#queue.length >= this.#options.maxQueued || this.#queuedWeight >= this.#options.maxQueuedWeight) {
      return Promise.reject(new StorageUnavailableError(`${this.#queue.length} commits are waiting already`));
    }
    return new Promise<R>((resolve, reject) => {
      this.#queue.push({ member, resolve, reject });
      this.#queuedWeight += member.weight;
      this.#gather();
    });
  }

  /** Takes no more members and waits for those that were taken. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  /** Takes the next batch when the event loop comes round, unless enough are under way: then the first that ends does. */
  #gather(): void {
    if (this.#isGathering || this.#queue.length === 0 || this.#working.size >= this.#options.maxInFlight) return;
    this.#isGathering = true;
    const work = this.#work().finally(() => {
      this.#working.delete(work);
      this.#gather();
    });
    this.#working.add(work);
  }

  async #work(): Promise<void> {
    await nextTurn();
    const batch = this.#nextBatch();
    this.#isGathering = false;
    this.#gather();
    deliver(batch, await this.#run(batch.map(({ member }) => member)));
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

  #nextBatch(): readonly Waiting<M, R>[] {
    let size = 0;
    let weight = 0;
    for (const { member } of this.#queue) {
      weight += member.weight;
      if (size > 0 && (size >= this.#options.maxMembers || weight > this.#options.maxWeight)) break;
      size += 1;
    }
    const batch = this.#queue.slice(0, size);
    this.#queue = this.#queue.slice(size);
    for (const { member } of batch) this.#queuedWeight -= member.weight;
    return batch;
  }
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
