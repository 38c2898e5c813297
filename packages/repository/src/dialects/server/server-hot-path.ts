import type {
  ChangeSet,
  ExternalTaskClaim,
  ExternalTaskRecord,
  JobClaim,
  JobRecord,
  LockExtension,
  ModelChange,
  Storage,
  StoredInstance,
  WakeUp,
} from '@process-engine/contracts/storage';
import { StorageUnavailableError } from '@process-engine/contracts/storage';

import { encodeChanges } from '../../encoded-changes.js';
import { GatheredQuestions, statementOf } from '../../gathered-questions.js';
import type { EnteredTransaction } from '../../enter-transaction.js';
import { GroupCommit, type BatchRunner } from '../../group-commit.js';
import type { SqlRow, SqlValue } from '../../row-codec.js';
import { RowLockedError } from '../../row-locked-error.js';
import type { HotPath, StorageStatistics } from '../dialect.js';
import { commitWave, saveModelRows } from './commit-statements.js';
import { commitWaves, type CommitMember, type Wave } from './commit-waves.js';
import type { DatabaseClock } from './database-clock.js';
import { instanceQuery, loadInstance, type InstanceQuery } from './instance-statements.js';
import { removeExpired, removeFinished } from './removal-statements.js';
import type { ServerStatements } from './server-statements.js';
import type { Session, Sessions } from './sessions.js';
import { firstDue, wakeUpOf, type WakeUps } from './wake-ups.js';

/** Time between two removals of old rows of the commit log, ms. */
const SWEEP_INTERVAL = 5 * 60 * 1000;

/** What the database offers to nodes that work on it together. */
export interface SharedBetweenNodes {
  readonly clock?: DatabaseClock | undefined;
  readonly wakeUps?: WakeUps | undefined;
}

/** How the storage works inside a transaction of the application. */
export interface InTransaction {
  readonly sessions: Sessions;
  readonly statements: ServerStatements;
}

type EnterTransaction = (transaction: EnteredTransaction) => InTransaction;

interface ServerHotPathOptions extends SharedBetweenNodes {
  /** Absent in a transaction of the application. */
  readonly within?: EnterTransaction | undefined;
  /** Commits come one by one: they are parts of one transaction. */
  readonly isWithin?: boolean;
}

/** The hand-written part of a storage in a database server, which other processes use at the same time. */
export class ServerHotPath implements HotPath, BatchRunner<CommitMember, void> {
  readonly shared = true;
  readonly #sessions: Sessions;
  readonly #statements: ServerStatements;
  readonly #instanceQuery: InstanceQuery;
  readonly #clock: DatabaseClock | undefined;
  readonly #wakeUps: WakeUps | undefined;
  readonly #within: EnterTransaction | undefined;
  readonly #group: GroupCommit<CommitMember, void>;
  /** Work outside the group commit that is under way. */
  readonly #underWay = new Set<Promise<unknown>>();
  #isClosed = false;
  /** In the process's own time, which no clock changes. */
  #nextSweep = performance.now() + SWEEP_INTERVAL;
  #rollbacks = 0;

  constructor(sessions: Sessions, statements: ServerStatements, options: ServerHotPathOptions = {}) {
    const { clock, wakeUps, within, isWithin = false } = options;
    this.#within = within;
    this.#clock = clock;
    this.#wakeUps = wakeUps;
    this.#sessions = sessions;
    this.#statements = statements;
    this.#instanceQuery = instanceQuery(statements.jsonArray);
    this.ask = this.#questions(isWithin);
    this.#group = new GroupCommit(this, isWithin ? { maxInFlight: 1, maxMembers: 1 } : { maxInFlight: 2 });
  }

  get overloaded(): boolean {
    return this.#group.isFull;
  }

  get statistics(): StorageStatistics {
    const { transactions, statements, changedRows } = this.#sessions;
    return { transactions, rollbacks: this.#rollbacks, statements, rows: changedRows };
  }

  async commit(changes: ChangeSet): Promise<void> {
    const encoded = encodeChanges(changes);
    await this.#group.submit({ weight: encoded.weight, encoded });
    this.#announce(wakeUpOf(changes));
    this.#sweep();
  }

  now(): number {
    return this.#clock?.now() ?? Date.now();
  }

  onWakeUp(listener: (wakeUp: WakeUp) => void): () => void {
    return this.#wakeUps?.listen(listener) ?? ((): void => undefined);
  }

  within(transaction: EnteredTransaction): HotPath {
    const entered = this.#within?.(transaction);
    if (entered === undefined) throw new Error('within: this is inside a transaction already');
    const { afterCommit } = transaction;
    const wakeUps = this.#wakeUps;
    const later: WakeUps = {
      announce: (wakeUp) => afterCommit(() => wakeUps?.announce(wakeUp)),
      listen: () => () => undefined,
      close: () => Promise.resolve(),
    };
    const options = { clock: this.#clock, wakeUps: later, isWithin: true };
    return new ServerHotPath(entered.sessions, entered.statements, options);
  }

  /** Inside a transaction there is one connection, and one caller. */
  #questions(isWithin: boolean): HotPath['ask'] {
    const statements = this.#statements;
    if (isWithin || statements.askTogether === undefined) return undefined;
    const gathered = new GatheredQuestions({
      ask: (question) => this.select(statementOf(question), question.values),
      askTogether: (questions) =>
        this.#use(async (session) => (await statements.askTogether?.(session, questions)) ?? []),
    });
    return (question) => gathered.ask(question);
  }

  #announce(wakeUp: WakeUp | undefined): void {
    if (wakeUp !== undefined) this.#wakeUps?.announce(wakeUp);
  }

  /** After a commit, every few minutes. */
  #sweep(): void {
    const now = performance.now();
    if (this.#statements.sweepCommitLog === undefined || now < this.#nextSweep) return;
    this.#nextSweep = now + SWEEP_INTERVAL;
    // The next sweep finds what this one leaves.
    this.#track(async () => this.#statements.sweepCommitLog?.(this.#sessions)).catch(() => undefined);
  }

  async runTogether(members: readonly CommitMember[]): Promise<readonly void[]> {
    const waves = commitWaves(members);
    try {
      await this.#commitWaves(waves);
    } catch (error) {
      this.#rollbacks += 1;
      throw error;
    }
    return members.map(() => undefined);
  }

  async #commitWaves(waves: readonly Wave[]): Promise<void> {
    const [first] = waves;
    const isSingle = first !== undefined && waves.length === 1;
    if (isSingle && (await this.#statements.commitAtOnce?.(first)) === true) return;
    await this.#sessions.transaction(async (session) => {
      for (const wave of waves) await commitWave({ session, statements: this.#statements }, wave);
    });
  }

  /** One transaction each. Once the database is away the others need not be tried. */
  async runEach(members: readonly CommitMember[]): Promise<readonly PromiseSettledResult<void>[]> {
    const outcomes: PromiseSettledResult<void>[] = [];
    let away: StorageUnavailableError | undefined;
    for (const member of members) {
      try {
        if (away !== undefined) throw away;
        await this.runTogether([member]);
        outcomes.push({ status: 'fulfilled', value: undefined });
      } catch (reason) {
        if (reason instanceof StorageUnavailableError && !(reason instanceof RowLockedError)) {
          away ??= new StorageUnavailableError(reason.message, reason.retryAfter, { cause: reason });
        }
        outcomes.push({ status: 'rejected', reason });
      }
    }
    return outcomes;
  }

  loadInstance(processInstanceId: string): Promise<StoredInstance | undefined> {
    return this.#use((session) => loadInstance(session, this.#instanceQuery, processInstanceId));
  }

  /** The instance's row stays locked from before it is read until the commit; others wait for it in a queue. */
  changeInstance(processInstanceId: string, step: Parameters<Storage['changeInstance']>[1]): Promise<void> {
    const statements = this.#statements;
    return this.#transaction(async (session) => {
      await statements.lockInstances(session, [processInstanceId]);
      const changes = await step(await loadInstance(session, this.#instanceQuery, processInstanceId));
      if (changes === undefined) return;
      const encoded = encodeChanges(changes);
      for (const wave of commitWaves([{ weight: encoded.weight, encoded }])) {
        await commitWave({ session, statements }, wave);
      }
    });
  }

  claimExternalTasks(claim: ExternalTaskClaim): Promise<readonly ExternalTaskRecord[]> {
    return this.#track(() => this.#statements.claimExternalTasks(this.#sessions, claim));
  }

  async claimJobs(claim: JobClaim): Promise<readonly JobRecord[]> {
    if (claim.limit <= 0) return [];
    return this.#track(() => this.#statements.claimJobs(this.#sessions, claim));
  }

  extendLock({ id, workerId, now, lockUntil }: LockExtension): Promise<boolean> {
    const values = [workerId, lockUntil, id, workerId, now];
    // A transaction, so that the row is not waited for without limit.
    return this.#transaction(async (session) => (await session.run(EXTEND_LOCK, values)) > 0);
  }

  releaseClaims(owner: string): Promise<void> {
    return this.#transaction(async (session) => {
      await session.run(RELEASE_JOBS, [owner]);
      await session.run(RELEASE_TASKS, [owner]);
    });
  }

  async saveModels(change: ModelChange): Promise<void> {
    await this.#transaction((session) => saveModelRows({ session, statements: this.#statements }, change));
    const jobDueAt = firstDue(change.jobs);
    if (jobDueAt !== undefined) this.#announce({ jobDueAt });
  }

  removeFinished(filter: Parameters<Storage['removeFinished']>[0]): Promise<number> {
    return this.#transaction((session) => removeFinished(session, filter));
  }

  removeExpired(filter: Parameters<Storage['removeExpired']>[0]): Promise<number> {
    return this.#transaction((session) => removeExpired(session, filter));
  }

  async removeAudit(before: number): Promise<void> {
    await this.#transaction((session) => session.run('delete from audit_log where created_at < ?', [before]));
  }

  toStorageError(error: unknown): Error {
    return this.#statements.toStorageError(error);
  }

  settledEvents(): Promise<number> {
    return this.#track(() => this.#statements.settledEvents(this.#sessions));
  }

  exclusively(body: () => Promise<void>): Promise<void> {
    return this.#track(() => this.#statements.exclusively(this.#sessions, body));
  }

  readonly select = (sql: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]> =>
    this.#use((session) => session.rows(sql, values));

  readonly ask: HotPath['ask'];

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#group.close();
    await Promise.allSettled(this.#underWay);
    await this.#wakeUps?.close();
    this.#sessions.close?.();
  }

  #use<T>(body: (session: Session) => Promise<T>): Promise<T> {
    return this.#track(() => this.#sessions.use(body));
  }

  #transaction<T>(body: (session: Session) => Promise<T>): Promise<T> {
    return this.#track(() => this.#sessions.transaction(body));
  }

  async #track<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new StorageUnavailableError('the storage is closed');
    const running = work();
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }
}

const EXTEND_LOCK =
  'update external_task set worker_id = ?, locked_until = ? where id = ? and (worker_id = ? or locked_until <= ?)';
const RELEASE_JOBS = 'update job set owner = null, locked_until = 0 where owner = ?';
const RELEASE_TASKS =
  "update external_task set worker_id = null, locked_until = 0 where worker_id = ? and topic like 'internal:%'";
