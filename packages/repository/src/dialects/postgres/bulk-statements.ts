/** The statements of a commit, one by one inside a transaction. */
import type { VariableKey } from '@process-engine/contracts/storage';

import type { EncodedDeletes, EncodedRows, EncodedUpdate } from '../../encoded-changes.js';
import type { GuardOf, OnDuplicate } from '../server/server-statements.js';
import type { Session } from '../server/sessions.js';
import * as statements from './statements.js';
import type { Statement } from './statements.js';

function run(session: Session, { sql, values }: Statement): Promise<number> {
  return session.run(sql, values);
}

export function insertRows(session: Session, rows: EncodedRows, onDuplicate?: OnDuplicate): Promise<number> {
  return run(session, statements.insertion(rows, onDuplicate));
}

export async function deleteRows(session: Session, deletes: EncodedDeletes): Promise<void> {
  await run(session, statements.deletion(deletes));
}

export async function deleteVariables(session: Session, keys: readonly VariableKey[]): Promise<void> {
  await run(session, statements.variableDeletion(keys));
}

export async function lockInstances(session: Session, ids: readonly string[]): Promise<void> {
  await session.rows('select id from process_instance where id = any(?::text[]) order by id for update', [ids]);
}

export function updateRows(
  session: Session,
  keyColumns: readonly string[],
  updates: readonly EncodedUpdate[],
): Promise<number> {
  const [first, ...others] = updates;
  return first === undefined ? Promise.resolve(0) : run(session, statements.update(keyColumns, [first, ...others]));
}

export function takeExternalTasks(session: Session, guards: readonly GuardOf<'external-task'>[]): Promise<number> {
  return run(session, statements.externalTaskGuard(guards));
}

export function takeJobs(session: Session, guards: readonly GuardOf<'job'>[]): Promise<number> {
  return run(session, statements.jobGuard(guards));
}

export function takeMessages(session: Session, guards: readonly GuardOf<'message'>[]): Promise<number> {
  return run(session, statements.messageGuard(guards));
}
