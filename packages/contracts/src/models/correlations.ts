import { z } from 'zod';
import { managedProcessInstanceSchema } from './management.js';

export const correlationSchema = z.object({
  id: z.string(),
  /** ISO 8601, UTC: start of the first instance. */
  createdAt: z.string(),
  /** `running` while an instance runs; else `error` where one failed or was terminated. */
  state: z.enum(['running', 'finished', 'error']),
  processInstances: z.array(managedProcessInstanceSchema),
});
/** All process instances with one correlation id, oldest first. */
export type Correlation = z.infer<typeof correlationSchema>;

export const correlationListSchema = z.object({
  correlations: z.array(correlationSchema),
  totalCount: z.number().int(),
});
export type CorrelationList = z.infer<typeof correlationListSchema>;
