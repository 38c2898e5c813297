import type { ServerStatements } from '../server/server-statements.js';
import { deleteRows } from './delete-rows.js';
import type { PacketLimit } from './packet-limit.js';

type Guards = Pick<ServerStatements, 'takeExternalTasks' | 'takeJobs' | 'takeMessages'>;

export function guardStatements(limit: PacketLimit): Guards {
  return {
    takeExternalTasks: (session, guards) =>
      deleteRows(limit, session, {
        table: 'external_task',
        keyColumns: ['process_instance_id', 'id'],
        rows: guards.map(({ processInstanceId, id, workerId, now }) =>
          // Without a worker: whoever holds the lock.
          [processInstanceId, id, workerId, workerId === null ? Number.MAX_SAFE_INTEGER : now],
        ),
        condition: {
          types: ['key', 'number'],
          sql: (worker = '', now = '') => `(t.worker_id = ${worker} or t.locked_until <= ${now})`,
        },
      }),
    takeJobs: (session, guards) =>
      deleteRows(limit, session, {
        table: 'job',
        keyColumns: ['partition_id', 'id'],
        rows: guards.map(({ partition, id, owner, now }) => [partition, id, owner, now]),
        condition: {
          types: ['key', 'number'],
          sql: (owner = '', now = '') => `t.owner = ${owner} and t.locked_until > ${now}`,
        },
      }),
    takeMessages: (session, guards) =>
      deleteRows(limit, session, {
        table: 'message',
        keyColumns: ['tenant_id', 'id'],
        rows: guards.map(({ tenantId, id }) => [tenantId, id]),
      }),
  };
}
