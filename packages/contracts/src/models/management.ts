import { z } from 'zod';
import { findingSchema } from './findings.js';
import { modelEventSchema, processModelSchema } from './process-models.js';

const totalCount = z.number().int();

export const deploymentRequestSchema = z.object({
  name: z.string().optional(),
  files: z
    .array(
      z.object({
        name: z.string({ error: 'files[].name is required and must be a text' }).min(1),
        xml: z.string({ error: 'files[].xml is required and must be a text' }),
      }),
      {
        error: 'files is required and must be a list of {name, xml}',
      },
    )
    .min(1, 'files must name at least one file'),
});
/** Files that are deployed together or not at all. */
export type DeploymentRequest = z.infer<typeof deploymentRequestSchema>;

export const deploymentSchema = z.object({
  deploymentId: z.string(),
  definitions: z.array(
    z.object({
      processModelId: z.string(),
      version: z.number().int(),
      hash: z.string(),
      new: z.boolean(),
      definitionId: z.string(),
    }),
  ),
  findings: z.array(findingSchema),
});
/** `new` is false where the file's content is that of the newest version already. */
export type Deployment = z.infer<typeof deploymentSchema>;

export const definitionSchema = z.object({
  id: z.string(),
  processModelId: z.string(),
  version: z.number().int(),
  versionTag: z.string().optional(),
  name: z.string().optional(),
  hash: z.string(),
  deploymentId: z.string(),
  fileName: z.string(),
  executable: z.boolean(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  xml: z.string().optional(),
});
/** One version of a process model. `xml` only where one definition is asked for. */
export type Definition = z.infer<typeof definitionSchema>;
export const definitionListSchema = z.object({ definitions: z.array(definitionSchema), totalCount });
export type DefinitionList = z.infer<typeof definitionListSchema>;

export const deploymentInfoSchema = z.object({
  deploymentId: z.string(),
  name: z.string().optional(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  definitions: z.array(definitionSchema),
});
/** What was deployed together, without what was deleted since. */
export type DeploymentInfo = z.infer<typeof deploymentInfoSchema>;
export const deploymentListSchema = z.object({ deployments: z.array(deploymentInfoSchema), totalCount });
export type DeploymentList = z.infer<typeof deploymentListSchema>;

export const managedProcessModelSchema = processModelSchema.extend({ xml: z.string() });
/** The model as a client of the consumer API sees it, with its text. */
export type ManagedProcessModel = z.infer<typeof managedProcessModelSchema>;
export const managedProcessModelListSchema = z.object({
  processModels: z.array(managedProcessModelSchema),
  totalCount,
});
export type ManagedProcessModelList = z.infer<typeof managedProcessModelListSchema>;
export const modelEventListSchema = z.object({ events: z.array(modelEventSchema), totalCount });
export type ModelEventList = z.infer<typeof modelEventListSchema>;

export const errorDataSchema = z.object({
  name: z.string(),
  code: z.string(),
  message: z.string(),
  additionalInformation: z.unknown().optional(),
});

export const managedProcessInstanceSchema = z.object({
  processInstanceId: z.string(),
  processModelId: z.string(),
  definitionId: z.string(),
  correlationId: z.string(),
  businessKey: z.string().optional(),
  parentProcessInstanceId: z.string().optional(),
  ownerId: z.string(),
  state: z.enum(['running', 'finished', 'terminated', 'error']),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  error: errorDataSchema.optional(),
});
export type ManagedProcessInstance = z.infer<typeof managedProcessInstanceSchema>;
export const managedProcessInstanceListSchema = z.object({
  processInstances: z.array(managedProcessInstanceSchema),
  totalCount,
});
export type ManagedProcessInstanceList = z.infer<typeof managedProcessInstanceListSchema>;

export const flowNodeInstanceSchema = z.object({
  flowNodeInstanceId: z.string(),
  flowNodeId: z.string(),
  flowNodeType: z.string(),
  processInstanceId: z.string(),
  scopeId: z.string(),
  previousFlowNodeInstanceId: z.string().optional(),
  state: z.enum(['ready', 'waiting', 'active', 'joining', 'failed', 'finished', 'cancelled', 'error']),
  payload: z.unknown().optional(),
  result: z.unknown().optional(),
  enteredAt: z.string(),
  leftAt: z.string().optional(),
  completedSeq: z.number().int().optional(),
  error: errorDataSchema.optional(),
});
export type FlowNodeInstance = z.infer<typeof flowNodeInstanceSchema>;
export const flowNodeInstanceListSchema = z.object({ flowNodeInstances: z.array(flowNodeInstanceSchema), totalCount });
export type FlowNodeInstanceList = z.infer<typeof flowNodeInstanceListSchema>;

export const variablesSchema = z.record(z.string(), z.unknown());
export const setVariablesRequestSchema = z.object({
  variables: z.record(z.string(), z.unknown(), { error: 'variables is required and must be an object' }),
  scopeId: z.string().optional(),
});

export const publishMessageRequestSchema = z.object({
  name: z.string({ error: 'name is required and must be a text' }).min(1),
  payload: z.unknown().optional(),
  correlationKeys: z.record(z.string(), z.unknown()).optional(),
  businessKey: z.string().optional(),
  processInstanceId: z.string().optional(),
  messageId: z.string().optional(),
  /** Milliseconds. */
  timeToLive: z.number().min(0).optional(),
});
export type PublishMessageRequest = z.infer<typeof publishMessageRequestSchema>;
export const deliverySchema = z.object({
  deliveredTo: z.array(z.object({ processInstanceId: z.string(), flowNodeId: z.string() })),
});
/** Who took the message: one receiver or none. */
export type Delivery = z.infer<typeof deliverySchema>;

export const subscriptionInfoSchema = z.object({
  id: z.string(),
  kind: z.enum(['message', 'signal', 'conditional', 'timer']),
  name: z.string(),
  processInstanceId: z.string().optional(),
  flowNodeInstanceId: z.string().optional(),
  flowNodeId: z.string(),
  processModelId: z.string(),
  /** ISO 8601; of timers only. */
  dueAt: z.string().optional(),
});
/** Something an instance, or a start event, waits for. */
export type SubscriptionInfo = z.infer<typeof subscriptionInfoSchema>;
export const subscriptionInfoListSchema = z.object({ subscriptions: z.array(subscriptionInfoSchema), totalCount });
export type SubscriptionInfoList = z.infer<typeof subscriptionInfoListSchema>;

const jobKind = z.enum(['timer', 'continue', 'retry', 'call', 'child-ended', 'cancel-child', 'publish', 'start-timer']);

export const incidentSchema = z.object({
  id: z.string(),
  /** Of a job that failed: its kind. Absent: the work of a flow node failed. */
  jobKind: jobKind.optional(),
  /** Absent where a timer start event could not start an instance. */
  processInstanceId: z.string().optional(),
  processModelId: z.string(),
  /** Absent where the job is not that of one flow node. */
  flowNodeInstanceId: z.string().optional(),
  flowNodeId: z.string().optional(),
  /** With the stack of an error that code of the application or a script threw. */
  error: errorDataSchema.extend({ stack: z.string().optional() }),
  createdAt: z.string(),
});
/** Work that failed for good: it waits until somebody retries or resolves it. */
export type Incident = z.infer<typeof incidentSchema>;
export const jobSchema = z.object({
  id: z.string(),
  kind: jobKind,
  processInstanceId: z.string().optional(),
  definitionId: z.string().optional(),
  flowNodeInstanceId: z.string().optional(),
  flowNodeId: z.string().optional(),
  /** ISO 8601, UTC. */
  dueAt: z.string(),
  /** The node that works on it, and until when its lock lasts. Without owner: it failed, and is tried again then. */
  owner: z.string().optional(),
  lockedUntil: z.string().optional(),
  /** How often it has failed, and why the last time. */
  attempts: z.number().int(),
  error: errorDataSchema.optional(),
  /** True: it is not tried again; it is listed among the incidents. */
  failed: z.boolean(),
});
/** Work the engine has before it, now or later. */
export type Job = z.infer<typeof jobSchema>;
export const jobListSchema = z.object({ jobs: z.array(jobSchema), totalCount });
export type JobList = z.infer<typeof jobListSchema>;

export const bufferedMessageSchema = z.object({
  id: z.string(),
  name: z.string(),
  messageId: z.string().optional(),
  correlationKeys: z.record(z.string(), z.unknown()).optional(),
  businessKey: z.string().optional(),
  processInstanceId: z.string().optional(),
  payload: z.unknown().optional(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  expiresAt: z.string(),
});
/** A published message that waits for a receiver until it expires. */
export type BufferedMessage = z.infer<typeof bufferedMessageSchema>;
export const bufferedMessageListSchema = z.object({ messages: z.array(bufferedMessageSchema), totalCount });
export type BufferedMessageList = z.infer<typeof bufferedMessageListSchema>;

export const incidentListSchema = z.object({ incidents: z.array(incidentSchema), totalCount });
export type IncidentList = z.infer<typeof incidentListSchema>;

export const retryIncidentRequestSchema = z
  .object({
    variables: z.record(z.string(), z.unknown(), { error: 'variables must be an object' }).optional(),
  })
  .optional();
export type RetryIncidentRequest = z.infer<typeof retryIncidentRequestSchema>;

export const updateProcessModelRequestSchema = z.object({
  xml: z.string({ error: 'xml is required and must be a text' }),
  overwriteExisting: z.boolean().optional(),
});
export const broadcastSignalRequestSchema = z.object({
  name: z.string({ error: 'name is required and must be a text' }).min(1),
  payload: z.unknown().optional(),
});
export const activateAdHocActivityRequestSchema = z.object({
  flowNodeId: z.string({ error: 'flowNodeId is required and must be a text' }).min(1),
  scopeId: z.string().optional(),
});
