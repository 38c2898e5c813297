import { z } from 'zod';

const SORT_KEYS = ['createdAt', 'dueDate', 'followUpDate', 'priority', 'name'] as const;

const text = (name: string) => z.string({ error: `${name} must be a text` }).optional();
const time = (name: string) => z.iso.datetime({ offset: true, error: `${name} must be an ISO 8601 time` });
const wholeNumber = (name: string) => z.number({ error: `${name} must be a whole number` }).int();

export const userTaskQuerySchema = z.object({
  processModelId: text('processModelId'),
  processInstanceId: text('processInstanceId'),
  correlationId: text('correlationId'),
  userTaskId: text('userTaskId'),
  name: text('name'),
  role: z.enum(['assignee', 'candidate', 'any'], { error: 'role must be one of assignee, candidate, any' }).optional(),
  assignee: text('assignee'),
  unassigned: z.boolean({ error: 'unassigned must be true or false' }).optional(),
  candidateUser: text('candidateUser'),
  candidateGroup: text('candidateGroup'),
  dueBefore: time('dueBefore').optional(),
  dueAfter: time('dueAfter').optional(),
  followUpBefore: time('followUpBefore').optional(),
  followUpAfter: time('followUpAfter').optional(),
  minPriority: wholeNumber('minPriority').optional(),
  maxPriority: wholeNumber('maxPriority').optional(),
  sortBy: z.enum(SORT_KEYS, { error: `sortBy must be one of ${SORT_KEYS.join(', ')}` }).optional(),
  sortOrder: z.enum(['asc', 'desc'], { error: 'sortOrder must be asc or desc' }).optional(),
});

/** Which user tasks are asked for; a field that is absent asks for nothing. */
export interface UserTaskQuery {
  readonly processModelId?: string | undefined;
  readonly processInstanceId?: string | undefined;
  readonly correlationId?: string | undefined;
  /** The user task's id in the model. */
  readonly userTaskId?: string | undefined;
  readonly name?: string | undefined;
  /** What the caller is to the task: its assignee; somebody who may claim it, as it has no assignee and the caller is a candidate; or either. */
  readonly role?: 'assignee' | 'candidate' | 'any' | undefined;
  readonly assignee?: string | undefined;
  readonly unassigned?: boolean | undefined;
  readonly candidateUser?: string | undefined;
  readonly candidateGroup?: string | undefined;
  /** ISO 8601; the time itself is not included. Tasks without such a date are not found by it. */
  readonly dueBefore?: string | undefined;
  readonly dueAfter?: string | undefined;
  readonly followUpBefore?: string | undefined;
  readonly followUpAfter?: string | undefined;
  readonly minPriority?: number | undefined;
  readonly maxPriority?: number | undefined;
  /** Default `createdAt`. Tasks that lack the date come last, those that agree in order of their creation. */
  readonly sortBy?: (typeof SORT_KEYS)[number] | undefined;
  /** Default `asc`. */
  readonly sortOrder?: 'asc' | 'desc' | undefined;
}

const people = (name: string) => z.array(z.string({ error: `${name} must be a list of texts` }).min(1)).optional();

export const userTaskChangeSchema = z.object({
  assignee: z.string({ error: 'assignee must be a text or null' }).min(1).nullable().optional(),
  candidateUsers: people('candidateUsers'),
  candidateGroups: people('candidateGroups'),
  dueDate: time('dueDate').nullable().optional(),
  followUpDate: time('followUpDate').nullable().optional(),
  priority: wholeNumber('priority').optional(),
});

/** What is to be different about a user task; a field that is absent stays as it is, `null` takes the value away. */
export interface UserTaskChange {
  readonly assignee?: string | null | undefined;
  readonly candidateUsers?: readonly string[] | undefined;
  readonly candidateGroups?: readonly string[] | undefined;
  /** ISO 8601. */
  readonly dueDate?: string | null | undefined;
  readonly followUpDate?: string | null | undefined;
  readonly priority?: number | undefined;
}
