/** The management API: deployments, definitions, instances and what is known about them. */
import { readRequestBody } from '@process-engine/contracts/http';
import {
  activateAdHocActivityRequestSchema,
  CLAIMS,
  deploymentRequestSchema,
  GoneError,
  NotFoundError,
  RequestConflictError,
  setVariablesRequestSchema,
  UnprocessableEntityError,
  updateProcessModelRequestSchema,
  type Definition,
  type DefinitionList,
  type DefinitionQuery,
  type Delivery,
  type Deployment,
  type DeploymentRequest,
  type FlowNodeInstanceList,
  type IIdentity,
  type IManagementApi,
  type IncidentList,
  type IncidentQuery,
  type JobList,
  type JobQuery,
  type JsonObject,
  type ManagedProcessInstance,
  type ManagedProcessInstanceList,
  type ProcessInstanceQuery,
  type PublishMessageRequest,
  type SubscriptionInfoList,
  type SubscriptionQuery,
  tenantOf,
} from '@process-engine/contracts';
import type { IncidentRecord, ProcessInstanceRecord } from '@process-engine/contracts/storage';
import { parseModel } from '../model/index.js';
import {
  definitionOf,
  flowNodeInstanceOf,
  incidentOf,
  jobOf,
  managedInstance,
  subscriptionOf,
  timerOf,
} from './data-transfer-objects.js';
import { EventService } from './event-service.js';
import { paged, pageOf } from './paging.js';
import type { ServiceOptions } from './service-options.js';

export class ManagementService implements IManagementApi {
  readonly #events: EventService;

  constructor(private readonly options: ServiceOptions) {
    this.#events = new EventService(options);
  }

  async deploy(identity: IIdentity, deployment: DeploymentRequest): Promise<Deployment> {
    await this.options.access.ensureClaim(identity, CLAIMS.writeProcessModel);
    readRequestBody(deploymentRequestSchema, deployment);
    return this.#deploy(identity, deployment);
  }

  async #deploy(identity: IIdentity, request: DeploymentRequest): Promise<Deployment> {
    const deployment = await this.options.runtime.models.deploy(tenantOf(identity), request);
    this.options.runtime.lookForJobs();
    return deployment;
  }

  async updateProcessModel(
    identity: IIdentity,
    processModelId: string,
    model: { xml: string; overwriteExisting?: boolean | undefined },
  ): Promise<void> {
    await this.options.access.ensureClaim(identity, CLAIMS.writeProcessModel);
    readRequestBody(updateProcessModelRequestSchema, model);
    const { xml, overwriteExisting = true } = model;
    const { elementsById } = await parseModel(xml);
    if (elementsById[processModelId]?.$type !== 'bpmn:Process') {
      throw new UnprocessableEntityError(`the model holds no process with the id '${processModelId}'`, {
        reason: 'process-id-mismatch',
      });
    }
    const { totalCount } = await this.options.runtime.storage.findDefinitions({
      tenantId: tenantOf(identity),
      key: processModelId,
      latest: true,
    });
    if (!overwriteExisting && totalCount > 0) {
      throw new RequestConflictError(`the process model '${processModelId}' exists already`, {
        reason: 'process-model-exists',
      });
    }
    await this.#deploy(identity, { files: [{ name: `${processModelId}.bpmn`, xml }] });
  }

  async deleteProcessModel(identity: IIdentity, processModelId: string): Promise<void> {
    await this.options.access.ensureClaim(identity, CLAIMS.deleteProcessModel);
    if (!(await this.options.runtime.models.delete(tenantOf(identity), processModelId)))
      throw notFound('process model', processModelId);
  }

  async getDefinitions(
    identity: IIdentity,
    query: DefinitionQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<DefinitionList> {
    await this.#ensureRead(identity);
    const { processModelId, deploymentId, versionTag, latest } = query;
    const filter = {
      tenantId: tenantOf(identity),
      ...(processModelId === undefined ? {} : { key: processModelId }),
      ...(deploymentId === undefined ? {} : { deploymentId }),
      ...(versionTag === undefined ? {} : { versionTag }),
      ...(latest === undefined ? {} : { latest }),
    };
    const { items, totalCount } = await this.options.runtime.storage.findDefinitions(filter, pageOf(offset, limit));
    return { definitions: items.map((row) => definitionOf(row, false)), totalCount };
  }

  async getDefinition(identity: IIdentity, definitionId: string): Promise<Definition> {
    await this.#ensureRead(identity);
    const row = await this.options.runtime.storage.loadDefinition(definitionId);
    if (row?.tenantId !== tenantOf(identity)) throw notFound('definition', definitionId);
    return definitionOf(row, true);
  }

  async getProcessInstances(
    identity: IIdentity,
    query: ProcessInstanceQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<ManagedProcessInstanceList> {
    await this.#ensureRead(identity);
    const { state, processModelId, definitionId, correlationId, businessKey, parentProcessInstanceId } = query;
    const filter = {
      tenantId: tenantOf(identity),
      ...(state === undefined ? {} : { states: [state] }),
      ...(processModelId === undefined ? {} : { processModelId }),
      ...(definitionId === undefined ? {} : { definitionId }),
      ...(correlationId === undefined ? {} : { correlationId }),
      ...(businessKey === undefined ? {} : { businessKey }),
      ...(parentProcessInstanceId === undefined ? {} : { parentInstanceId: parentProcessInstanceId }),
    };
    const { items, totalCount } = await this.options.runtime.storage.findProcessInstances(
      filter,
      pageOf(offset, limit),
    );
    return { processInstances: items.map(managedInstance), totalCount };
  }

  async getProcessInstance(identity: IIdentity, processInstanceId: string): Promise<ManagedProcessInstance> {
    await this.#ensureRead(identity);
    return managedInstance(await this.#instance(identity, processInstanceId));
  }

  async getFlowNodeInstances(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<FlowNodeInstanceList> {
    await this.#ensureRead(identity);
    const { items, totalCount } = await this.options.runtime.storage.findFlowNodeInstances(
      { tenantId: tenantOf(identity), processInstanceId },
      pageOf(offset, limit),
    );
    return { flowNodeInstances: items.map(flowNodeInstanceOf), totalCount };
  }

  async getVariables(identity: IIdentity, processInstanceId: string): Promise<Record<string, unknown>> {
    await this.#ensureRead(identity);
    await this.#instance(identity, processInstanceId);
    const rows = await this.options.runtime.storage.findVariables(processInstanceId);
    return Object.fromEntries(
      rows.filter(({ scopeId }) => scopeId === processInstanceId).map(({ name, value }) => [name, value]),
    );
  }

  async setVariables(
    identity: IIdentity,
    processInstanceId: string,
    change: { variables: Record<string, unknown>; scopeId?: string | undefined },
  ): Promise<void> {
    await this.options.access.ensureClaim(identity, CLAIMS.superAdmin);
    readRequestBody(setVariablesRequestSchema, change);
    const { variables, scopeId } = change;
    await this.#instance(identity, processInstanceId);
    const { status } = await this.options.runtime.runner.submit(processInstanceId, {
      type: 'set-variables',
      scopeId,
      variables: variables as JsonObject,
    });
    if (status === 'gone')
      throw new GoneError(`process instance '${processInstanceId}' or its scope has ended`, {
        reason: 'process-instance-ended',
      });
  }

  async activateAdHocActivity(
    identity: IIdentity,
    processInstanceId: string,
    activity: { flowNodeId: string; scopeId?: string | undefined },
  ): Promise<void> {
    await this.options.access.ensureClaim(identity, CLAIMS.readProcessModel);
    readRequestBody(activateAdHocActivityRequestSchema, activity);
    const { flowNodeId, scopeId } = activity;
    const { processModelId, definitionId } = await this.#instance(identity, processInstanceId);
    const node = (await this.options.runtime.models.get(definitionId))?.graph.nodesById.get(flowNodeId);
    if (node === undefined)
      throw new NotFoundError(`the process model '${processModelId}' has no flow node '${flowNodeId}'`, {
        reason: 'flow-node-not-found',
      });
    await this.options.access.ensureLanes(identity, node.lanes, `the activity '${flowNodeId}'`);
    const { status } = await this.options.runtime.runner.submit(processInstanceId, {
      type: 'activate',
      flowNodeId,
      scopeId,
    });
    if (status === 'gone') {
      throw new RequestConflictError(`no ad-hoc sub-process offers the activity '${flowNodeId}' now`, {
        reason: 'activity-not-offered',
      });
    }
  }

  async terminateProcessInstance(identity: IIdentity, processInstanceId: string): Promise<void> {
    await this.options.access.ensureClaim(identity, CLAIMS.terminateProcess);
    await this.#instance(identity, processInstanceId);
    const reason = `Process was terminated by user '${identity.userId}'`;
    const { status } = await this.options.runtime.runner.submit(processInstanceId, { type: 'terminate', reason });
    if (status === 'gone')
      throw new GoneError(`process instance '${processInstanceId}' has ended`, { reason: 'process-instance-ended' });
  }

  publishMessage(identity: IIdentity, message: PublishMessageRequest): Promise<Delivery> {
    return this.#events.publish(identity, message);
  }

  broadcastSignal(identity: IIdentity, signal: { name: string; payload?: unknown }): Promise<Delivery> {
    return this.#events.broadcast(identity, signal);
  }

  async getSubscriptions(
    identity: IIdentity,
    query: SubscriptionQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<SubscriptionInfoList> {
    await this.#ensureRead(identity);
    const { storage } = this.options.runtime;
    const { processInstanceId, processModelId } = query;
    const filter = {
      tenantId: tenantOf(identity),
      ...(processInstanceId === undefined ? {} : { processInstanceId }),
      ...(processModelId === undefined ? {} : { processModelId }),
    };
    const subscriptions = (await storage.findSubscriptions(filter)).items.map(subscriptionOf);
    const timers = await storage.findJobs({
      tenantId: tenantOf(identity),
      ...(processInstanceId === undefined ? {} : { processInstanceId }),
      kinds: ['timer', 'start-timer'],
    });
    const models = await this.#modelsOf(
      identity,
      timers.items.map((job) => job.processInstanceId ?? job.definitionId!),
    );
    const timed = timers.items
      .map((job) => timerOf(job, models.get(job.processInstanceId ?? job.definitionId!) ?? ''))
      .filter((timer) => processModelId === undefined || timer.processModelId === processModelId);
    const all = [...subscriptions, ...timed];
    return { subscriptions: paged(all, pageOf(offset, limit)), totalCount: all.length };
  }

  /** Process model ids by process instance id or definition id. */
  async #modelsOf(identity: IIdentity, ids: readonly string[]): Promise<Map<string, string>> {
    const { storage, models } = this.options.runtime;
    const found = new Map<string, string>();
    if (ids.length === 0) return found;
    const { items } = await storage.findProcessInstances({ tenantId: tenantOf(identity), ids: [...new Set(ids)] });
    for (const { id, processModelId } of items) found.set(id, processModelId);
    for (const id of ids) if (!found.has(id)) found.set(id, (await models.get(id))?.definition.key ?? '');
    return found;
  }

  async getIncidents(
    identity: IIdentity,
    query: IncidentQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<IncidentList> {
    await this.#ensureRead(identity);
    const { processInstanceId, processModelId } = query;
    const filter = {
      tenantId: tenantOf(identity),
      ...(processInstanceId === undefined ? {} : { processInstanceId }),
      ...(processModelId === undefined ? {} : { processModelId }),
    };
    const { items, totalCount } = await this.options.runtime.storage.findIncidents(filter, pageOf(offset, limit));
    return { incidents: items.map(incidentOf), totalCount };
  }

  async retryIncident(identity: IIdentity, incidentId: string): Promise<void> {
    await this.options.access.ensureClaim(identity, CLAIMS.superAdmin);
    const { processInstanceId, flowNodeInstanceId } = await this.#incident(identity, incidentId);
    const { status } = await this.options.runtime.runner.submit(processInstanceId, {
      type: 'retry',
      flowNodeInstanceId,
    });
    if (status === 'gone') throw notFound('incident', incidentId);
  }

  async resolveIncident(identity: IIdentity, incidentId: string): Promise<void> {
    await this.options.access.ensureClaim(identity, CLAIMS.superAdmin);
    const { processInstanceId, flowNodeInstanceId } = await this.#incident(identity, incidentId);
    const { status } = await this.options.runtime.runner.submit(processInstanceId, {
      type: 'resolve',
      flowNodeInstanceId,
    });
    if (status === 'gone') throw notFound('incident', incidentId);
  }

  async getJobs(identity: IIdentity, query: JobQuery = {}, offset?: number, limit?: number): Promise<JobList> {
    await this.#ensureRead(identity);
    const { processInstanceId, definitionId } = query;
    const filter = {
      tenantId: tenantOf(identity),
      ...(processInstanceId === undefined ? {} : { processInstanceId }),
      ...(definitionId === undefined ? {} : { definitionId }),
    };
    const { items, totalCount } = await this.options.runtime.storage.findJobs(filter, pageOf(offset, limit));
    return { jobs: items.map(jobOf), totalCount };
  }

  async #incident(identity: IIdentity, id: string): Promise<IncidentRecord> {
    const { items } = await this.options.runtime.storage.findIncidents({ tenantId: tenantOf(identity), id });
    if (items[0] === undefined) throw notFound('incident', id);
    return items[0];
  }

  #ensureRead(identity: IIdentity): Promise<void> {
    return this.options.access.ensureClaim(identity, CLAIMS.readProcessModel);
  }

  async #instance(identity: IIdentity, id: string): Promise<ProcessInstanceRecord> {
    const { items } = await this.options.runtime.storage.findProcessInstances({
      tenantId: tenantOf(identity),
      ids: [id],
    });
    if (items[0] === undefined) throw notFound('process instance', id);
    return items[0];
  }
}

function notFound(what: string, id: string): Error {
  return new NotFoundError(`${what} '${id}' not found`, { reason: `${what.replace(' ', '-')}-not-found` });
}
