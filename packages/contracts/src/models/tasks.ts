import { z } from 'zod';

export const UserTaskFormFieldType = {
  boolean: 'boolean',
  date: 'date',
  enum: 'enum',
  long: 'long',
  number: 'number',
  string: 'string',
} as const;
export type UserTaskFormFieldType = (typeof UserTaskFormFieldType)[keyof typeof UserTaskFormFieldType];

export const userTaskFormFieldSchema = z.object({
  id: z.string(),
  type: z.enum(UserTaskFormFieldType).optional(),
  label: z.unknown().optional(),
  defaultValue: z.unknown().optional(),
  preferredControl: z.unknown().optional(),
  enumValues: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
  constraints: z
    .object({
      required: z.boolean().optional(),
      readonly: z.boolean().optional(),
      min: z.number().optional(),
      max: z.number().optional(),
      minLength: z.number().optional(),
      maxLength: z.number().optional(),
    })
    .optional(),
});
/** What a value must meet: `min` and `max` of numbers, lengths of texts in characters. */
export type FormFieldConstraints = NonNullable<z.infer<typeof userTaskFormFieldSchema>['constraints']>;
/** `label`, `defaultValue` and `preferredControl` carry the evaluated value with its type where the model has an expression. */
export type UserTaskFormField = z.infer<typeof userTaskFormFieldSchema>;

export const userTaskConfigSchema = z.object({
  formFields: z.array(userTaskFormFieldSchema),
  preferredControl: z.unknown().optional(),
  description: z.string().optional(),
  finishedMessage: z.string().optional(),
  formKey: z.string().optional(),
});
export type UserTaskConfig = z.infer<typeof userTaskConfigSchema>;

const taskShape = {
  /** The flow node id in the model. */
  id: z.string(),
  flowNodeInstanceId: z.string(),
  name: z.string(),
  correlationId: z.string(),
  processModelId: z.string(),
  processInstanceId: z.string(),
  tokenPayload: z.unknown().optional(),
};

export const userTaskSchema = z.object({
  flowNodeType: z.literal('bpmn:UserTask'),
  ...taskShape,
  data: userTaskConfigSchema,
  assignee: z.string().optional(),
  /** Since when it is its assignee’s. */
  assignedAt: z.string().optional(),
  candidateUsers: z.array(z.string()).optional(),
  candidateGroups: z.array(z.string()).optional(),
  dueDate: z.string().optional(),
  followUpDate: z.string().optional(),
  priority: z.number().int(),
  createdAt: z.string(),
});
/**
 * `id` is the id in the model; the id for claiming and finishing is `flowNodeInstanceId`. Times are ISO 8601, UTC. Without an
 * assignee the candidates may claim or finish it, without candidates everybody whose claims reach its lane.
 */
export type UserTask = z.infer<typeof userTaskSchema>;
export const manualTaskSchema = z.object({ flowNodeType: z.literal('bpmn:ManualTask'), ...taskShape });
export type ManualTask = z.infer<typeof manualTaskSchema>;
export const emptyActivitySchema = z.object({ flowNodeType: z.literal('bpmn:Task'), ...taskShape });
/** An untyped BPMN task that waits for somebody to finish it. */
export type EmptyActivity = z.infer<typeof emptyActivitySchema>;
export const taskSchema = z.discriminatedUnion('flowNodeType', [userTaskSchema, manualTaskSchema, emptyActivitySchema]);
export type Task = z.infer<typeof taskSchema>;

const totalCount = z.number().int();
export const userTaskListSchema = z.object({ userTasks: z.array(userTaskSchema), totalCount });
export type UserTaskList = z.infer<typeof userTaskListSchema>;
export const manualTaskListSchema = z.object({ manualTasks: z.array(manualTaskSchema), totalCount });
export type ManualTaskList = z.infer<typeof manualTaskListSchema>;
export const emptyActivityListSchema = z.object({ emptyActivities: z.array(emptyActivitySchema), totalCount });
export type EmptyActivityList = z.infer<typeof emptyActivityListSchema>;
export const taskListSchema = z.object({ tasks: z.array(taskSchema), totalCount });
/** Empty activities first, then manual tasks, then user tasks; tell them apart by `flowNodeType`. */
export type TaskList = z.infer<typeof taskListSchema>;

export const userTaskResultSchema = z.object({
  formFields: z
    .record(z.string(), z.unknown(), { error: 'The formFields of a user task result is not an object.' })
    .optional(),
});
/** Values by field id. Absent: an empty result. */
export interface UserTaskResult {
  formFields?: Record<string, unknown> | undefined;
}
