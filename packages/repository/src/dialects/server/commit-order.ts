/** What belongs together in one statement of a commit, in the order in which rows are locked. */
import type { Guard } from '@process-engine/contracts/storage';

import type { EncodedUpdate } from '../../encoded-changes.js';
import type { GuardOf } from './server-statements.js';

/** The guards of a kind, in the order of their ids. */
export function guardsOf<Kind extends Guard['kind']>(guards: readonly Guard[], kind: Kind): GuardOf<Kind>[] {
  const found = guards.filter((guard): guard is GuardOf<Kind> => guard.kind === kind);
  return found.length < 2 ? found : found.sort(byId);
}

export function quoted(rows: readonly { readonly id: string }[]): string {
  return rows.map(({ id }) => `'${id}'`).join(' or ');
}

/** Updates that can be one statement: of the same columns, no row twice. Later updates of a row come in later groups. */
export function updateGroups(updates: readonly EncodedUpdate[]): EncodedUpdate[][] {
  const rounds = new Map<string, number>();
  const found = new Map<string, EncodedUpdate[]>();
  for (const update of updates) {
    const key = JSON.stringify(update.values.slice(update.columns.length));
    const round = rounds.get(key) ?? 0;
    rounds.set(key, round + 1);
    const group = `${round} ${update.columns.join(' ')}`;
    const members = found.get(group);
    if (members === undefined) found.set(group, [update]);
    else members.push(update);
  }
  // A later round is first met after the round before it has been: but other columns may put its group first.
  return [...found.entries()].sort(byRound).map(([, members]) => members);
}

function byRound([left]: [string, unknown], [right]: [string, unknown]): number {
  return Number.parseInt(left, 10) - Number.parseInt(right, 10);
}

export function byId(left: { readonly id: string }, right: { readonly id: string }): number {
  return left.id < right.id ? -1 : 1;
}
