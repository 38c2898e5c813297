/** Who works on a user task: found, claimed, given back, assigned. Finishing is the task service's. */
import { readRequestBody } from '@process-engine/contracts/http';
import {
  CLAIMS,
  NotFoundError,
  RequestConflictError,
  tenantOf,
  userTaskChangeSchema,
  userTaskQuerySchema,
  type IIdentity,
  type UserTask,
  type UserTaskChange,
  type UserTaskList,
  type UserTaskQuery,
} from '@process-engine/contracts';
import type { OpenRange, PageRequest, TaskFilter, TaskOrder, UserTaskRecord } from '@process-engine/contracts/storage';
import type { UpdateTaskCommand } from '../execution/commands.js';
import { userTaskOf } from './data-transfer-objects.js';
import type { ServiceOptions } from './service-options.js';
import { TaskRights } from './task-rights.js';
import { TaskService, type TaskQuery } from './task-service.js';

/** Fields of a change that an assignee may make himself. */
const OWN_CHANGES: ReadonlySet<string> = new Set(['assignee', 'followUpDate']);

const SORT_FIELDS = {
  createdAt: 'createdAt',
  dueDate: 'dueAt',
  followUpDate: 'followUpAt',
  priority: 'priority',
  name: 'name',
} as const satisfies Record<string, TaskOrder['by']>;

export class UserTaskService {
  readonly #rights: TaskRights;
  readonly #tasks: TaskService;

  constructor(private readonly options: ServiceOptions) {
    this.#rights = new TaskRights(options.access);
    this.#tasks = new TaskService(options);
  }

  async find(identity: IIdentity, query: UserTaskQuery, page: PageRequest): Promise<UserTaskList> {
    this.options.access.ensureIdentity(identity);
    const filter = await this.#filterOf(identity, readRequestBody(userTaskQuerySchema, query) as UserTaskQuery);
    const { rows, totalCount } = await this.#tasks.list(identity, filter, page);
    return { userTasks: rows.map(userTaskOf), totalCount };
  }

  async get(identity: IIdentity, id: string): Promise<UserTask> {
    return userTaskOf(await this.#accessible(identity, id));
  }

  async claim(identity: IIdentity, id: string): Promise<void> {
    const task = await this.#accessible(identity, id);
    if (task.assignee === identity.userId) return;
    if (task.assignee !== null) throw assigned(task);
    await this.#rights.ensureCandidate(identity, task);
    await this.#update(identity, task, { assignee: identity.userId });
  }

  async unclaim(identity: IIdentity, id: string): Promise<void> {
    const task = await this.#accessible(identity, id);
    if (task.assignee === null) return;
    await this.#rights.ensureAssignee(identity, task);
    await this.#update(identity, task, { assignee: null });
  }

  async update(identity: IIdentity, id: string, change: UserTaskChange): Promise<void> {
    const set = readRequestBody(userTaskChangeSchema, change) as UserTaskChange;
    const task = await this.#accessible(identity, id);
    const isOwn = task.assignee === identity.userId && Object.keys(set).every((field) => OWN_CHANGES.has(field));
    if (!isOwn) await this.options.access.ensureClaim(identity, CLAIMS.assignUserTasks);
    await this.#update(identity, task, rowChange(set));
  }

  /** A task in a lane the identity may see. */
  async #accessible(identity: IIdentity, id: string): Promise<UserTaskRecord> {
    const { access } = this.options;
    access.ensureIdentity(identity);
    const task = await this.#waiting(identity, id);
    await access.ensureLanes(identity, task.lanes, `the UserTask '${task.flowNodeId}'`);
    return task;
  }

  async #waiting(identity: IIdentity, id: string): Promise<UserTaskRecord> {
    const { storage } = this.options.runtime;
    const { items } = await storage.findUserTasks({ tenantId: tenantOf(identity), id, kinds: ['user'] });
    if (items[0] !== undefined) return items[0];
    throw new NotFoundError(`no user task with the id '${id}' is waiting`, { reason: 'task-not-waiting' });
  }

  /** As long as it is whose it was when the rights were asked. */
  async #update(identity: IIdentity, task: UserTaskRecord, set: UpdateTaskCommand['set']): Promise<void> {
    const { status } = await this.options.runtime.runner.submit(task.processInstanceId, {
      type: 'update-task',
      flowNodeInstanceId: task.id,
      expectedAssignee: task.assignee,
      set,
    });
    if (status === 'gone') throw assigned(await this.#waiting(identity, task.id));
  }

  async #filterOf(identity: IIdentity, query: UserTaskQuery): Promise<TaskQuery> {
    const { processModelId, processInstanceId, correlationId, userTaskId, name, minPriority, maxPriority } = query;
    const { assignee, unassigned, candidateUser, candidateGroup } = query;
    return {
      kinds: ['user'],
      ...defined({ processModelId, processInstanceId, correlationId, flowNodeId: userTaskId, name }),
      ...defined({ minPriority, maxPriority, candidateUser, candidateGroup }),
      ...defined({ assignee: unassigned === true ? null : assignee }),
      ...defined({ dueAt: rangeOf(query.dueAfter, query.dueBefore) }),
      ...defined({ followUpAt: rangeOf(query.followUpAfter, query.followUpBefore) }),
      ...defined({ involves: await this.#involvement(identity, query), order: orderOf(query) }),
    };
  }

  async #involvement(identity: IIdentity, { role }: UserTaskQuery): Promise<TaskFilter['involves']> {
    if (role === undefined) return undefined;
    return { userId: identity.userId, groups: role === 'assignee' ? [] : await this.#groups(identity), as: role };
  }

  /** Where the identity itself knows of no groups, those of the waiting tasks that it belongs to. */
  async #groups(identity: IIdentity): Promise<readonly string[]> {
    if (identity.groups !== undefined) return identity.groups;
    const { access, runtime } = this.options;
    const groups = await runtime.storage.findTaskGroups({ tenantId: tenantOf(identity), assignee: null });
    return access.memberships(identity, groups);
  }
}

function assigned({ flowNodeId }: UserTaskRecord): Error {
  const message = `the user task '${flowNodeId}' has been assigned to somebody else`;
  return new RequestConflictError(message, { reason: 'user-task-assigned' });
}

function rowChange({ dueDate, followUpDate, ...same }: UserTaskChange): UpdateTaskCommand['set'] {
  return { ...defined(same), ...defined({ dueAt: timeOf(dueDate), followUpAt: timeOf(followUpDate) }) };
}

function timeOf(text: string | null | undefined): number | null | undefined {
  return text === null || text === undefined ? text : Date.parse(text);
}

function rangeOf(after: string | undefined, before: string | undefined): OpenRange | undefined {
  if (after === undefined && before === undefined) return undefined;
  return defined({ after: timeOf(after), before: timeOf(before) }) as OpenRange;
}

function orderOf({ sortBy, sortOrder }: UserTaskQuery): TaskOrder | undefined {
  if (sortBy === undefined && sortOrder === undefined) return undefined;
  return { by: SORT_FIELDS[sortBy ?? 'createdAt'], descending: sortOrder === 'desc' };
}

/** The fields that have a value. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
