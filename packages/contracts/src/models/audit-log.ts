import { z } from 'zod';

const totalCount = z.number().int();

export const auditEntrySchema = z.object({
  id: z.string(),
  /** When the outcome was known, ISO 8601. */
  at: z.string(),
  userId: z.string(),
  /** `api.operation`, for example `managementApi.deploy`. */
  operation: z.string(),
  /** What it was done to: ids from the path, names of messages and signals, ids of what was made. Never a payload. */
  target: z.record(z.string(), z.string()),
  /** `done`; `refused`: the caller got a 4xx; `failed`: anything else. */
  outcome: z.enum(['done', 'refused', 'failed']),
  /** Status of the error. */
  code: z.number().int().optional(),
  /** Reason of the error. */
  reason: z.string().optional(),
});
/** Who did what, when, and what came of it. */
export type AuditEntry = z.infer<typeof auditEntrySchema>;
export const auditLogSchema = z.object({ entries: z.array(auditEntrySchema), totalCount });
export type AuditLog = z.infer<typeof auditLogSchema>;
