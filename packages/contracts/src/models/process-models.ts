import { z } from 'zod';
import { bpmnTypeSchema } from './common.js';

export const modelEventSchema = z.object({
  id: z.string(),
  eventName: z.string().optional(),
  bpmnType: bpmnTypeSchema,
  processModelId: z.string(),
});
/** A start or end event of a process model. `eventName` is the BPMN name. */
export type ModelEvent = z.infer<typeof modelEventSchema>;

export const processModelSchema = z.object({
  id: z.string(),
  startEvents: z.array(modelEventSchema),
  endEvents: z.array(modelEventSchema),
});
/** Both lists hold the accessible top-level events, and are empty where the model is not executable. */
export type ProcessModel = z.infer<typeof processModelSchema>;

export const processModelListSchema = z.object({
  processModels: z.array(processModelSchema),
  totalCount: z.number().int(),
});
export type ProcessModelList = z.infer<typeof processModelListSchema>;

/** When a start call answers. */
export const StartCallbackType = {
  CallbackOnProcessInstanceCreated: 1,
  CallbackOnProcessInstanceFinished: 2,
  CallbackOnEndEventReached: 3,
} as const;
export type StartCallbackType = (typeof StartCallbackType)[keyof typeof StartCallbackType];

export const processStartRequestSchema = z.object({
  correlationId: z.string().min(1).optional(),
  callerId: z.string().optional(),
  inputValues: z.unknown().optional(),
  businessKey: z.string().optional(),
  idempotencyKey: z.string().min(1).max(255).optional(),
});
/**
 * `correlationId`: default a new UUID · `callerId`: becomes the parent process instance id · `inputValues`: the start
 * payload, any JSON, default `{}` · `businessKey`: a label, not unique · `idempotencyKey`: unique per model; the same
 * key gives the same instance.
 */
export interface ProcessStartRequestPayload<TInput = unknown> {
  correlationId?: string | undefined;
  callerId?: string | undefined;
  inputValues?: TInput | undefined;
  businessKey?: string | undefined;
  idempotencyKey?: string | undefined;
}

export const processStartResponseSchema = z.object({
  correlationId: z.string(),
  processInstanceId: z.string(),
  endEventId: z.string().optional(),
  tokenPayload: z.unknown().optional(),
});
/** `endEventId` and `tokenPayload` only where the call waited for the end. */
export interface ProcessStartResponsePayload<TResult = unknown> {
  correlationId: string;
  processInstanceId: string;
  endEventId?: string;
  tokenPayload?: TResult;
}

export const processInstanceSchema = z.object({
  id: z.string(),
  owner: z.object({ token: z.string(), userId: z.string() }),
  correlationId: z.string(),
  processModelId: z.string(),
  parentProcessInstanceId: z.string().optional(),
});
/** A running process instance as its owner sees it. `owner.token` is always `''`. */
export type ProcessInstance = z.infer<typeof processInstanceSchema>;

export const processInstanceListSchema = z.object({
  processInstances: z.array(processInstanceSchema),
  totalCount: z.number().int(),
});
export type ProcessInstanceList = z.infer<typeof processInstanceListSchema>;

export const correlationResultSchema = z.object({
  correlationId: z.string(),
  endEventId: z.string(),
  tokenPayload: z.unknown(),
});
/** A finished end event and the token payload there. */
export interface CorrelationResult<TResult = unknown> {
  correlationId: string;
  endEventId: string;
  tokenPayload: TResult;
}

export const correlationResultListSchema = z.object({
  correlationResults: z.array(correlationResultSchema),
  totalCount: z.number().int(),
});
export interface CorrelationResultList<TResult = unknown> {
  correlationResults: CorrelationResult<TResult>[];
  totalCount: number;
}
