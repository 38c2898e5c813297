import type {
  ExternalTaskClaim,
  ExternalTaskRecord,
  Guard,
  JobClaim,
  JobRecord,
  VariableKey,
} from '@process-engine/contracts/storage';

import type { EncodedDeletes, EncodedRows, EncodedUpdate } from '../../encoded-changes.js';
import type { Question } from '../../gathered-questions.js';
import type { SqlRow } from '../../row-codec.js';
import type { Wave } from './commit-waves.js';
import type { Session, Sessions } from './sessions.js';

export type GuardOf<Kind extends Guard['kind']> = Extract<Guard, { readonly kind: Kind }>;

/** What to do with a row whose key is stored already: nothing, or take the new `value`. Without it: ConflictError. */
export type OnDuplicate = 'skip' | 'replace-value';

/**
 * The statements each database server has in a form of its own. Those that write take many rows at once, and lock rows
 * in the order in which they are given.
 */
export interface ServerStatements {
  /**
   * The function that makes a JSON array of its arguments, for rows of different tables in one answer. Without it they
   * come with their columns side by side, as many as the widest table has: where columns may be of any type.
   */
  readonly jsonArray?: string;
  /** An error of the driver as the storage port's callers know it. */
  toStorageError(error: unknown): Error;
  /** Commits the wave in one round trip; false: that cannot be done, and nothing was. */
  commitAtOnce?(wave: Wave): Promise<boolean>;
  /** Removes what nobody will ask for in the commit log. */
  sweepCommitLog?(sessions: Sessions): Promise<void>;
  /** Answers the number of rows inserted. */
  insertRows(session: Session, rows: EncodedRows, onDuplicate?: OnDuplicate): Promise<number>;
  deleteRows(session: Session, deletes: EncodedDeletes): Promise<void>;
  deleteVariables(session: Session, keys: readonly VariableKey[]): Promise<void>;
  /** Locks the process instances in the order of their ids. */
  lockInstances(session: Session, ids: readonly string[]): Promise<void>;
  /** Updates that set the same columns, of rows that differ; answers the number of rows hit. */
  updateRows(session: Session, keyColumns: readonly string[], updates: readonly EncodedUpdate[]): Promise<number>;
  /**
   * The only update of a process instance and the only one of a flow node instance as one statement, with the rows locked
   * in this order. Answers whether both were hit.
   */
  updateTogether?(session: Session, instance: EncodedUpdate, node: EncodedUpdate): Promise<boolean>;
  /** Deletes the guarded rows that are in the stated condition; answers their number. */
  takeExternalTasks(session: Session, guards: readonly GuardOf<'external-task'>[]): Promise<number>;
  takeJobs(session: Session, guards: readonly GuardOf<'job'>[]): Promise<number>;
  takeMessages(session: Session, guards: readonly GuardOf<'message'>[]): Promise<number>;
  /** Two claims at the same time get different rows, and neither waits for the other. */
  claimExternalTasks(sessions: Sessions, claim: ExternalTaskClaim): Promise<ExternalTaskRecord[]>;
  claimJobs(sessions: Sessions, claim: JobClaim): Promise<JobRecord[]>;
  /** Answers of many questions that differ in their values only, in their order. */
  askTogether?(session: Session, questions: readonly Question[]): Promise<readonly (readonly SqlRow[])[]>;
  /** Before a transaction's first event is inserted. */
  beforeEvents?(session: Session): Promise<void>;
  /** The last number of the event log up to which no transaction under way can add anything. */
  settledEvents(sessions: Sessions): Promise<number>;
  /** Runs the body while no other process on this database does. */
  exclusively(sessions: Sessions, body: () => Promise<void>): Promise<void>;
}
