/** User tasks, manual tasks and empty activities: lists and finishing. */
import {
  BadRequestError,
  NotFoundError,
  type IIdentity,
  type JsonObject,
  type UserTaskConfig,
  type UserTaskResult,
  tenantOf,
} from '@process-engine/contracts';
import type { PageRequest, TaskFilter, UserTaskKind, UserTaskRecord } from '@process-engine/contracts/storage';
import { checkFormValues } from './form-values.js';
import type { ServiceOptions } from './service-options.js';
import { TaskRights } from './task-rights.js';

export type TaskQuery = Omit<TaskFilter, 'tenantId' | 'lanes'>;

/** What a task is identified by when it is finished. */
export interface TaskReference {
  readonly kind: UserTaskKind;
  readonly processInstanceId: string;
  readonly correlationId: string;
  readonly id: string;
}

const NAMES: Record<UserTaskKind, string> = { user: 'UserTask', manual: 'ManualTask', empty: 'EmptyActivity' };

export class TaskService {
  readonly #rights: TaskRights;

  constructor(private readonly options: ServiceOptions) {
    this.#rights = new TaskRights(options.access);
  }

  /** The tasks in lanes the identity may see; `totalCount` counts them before paging. */
  async list(
    identity: IIdentity,
    query: TaskQuery,
    page: PageRequest,
  ): Promise<{ rows: readonly UserTaskRecord[]; totalCount: number }> {
    this.options.access.ensureIdentity(identity);
    const filter = await this.#withinLanes(identity, { ...query, tenantId: tenantOf(identity) });
    if (filter === undefined) return { rows: [], totalCount: 0 };
    const { items, totalCount } = await this.options.runtime.storage.findUserTasks(filter, page);
    return { rows: items, totalCount };
  }

  /** The filter, limited to the lanes the identity may see; undefined: it may see none of them. */
  async #withinLanes(identity: IIdentity, filter: TaskFilter): Promise<TaskFilter | undefined> {
    const { access, runtime } = this.options;
    if (await access.isSuperAdmin(identity)) return filter;
    const lanes = await runtime.storage.findTaskLanes(filter);
    const accessible = await access.accessibleLanes(identity, lanes);
    if (accessible.length === lanes.length) return filter;
    return accessible.length === 0 ? undefined : { ...filter, lanes: accessible };
  }

  /** A user task, by the id of its flow node instance or of its flow node; the oldest where several wait. */
  async finishInCorrelation(
    identity: IIdentity,
    place: { readonly processModelId: string; readonly correlationId: string; readonly id: string },
    result?: UserTaskResult,
  ): Promise<void> {
    this.options.access.ensureIdentity(identity);
    const { processModelId, correlationId, id } = place;
    const { items } = await this.options.runtime.storage.findUserTasks({
      tenantId: tenantOf(identity),
      processModelId,
      correlationId,
      kinds: ['user'],
    });
    const task = items.find((item) => item.id === id) ?? items.find((item) => item.flowNodeId === id);
    if (task === undefined) {
      const message = `ProcessModel '${processModelId}' in Correlation '${correlationId}' does not have a UserTask with id '${id}'`;
      throw new NotFoundError(message, { reason: 'task-not-waiting' });
    }
    const { processInstanceId } = task;
    await this.finish(identity, { kind: 'user', processInstanceId, correlationId, id: task.id }, result);
  }

  async finish(identity: IIdentity, reference: TaskReference, result?: UserTaskResult): Promise<void> {
    const { access } = this.options;
    const { storage, runner } = this.options.runtime;
    access.ensureIdentity(identity);
    const formFields = reference.kind === 'user' ? formFieldsOf(result) : undefined;
    const { kind, id, processInstanceId, correlationId } = reference;
    const { items } = await storage.findUserTasks({
      tenantId: tenantOf(identity),
      id,
      processInstanceId,
      correlationId,
      kinds: [kind],
    });
    const task = items[0];
    if (task === undefined) throw notWaiting(reference);
    await access.ensureLanes(identity, task.lanes, `the ${NAMES[kind]} '${task.flowNodeId}'`);
    await this.#rights.ensureMayWork(identity, task);
    if (formFields !== undefined && task.config !== null)
      checkFormValues(task.config as unknown as UserTaskConfig, formFields, this.options.formValidation);
    const { status } = await runner.submit(processInstanceId, {
      type: 'complete',
      flowNodeInstanceId: id,
      result: formFields,
    });
    if (status === 'gone') throw notWaiting(reference);
  }
}

function formFieldsOf(result: UserTaskResult | undefined): JsonObject {
  const formFields = result?.formFields ?? {};
  if (typeof formFields !== 'object' || Array.isArray(formFields)) {
    throw new BadRequestError("The UserTask's FormFields is not an object.", { reason: 'form-fields-invalid' });
  }
  return formFields as JsonObject;
}

function notWaiting({ kind, processInstanceId, correlationId, id }: TaskReference): Error {
  const message = `ProcessInstance '${processInstanceId}' in Correlation '${correlationId}' does not have a ${NAMES[kind]} with id '${id}'`;
  return new NotFoundError(message, { reason: 'task-not-waiting' });
}
