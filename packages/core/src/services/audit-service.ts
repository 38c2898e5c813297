import {
  BadRequestError,
  CLAIMS,
  RequestConflictError,
  tenantOf,
  type AuditEntry,
  type AuditLog,
  type AuditQuery,
  type IIdentity,
} from '@process-engine/contracts';
import type { AuditFilter, AuditRecord } from '@process-engine/contracts/storage';
import { isoTime } from './data-transfer-objects.js';
import { pageOf } from './paging.js';
import type { ServiceOptions } from './service-options.js';

const OUTCOMES: readonly string[] = ['done', 'refused', 'failed'];

/** Reads the audit log. */
export class AuditService {
  constructor(private readonly options: ServiceOptions) {}

  async getAuditLog(identity: IIdentity, query: AuditQuery = {}, offset?: number, limit?: number): Promise<AuditLog> {
    const { access, runtime } = this.options;
    await access.ensureClaim(identity, CLAIMS.readAuditLog);
    const filter = filterOf(identity, query);
    if (runtime.audit === undefined)
      throw new RequestConflictError('the engine keeps no audit log: its option audit is off', {
        reason: 'audit-log-off',
      });
    // Inside a transaction that holds the writer nothing else can be written.
    if (!runtime.isWithinTransaction) await runtime.audit.flush();
    const { items, totalCount } = await runtime.storage.findAudit(filter, pageOf(offset, limit));
    return { entries: items.map(entryOf), totalCount };
  }
}

function filterOf(identity: IIdentity, { userId, operation, outcome, from, before }: AuditQuery): AuditFilter {
  if (outcome !== undefined && !OUTCOMES.includes(outcome))
    throw new BadRequestError(`outcome must be one of ${OUTCOMES.join(', ')}`);
  return {
    tenantId: tenantOf(identity),
    ...(userId === undefined ? {} : { userId }),
    ...(operation === undefined ? {} : { operation }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(from === undefined ? {} : { from: timeOf('from', from) }),
    ...(before === undefined ? {} : { before: timeOf('before', before) }),
  };
}

function timeOf(name: string, text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new BadRequestError(`${name} must be a time in ISO 8601`);
  return time;
}

function entryOf({ id, createdAt, userId, operation, target, outcome, code, reason }: AuditRecord): AuditEntry {
  return {
    id,
    at: isoTime(createdAt),
    userId,
    operation,
    target: target as Record<string, string>,
    outcome,
    ...(code === null ? {} : { code }),
    ...(reason === null ? {} : { reason }),
  };
}
