import { z } from 'zod';

export const cronjobSchema = z.object({
  processModelId: z.string(),
  startEventId: z.string(),
  /** The schedule as the model has it: a crontab, a cycle, a date or a duration. */
  crontab: z.string(),
  /** ISO 8601, UTC. */
  nextExecution: z.string(),
});
/** The schedule of a timer start event. */
export type Cronjob = z.infer<typeof cronjobSchema>;
export const cronjobListSchema = z.object({ cronjobs: z.array(cronjobSchema), totalCount: z.number().int() });
export type CronjobList = z.infer<typeof cronjobListSchema>;

export const cronjobHistoryEntrySchema = z.object({
  processModelId: z.string(),
  startEventId: z.string(),
  crontab: z.string(),
  /** ISO 8601, UTC. */
  executedAt: z.string(),
  processInstanceId: z.string(),
});
/** One start of an instance by a timer start event. */
export type CronjobHistoryEntry = z.infer<typeof cronjobHistoryEntrySchema>;
export const cronjobHistoryListSchema = z.object({
  cronjobHistories: z.array(cronjobHistoryEntrySchema),
  totalCount: z.number().int(),
});
export type CronjobHistoryList = z.infer<typeof cronjobHistoryListSchema>;
