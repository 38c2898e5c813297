/** What happened in instances, seen from a model, a correlation or an instance. Times are ISO 8601, UTC. */
import { z } from 'zod';

const totalCount = z.number().int();

export const flowNodeRuntimeInformationSchema = z.object({
  processModelId: z.string(),
  flowNodeId: z.string(),
  /** Number of finished runs the figures are made of. */
  count: z.number().int(),
  minRuntimeInMs: z.number(),
  maxRuntimeInMs: z.number(),
  arithmeticMeanRuntimeInMs: z.number(),
  firstQuartileRuntimeInMs: z.number(),
  medianRuntimeInMs: z.number(),
  thirdQuartileRuntimeInMs: z.number(),
});
/** How long a flow node of a model took, from its entry to its end. */
export type FlowNodeRuntimeInformation = z.infer<typeof flowNodeRuntimeInformationSchema>;
export const flowNodeRuntimeInformationListSchema = z.object({
  flowNodeRuntimeInformation: z.array(flowNodeRuntimeInformationSchema),
  totalCount,
});
export type FlowNodeRuntimeInformationList = z.infer<typeof flowNodeRuntimeInformationListSchema>;

const place = {
  processModelId: z.string(),
  correlationId: z.string(),
  processInstanceId: z.string(),
  flowNodeId: z.string(),
  flowNodeInstanceId: z.string(),
};

export const activeTokenSchema = z.object({
  ...place,
  flowNodeType: z.string(),
  state: z.string(),
  ownerId: z.string(),
  createdAt: z.string(),
  payload: z.unknown().optional(),
});
/** A token that stands at a flow node now. */
export type ActiveToken = z.infer<typeof activeTokenSchema>;
export const activeTokenListSchema = z.object({ activeTokens: z.array(activeTokenSchema), totalCount });
export type ActiveTokenList = z.infer<typeof activeTokenListSchema>;

export const logEntrySchema = z.object({
  ...place,
  flowNodeType: z.string(),
  /** When the node was left; of those that were not: when it was entered. */
  timeStamp: z.string(),
  logLevel: z.enum(['info', 'warn', 'error']),
  message: z.string(),
});
/** One run of a flow node, as a line of a log. */
export type LogEntry = z.infer<typeof logEntrySchema>;
export const logEntryListSchema = z.object({ logEntries: z.array(logEntrySchema), totalCount });
export type LogEntryList = z.infer<typeof logEntryListSchema>;

export const tokenHistoryEntrySchema = z.object({
  ...place,
  previousFlowNodeInstanceId: z.string().optional(),
  ownerId: z.string(),
  /** What the token did there. */
  tokenEventType: z.enum(['onEnter', 'onSuspend', 'onExit']),
  createdAt: z.string(),
  payload: z.unknown().optional(),
});
/** The token at one moment of a flow node instance: as it came, as it waits, as it left. */
export type TokenHistoryEntry = z.infer<typeof tokenHistoryEntrySchema>;
export const tokenHistoryListSchema = z.object({ tokenHistoryEntries: z.array(tokenHistoryEntrySchema), totalCount });
export type TokenHistoryList = z.infer<typeof tokenHistoryListSchema>;
