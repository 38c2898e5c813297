import type { ExternalTaskRecord, JobRecord, SubscriptionRecord } from '@process-engine/contracts/storage';

import { ClaimQueue } from './claim-queue.js';
import { GroupedRows } from './grouped-rows.js';
import { mostUrgentFirst, oldestFirst } from './ordering.js';

export interface OpenRow {
  readonly id: string;
  readonly createdAt: number;
}

/** A table of open rows, indexed by id and by partition (process instance, or definition). */
export class OpenTable<T extends OpenRow> {
  readonly #byId = new Map<string, T>();
  readonly #byPartition = new GroupedRows<T>();
  readonly #partitionOf: (row: T) => string;

  constructor(partitionOf: (row: T) => string) {
    this.#partitionOf = partitionOf;
  }

  get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  find(partition: string, id: string): T | undefined {
    const row = this.#byId.get(id);
    return row !== undefined && this.#partitionOf(row) === partition ? row : undefined;
  }

  all(): T[] {
    return [...this.#byId.values()];
  }

  of(partition: string): T[] {
    return this.#byPartition.of(partition);
  }

  /** Adds the row, or replaces the one with its id. */
  put(row: T): void {
    this.#byId.set(row.id, row);
    this.#byPartition.put(this.#partitionOf(row), row);
  }

  /** A row that is already gone is no error. */
  delete(partition: string, id: string): T | undefined {
    const row = this.find(partition, id);
    if (row === undefined) return undefined;
    this.#byId.delete(id);
    this.#byPartition.delete(partition, id);
    return row;
  }
}

/** Subscriptions, also by the name they listen to, with and without the hash of their keys. */
export class SubscriptionTable extends OpenTable<SubscriptionRecord> {
  readonly #byName = new GroupedRows<SubscriptionRecord>();
  readonly #byKeyHash = new GroupedRows<SubscriptionRecord>();

  constructor() {
    super((row) => row.processInstanceId ?? row.definitionId);
  }

  /** @param keyHashes undefined: whatever the hash. */
  named(tenantId: string, name: string, keyHashes: readonly string[] | undefined): SubscriptionRecord[] {
    if (keyHashes === undefined) return this.#byName.of(nameKey({ tenantId, name }));
    return [...new Set(keyHashes)].flatMap((keyHash) => this.#byKeyHash.of(hashKey({ tenantId, name, keyHash })));
  }

  override put(row: SubscriptionRecord): void {
    super.put(row);
    this.#byName.put(nameKey(row), row);
    this.#byKeyHash.put(hashKey(row), row);
  }

  override delete(partition: string, id: string): SubscriptionRecord | undefined {
    const row = super.delete(partition, id);
    if (row !== undefined) {
      this.#byName.delete(nameKey(row), id);
      this.#byKeyHash.delete(hashKey(row), id);
    }
    return row;
  }
}

function nameKey({ tenantId, name }: Pick<SubscriptionRecord, 'tenantId' | 'name'>): string {
  return `${tenantId}\0${name}`;
}

function hashKey(row: Pick<SubscriptionRecord, 'tenantId' | 'name' | 'keyHash'>): string {
  return `${nameKey(row)}\0${row.keyHash}`;
}

/** External tasks with one queue per tenant and topic, most urgent first. */
export class ExternalTaskTable extends OpenTable<ExternalTaskRecord> {
  readonly #queues = new Map<string, ClaimQueue<ExternalTaskRecord>>();

  constructor() {
    super((row) => row.processInstanceId);
  }

  /** Takes claimable rows out of their queue; the caller puts them back locked. */
  take(queue: { tenantId: string; topic: string }, now: number, limit: number): ExternalTaskRecord[] {
    return this.#queues.get(`${queue.tenantId}\0${queue.topic}`)?.take(now, limit, () => true) ?? [];
  }

  override put(row: ExternalTaskRecord): void {
    super.put(row);
    const key = `${row.tenantId}\0${row.topic}`;
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = new ClaimQueue<ExternalTaskRecord>(mostUrgentFirst);
      this.#queues.set(key, queue);
    }
    queue.put(row);
  }

  override delete(partition: string, id: string): ExternalTaskRecord | undefined {
    const row = super.delete(partition, id);
    if (row === undefined) return undefined;
    const key = `${row.tenantId}\0${row.topic}`;
    const queue = this.#queues.get(key);
    queue?.delete(id);
    if (queue?.size === 0) this.#queues.delete(key);
    return row;
  }
}

/** Jobs in one queue, earliest due first. */
export class JobTable extends OpenTable<JobRecord> {
  readonly #queue = new ClaimQueue<JobRecord>((left, right) => left.dueAt - right.dueAt || oldestFirst(left, right));

  constructor() {
    super((row) => row.processInstanceId ?? row.definitionId ?? '');
  }

  /** Takes due and claimable rows out of the queue; the caller puts them back locked. */
  take(now: number, limit: number): JobRecord[] {
    return this.#queue.take(now, limit, (job) => job.dueAt <= now);
  }

  nextDue(): number | null {
    const free = this.#queue.firstFree;
    const locked = this.#queue.firstLocked;
    if (free === undefined) return locked?.lockedUntil ?? null;
    return locked === undefined ? free.dueAt : Math.min(free.dueAt, locked.lockedUntil);
  }

  override put(row: JobRecord): void {
    super.put(row);
    this.#queue.put(row);
  }

  override delete(partition: string, id: string): JobRecord | undefined {
    const row = super.delete(partition, id);
    if (row !== undefined) this.#queue.delete(id);
    return row;
  }
}
