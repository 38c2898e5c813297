import type {
  Definition,
  DefinitionList,
  DefinitionQuery,
  Delivery,
  Deployment,
  DeploymentRequest,
  EngineApi,
  FlowNodeInstanceList,
  IIdentity,
  IManagementApi,
  IncidentList,
  IncidentQuery,
  JobList,
  JobQuery,
  ManagedProcessInstance,
  ManagedProcessInstanceList,
  ProcessInstanceQuery,
  PublishMessageRequest,
  SubscriptionInfoList,
  SubscriptionQuery,
} from '@process-engine/contracts';

/** For operators and deployment tools: the management API over any accessor. */
export class ManagementApiClient implements IManagementApi {
  readonly #api: IManagementApi;

  constructor(accessor: Pick<EngineApi, 'managementApi'>) {
    this.#api = accessor.managementApi;
  }

  deploy(identity: IIdentity, deployment: DeploymentRequest): Promise<Deployment> {
    return this.#api.deploy(identity, deployment);
  }

  updateProcessModel(
    identity: IIdentity,
    processModelId: string,
    model: { xml: string; overwriteExisting?: boolean | undefined },
  ): Promise<void> {
    return this.#api.updateProcessModel(identity, processModelId, model);
  }

  deleteProcessModel(identity: IIdentity, processModelId: string): Promise<void> {
    return this.#api.deleteProcessModel(identity, processModelId);
  }

  getDefinitions(
    identity: IIdentity,
    query?: DefinitionQuery,
    offset?: number,
    limit?: number,
  ): Promise<DefinitionList> {
    return this.#api.getDefinitions(identity, query, offset, limit);
  }

  getDefinition(identity: IIdentity, definitionId: string): Promise<Definition> {
    return this.#api.getDefinition(identity, definitionId);
  }

  getProcessInstances(
    identity: IIdentity,
    query?: ProcessInstanceQuery,
    offset?: number,
    limit?: number,
  ): Promise<ManagedProcessInstanceList> {
    return this.#api.getProcessInstances(identity, query, offset, limit);
  }

  getProcessInstance(identity: IIdentity, processInstanceId: string): Promise<ManagedProcessInstance> {
    return this.#api.getProcessInstance(identity, processInstanceId);
  }

  getFlowNodeInstances(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<FlowNodeInstanceList> {
    return this.#api.getFlowNodeInstances(identity, processInstanceId, offset, limit);
  }

  getVariables(identity: IIdentity, processInstanceId: string): Promise<Record<string, unknown>> {
    return this.#api.getVariables(identity, processInstanceId);
  }

  setVariables(
    identity: IIdentity,
    processInstanceId: string,
    change: { variables: Record<string, unknown>; scopeId?: string | undefined },
  ): Promise<void> {
    return this.#api.setVariables(identity, processInstanceId, change);
  }

  activateAdHocActivity(
    identity: IIdentity,
    processInstanceId: string,
    activity: { flowNodeId: string; scopeId?: string | undefined },
  ): Promise<void> {
    return this.#api.activateAdHocActivity(identity, processInstanceId, activity);
  }

  terminateProcessInstance(identity: IIdentity, processInstanceId: string): Promise<void> {
    return this.#api.terminateProcessInstance(identity, processInstanceId);
  }

  publishMessage(identity: IIdentity, message: PublishMessageRequest): Promise<Delivery> {
    return this.#api.publishMessage(identity, message);
  }

  broadcastSignal(identity: IIdentity, signal: { name: string; payload?: unknown }): Promise<Delivery> {
    return this.#api.broadcastSignal(identity, signal);
  }

  getSubscriptions(
    identity: IIdentity,
    query?: SubscriptionQuery,
    offset?: number,
    limit?: number,
  ): Promise<SubscriptionInfoList> {
    return this.#api.getSubscriptions(identity, query, offset, limit);
  }

  getIncidents(identity: IIdentity, query?: IncidentQuery, offset?: number, limit?: number): Promise<IncidentList> {
    return this.#api.getIncidents(identity, query, offset, limit);
  }

  resolveIncident(identity: IIdentity, incidentId: string): Promise<void> {
    return this.#api.resolveIncident(identity, incidentId);
  }

  getJobs(identity: IIdentity, query?: JobQuery, offset?: number, limit?: number): Promise<JobList> {
    return this.#api.getJobs(identity, query, offset, limit);
  }

  retryIncident(identity: IIdentity, incidentId: string): Promise<void> {
    return this.#api.retryIncident(identity, incidentId);
  }
}
