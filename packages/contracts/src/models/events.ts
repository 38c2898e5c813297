import { z } from 'zod';
import { bpmnTypeSchema, eventTypeSchema } from './common.js';

export const waitingEventSchema = z.object({
  /** The flow node id in the model. */
  id: z.string(),
  flowNodeInstanceId: z.string(),
  correlationId: z.string(),
  processModelId: z.string(),
  processInstanceId: z.string(),
  eventType: eventTypeSchema,
  /** The name of the message or signal. */
  eventName: z.string(),
  bpmnType: bpmnTypeSchema,
});
/** An intermediate catch event that waits for a message or a signal. */
export type WaitingEvent = z.infer<typeof waitingEventSchema>;

export const eventListSchema = z.object({ events: z.array(waitingEventSchema), totalCount: z.number().int() });
export type EventList = z.infer<typeof eventListSchema>;
