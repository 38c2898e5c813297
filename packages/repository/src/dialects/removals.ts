/** What is deleted of an ended instance, and what expires. Rows are chosen first, a few at a time, then deleted by key. */

export const REMOVALS = [
  ...['flow_node_instance', 'variable', 'external_task', 'user_task', 'incident', 'event_log', 'cron_run'].map(
    (name) => `delete from ${name} where process_instance_id = ?`,
  ),
  ...['subscription', 'job'].map((name) => `delete from ${name} where partition_id = ?`),
  'delete from process_instance where id = ?',
];

export const FINISHED = 'select id from process_instance where ended_at < ? order by ended_at limit ?';

export interface Expiry {
  readonly now: number;
  readonly keysBefore: number;
  readonly eventsBefore?: number;
}

export interface ExpiringTable {
  /** Takes a time and a number of rows; answers keys. */
  readonly expired: string;
  readonly remove: string;
  /** Rows that are older have expired; undefined: none has. */
  readonly timeOf: (expiry: Expiry) => number | undefined;
}

export const EXPIRING: readonly ExpiringTable[] = [
  {
    expired: 'select tenant_id, id from message where expires_at <= ? order by expires_at limit ?',
    remove: 'delete from message where tenant_id = ? and id = ?',
    timeOf: ({ now }) => now,
  },
  {
    expired:
      'select tenant_id, process_model_id, start_key from idempotency where created_at < ? order by created_at limit ?',
    remove: 'delete from idempotency where tenant_id = ? and process_model_id = ? and start_key = ?',
    timeOf: ({ keysBefore }) => keysBefore,
  },
  {
    expired:
      'select seq from event_log where process_instance_id is null and created_at < ? order by created_at limit ?',
    remove: 'delete from event_log where seq = ?',
    timeOf: ({ eventsBefore }) => eventsBefore,
  },
];
