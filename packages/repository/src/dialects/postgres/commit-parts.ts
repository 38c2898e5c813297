/** What a commit has to do, as the parts of one statement that do not depend on each other. */
import { ConflictError, LockLostError, type Guard, type IdempotencyRecord } from '@process-engine/contracts/storage';

import { rowsOf, type EncodedUpdate } from '../../encoded-changes.js';
import { CRON_RUN, IDEMPOTENCY } from '../../tables.js';
import { byId, guardsOf, quoted, updateGroups } from '../server/commit-order.js';
import { distinctVariables, type Wave } from '../server/commit-waves.js';
import * as statements from './statements.js';
import type { Statement } from './statements.js';

/** A part of the statement. */
export interface Part extends Statement {
  /** Rows it must hit; undefined: as many as there are. */
  readonly expected?: number;
  /** What it means that it did not. */
  readonly missed?: () => Error;
  /** A select that locks rows, and changes none. */
  readonly locks?: true;
}

export interface CommitParts {
  /** Counted, in this order. */
  readonly first: readonly Part[];
  /** Inserts, which are known to succeed. */
  readonly rest: readonly Statement[];
  /** Rows that `rest` inserts. */
  readonly restRows: number;
}

/** The parts of a wave; undefined where one of them would have to see what another one did. */
export function partsOf(wave: Wave): CommitParts | undefined {
  const instances = updateGroups(wave.processInstanceUpdates);
  const nodes = updateGroups(wave.flowNodeInstanceUpdates.filter(({ columns }) => columns.length > 0));
  if (instances.length > 0 && hasDoubles(wave.processInstanceUpdates)) return undefined;
  if (nodes.length > 0 && hasDoubles(wave.flowNodeInstanceUpdates)) return undefined;
  if (replacesRows(wave)) return undefined;
  const variables = distinctVariables(wave.variables);
  const inserted = [...wave.inserts.values()];
  const rest = inserted.map((rows) => statements.insertion(rows));
  if (variables !== undefined) rest.push(statements.insertion(variables, 'replace-value'));
  const restRows = [...inserted, ...(variables === undefined ? [] : [variables])].reduce(
    (sum, { table, values }) => sum + values.length / table.insertColumns.length,
    0,
  );
  return {
    first: [
      ...guardParts(wave.guards),
      ...startParts(wave),
      ...lockParts(wave.processInstanceUpdates),
      ...instances.map((group) => updatePart(['id', 'version'], group, instanceMissed)),
      ...deleteParts(wave),
      ...nodes.map((group) => updatePart(['process_instance_id', 'id'], group, nodeMissed)),
    ],
    rest,
    restRows,
  };
}

function guardParts(guards: readonly Guard[]): Part[] {
  const parts: Part[] = [];
  const tasks = guardsOf(guards, 'external-task');
  if (tasks.length > 0) {
    const missed = (): Error =>
      new LockLostError(`external task ${quoted(tasks)} is closed or locked by another worker`);
    parts.push({ ...statements.externalTaskGuard(tasks), expected: tasks.length, missed });
  }
  const jobs = guardsOf(guards, 'job');
  if (jobs.length > 0) {
    const missed = (): Error => new LockLostError(`job ${quoted(jobs)} is not held by '${jobs[0]?.owner ?? ''}'`);
    parts.push({ ...statements.jobGuard(jobs), expected: jobs.length, missed });
  }
  const messages = guardsOf(guards, 'message');
  if (messages.length > 0) {
    const missed = (): Error => new ConflictError(`message ${quoted(messages)} is gone`);
    parts.push({ ...statements.messageGuard(messages), expected: messages.length, missed });
  }
  return parts;
}

/** The key of a start is taken: whose it is has to be asked. */
export class StartTakenError extends ConflictError {
  constructor(readonly starts: readonly IdempotencyRecord[]) {
    super('an idempotency key of the batch is taken');
  }
}

function startParts({ idempotency, cronRuns }: Wave): Part[] {
  const parts: Part[] = [];
  if (idempotency.length > 0) {
    const starts = idempotency.toSorted((left, right) => (left.key < right.key ? -1 : 1));
    const missed = (): Error => new StartTakenError(starts);
    parts.push({ ...statements.insertion(rowsOf(IDEMPOTENCY, starts), 'skip'), expected: starts.length, missed });
  }
  const [run] = cronRuns;
  if (run !== undefined) {
    const missed = (): Error =>
      new ConflictError(`the run of '${run.startEventId}' due at ${run.dueAt} is already recorded`);
    parts.push({ ...statements.insertion(rowsOf(CRON_RUN, cronRuns), 'skip'), expected: cronRuns.length, missed });
  }
  return parts;
}

/** Two batches lock the same instances in the same order. */
function lockParts(updates: readonly EncodedUpdate[]): Part[] {
  if (updates.length < 2) return [];
  const ids = updates.map(({ id }) => id).sort();
  const sql = 'select id from process_instance where id = any((select ?::text[])::text[]) order by id for update';
  return [{ sql, values: [ids], locks: true }];
}

function updatePart(
  keyColumns: readonly string[],
  group: readonly EncodedUpdate[],
  missed: (group: readonly EncodedUpdate[]) => Error,
): Part {
  const ordered = group.length < 2 ? group : group.toSorted(byId);
  const [first, ...others] = ordered as [EncodedUpdate, ...EncodedUpdate[]];
  const part = statements.update(keyColumns, [first, ...others]);
  return { ...part, expected: group.length, missed: () => missed(group) };
}

function instanceMissed(group: readonly EncodedUpdate[]): Error {
  return new ConflictError(`process instance ${quoted(group)} was changed meanwhile`);
}

function nodeMissed(group: readonly EncodedUpdate[]): Error {
  return new ConflictError(`flow node instance ${quoted(group)} is not stored`);
}

function deleteParts({ deletes, variableDeletes }: Wave): Part[] {
  const parts: Part[] = [...deletes.values()]
    .filter(({ keys }) => keys.length > 0)
    .map((each) => statements.deletion(each));
  if (variableDeletes.length > 0) parts.push(statements.variableDeletion(variableDeletes));
  return parts;
}

function hasDoubles(updates: readonly EncodedUpdate[]): boolean {
  if (updates.length < 2) return false;
  const keys = updates.map(({ columns, values }) => JSON.stringify(values.slice(columns.length)));
  return new Set(keys).size < keys.length;
}

/** A row is deleted, by a guard or otherwise, and a row with its key inserted. */
function replacesRows({ guards, deletes, inserts, variableDeletes, variables }: Wave): boolean {
  if (variableDeletes.length > 0 && variables.length > 0) return true;
  const removed = new Set<unknown>(guards.map(({ id }) => id));
  for (const { keys } of deletes.values()) for (const { id } of keys) removed.add(id);
  if (removed.size === 0) return false;
  for (const name of ['external_task', 'user_task', 'subscription', 'job', 'incident', 'message']) {
    const rows = inserts.get(name);
    if (rows === undefined) continue;
    const { insertColumns } = rows.table;
    for (let at = insertColumns.indexOf('id'); at < rows.values.length; at += insertColumns.length) {
      if (removed.has(rows.values[at])) return true;
    }
  }
  return false;
}
