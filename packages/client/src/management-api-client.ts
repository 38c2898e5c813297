import type { EngineApi, IManagementApi } from '@process-engine/contracts';

type Api = IManagementApi;

/** For operators and deployment tools: the management API over any accessor. */
export class ManagementApiClient implements IManagementApi {
  readonly #api: IManagementApi;

  constructor(accessor: Pick<EngineApi, 'managementApi'>) {
    this.#api = accessor.managementApi;
  }

  readonly deploy: Api['deploy'] = (...args) => this.#api.deploy(...args);
  readonly updateProcessModel: Api['updateProcessModel'] = (...args) => this.#api.updateProcessModel(...args);
  readonly deleteProcessModel: Api['deleteProcessModel'] = (...args) => this.#api.deleteProcessModel(...args);
  readonly getDeployments: Api['getDeployments'] = (...args) => this.#api.getDeployments(...args);
  readonly getDefinitions: Api['getDefinitions'] = (...args) => this.#api.getDefinitions(...args);
  readonly getDefinition: Api['getDefinition'] = (...args) => this.#api.getDefinition(...args);
  readonly getProcessModels: Api['getProcessModels'] = (...args) => this.#api.getProcessModels(...args);
  readonly getProcessModelById: Api['getProcessModelById'] = (...args) => this.#api.getProcessModelById(...args);
  readonly getProcessModelByProcessInstanceId: Api['getProcessModelByProcessInstanceId'] = (...args) =>
    this.#api.getProcessModelByProcessInstanceId(...args);
  readonly getStartEventsForProcessModel: Api['getStartEventsForProcessModel'] = (...args) =>
    this.#api.getStartEventsForProcessModel(...args);
  readonly getCorrelations: Api['getCorrelations'] = (...args) => this.#api.getCorrelations(...args);
  readonly getCorrelation: Api['getCorrelation'] = (...args) => this.#api.getCorrelation(...args);
  readonly getActiveCronjobs: Api['getActiveCronjobs'] = (...args) => this.#api.getActiveCronjobs(...args);
  readonly getCronjobHistory: Api['getCronjobHistory'] = (...args) => this.#api.getCronjobHistory(...args);
  readonly getProcessInstances: Api['getProcessInstances'] = (...args) => this.#api.getProcessInstances(...args);
  readonly getProcessInstance: Api['getProcessInstance'] = (...args) => this.#api.getProcessInstance(...args);
  readonly getFlowNodeInstances: Api['getFlowNodeInstances'] = (...args) => this.#api.getFlowNodeInstances(...args);
  readonly getRuntimeInformation: Api['getRuntimeInformation'] = (...args) => this.#api.getRuntimeInformation(...args);
  readonly getFlowNodeRuntimeInformation: Api['getFlowNodeRuntimeInformation'] = (...args) =>
    this.#api.getFlowNodeRuntimeInformation(...args);
  readonly getActiveTokens: Api['getActiveTokens'] = (...args) => this.#api.getActiveTokens(...args);
  readonly getLogs: Api['getLogs'] = (...args) => this.#api.getLogs(...args);
  readonly getTokenHistory: Api['getTokenHistory'] = (...args) => this.#api.getTokenHistory(...args);
  readonly getVariables: Api['getVariables'] = (...args) => this.#api.getVariables(...args);
  readonly setVariables: Api['setVariables'] = (...args) => this.#api.setVariables(...args);
  readonly activateAdHocActivity: Api['activateAdHocActivity'] = (...args) => this.#api.activateAdHocActivity(...args);
  readonly terminateProcessInstance: Api['terminateProcessInstance'] = (...args) =>
    this.#api.terminateProcessInstance(...args);
  readonly publishMessage: Api['publishMessage'] = (...args) => this.#api.publishMessage(...args);
  readonly broadcastSignal: Api['broadcastSignal'] = (...args) => this.#api.broadcastSignal(...args);
  readonly getMessages: Api['getMessages'] = (...args) => this.#api.getMessages(...args);
  readonly getSubscriptions: Api['getSubscriptions'] = (...args) => this.#api.getSubscriptions(...args);
  readonly getIncidents: Api['getIncidents'] = (...args) => this.#api.getIncidents(...args);
  readonly retryIncident: Api['retryIncident'] = (...args) => this.#api.retryIncident(...args);
  readonly resolveIncident: Api['resolveIncident'] = (...args) => this.#api.resolveIncident(...args);
  readonly getAuditLog: Api['getAuditLog'] = (...args) => this.#api.getAuditLog(...args);
  readonly getJobs: Api['getJobs'] = (...args) => this.#api.getJobs(...args);
}
