import { z } from 'zod';
import { identitySchema } from './common.js';

export const ExternalTaskState = { pending: 'pending', finished: 'finished' } as const;
export type ExternalTaskState = (typeof ExternalTaskState)[keyof typeof ExternalTaskState];

export const externalTaskSchema = z.object({
  id: z.string(),
  workerId: z.string(),
  topic: z.string(),
  flowNodeInstanceId: z.string(),
  correlationId: z.string(),
  processModelId: z.string(),
  processInstanceId: z.string(),
  identity: identitySchema,
  payload: z.unknown().optional(),
  /** ISO 8601, UTC. */
  lockExpirationTime: z.string(),
  state: z.enum(ExternalTaskState),
  createdAt: z.string(),
});
/** A locked task. `identity` is the instance owner's, with `token` `''`. */
export interface ExternalTask<TPayload = unknown> extends Omit<z.infer<typeof externalTaskSchema>, 'payload'> {
  payload?: TPayload;
}

const workerId = z.string({ error: 'workerId is required and must be a text' }).min(1, 'workerId must not be empty');
const milliseconds = (name: string) =>
  z.number({ error: `${name} is required and must be a number of milliseconds` }).finite();

export const fetchAndLockRequestSchema = z.object({
  workerId,
  topicName: z.string({ error: 'topicName is required and must be a text' }).min(1, 'topicName must not be empty'),
  maxTasks: z.number({ error: 'maxTasks is required and must be a whole number' }).int(),
  longPollingTimeout: milliseconds('longPollingTimeout').min(0),
  lockDuration: milliseconds('lockDuration').min(0),
});
export const extendLockRequestSchema = z.object({
  workerId,
  additionalDuration: milliseconds('additionalDuration').min(0),
});
export const handleBpmnErrorRequestSchema = z.object({
  workerId,
  errorCode: z.string({ error: 'errorCode is required and must be a text' }),
  errorMessage: z.string().optional(),
});
export const handleServiceErrorRequestSchema = z.object({
  workerId,
  errorMessage: z.string({ error: 'errorMessage is required and must be a text' }),
  errorDetails: z.unknown().optional(),
  errorCode: z.string().optional(),
});
export const finishExternalTaskRequestSchema = z.object({ workerId, result: z.unknown().optional() });
