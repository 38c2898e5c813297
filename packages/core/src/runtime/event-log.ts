/** What of the engine's notifications goes into the event log, and how they come out of it again. */
import type { JsonObject, LoggedEvent, Notification, NotificationKind } from '@process-engine/contracts';
import type { ChangeSet, EventLogRecord } from '@process-engine/contracts/storage';

/** Kinds of notifications that are kept. */
export type LoggedKinds = 'none' | 'all' | readonly string[];

export function isLogged(kinds: LoggedKinds, kind: string): boolean {
  return kinds === 'all' || (kinds !== 'none' && kinds.includes(kind));
}

export interface EventPlace {
  /** Null where it happened outside of any process instance. */
  readonly processInstanceId: string | null;
  readonly createdAt: number;
}

/** The rows of those notifications that are kept; undefined: none. */
export function eventRows(
  kinds: LoggedKinds,
  notifications: readonly Notification[],
  { processInstanceId, createdAt }: EventPlace,
): ChangeSet['events'] {
  if (kinds === 'none') return undefined;
  const rows = notifications
    .filter(({ kind }) => isLogged(kinds, kind))
    .map(({ kind, payload, ownerId, tenantId, lanes }) => ({
      processInstanceId,
      kind,
      payload: { ...payload, ownerId, lanes, ...(tenantId === '' ? {} : { tenantId }) } as unknown as JsonObject,
      createdAt,
    }));
  return rows.length === 0 ? undefined : rows;
}

export function loggedEvent({ seq, kind, payload, createdAt }: EventLogRecord): LoggedEvent {
  const { ownerId, lanes, tenantId = '', ...rest } = payload as JsonObject & LoggedEvent;
  return {
    seq,
    kind: kind as NotificationKind,
    payload: rest as unknown as LoggedEvent['payload'],
    ownerId,
    lanes,
    tenantId,
    createdAt: new Date(createdAt).toISOString(),
  };
}
