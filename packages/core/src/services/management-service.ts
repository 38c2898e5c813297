/** The management API: each operation is that of the service of its area. */
import type { IManagementApi } from '@process-engine/contracts';
import { AuditService } from './audit-service.js';
import { EventService } from './event-service.js';
import { CorrelationService } from './management/correlation-service.js';
import { CronjobService } from './management/cronjob-service.js';
import { DeploymentService } from './management/deployment-service.js';
import { IncidentService } from './management/incident-service.js';
import { InstanceService } from './management/instance-service.js';
import { ModelViewService } from './management/model-view-service.js';
import { SubscriptionService } from './management/subscription-service.js';
import { TokenService } from './management/token-service.js';
import type { ServiceOptions } from './service-options.js';

type Api = IManagementApi;

export class ManagementService implements IManagementApi {
  readonly #deployments: DeploymentService;
  readonly #models: ModelViewService;
  readonly #correlations: CorrelationService;
  readonly #instances: InstanceService;
  readonly #tokens: TokenService;
  readonly #cronjobs: CronjobService;
  readonly #events: EventService;
  readonly #subscriptions: SubscriptionService;
  readonly #incidents: IncidentService;
  readonly #audit: AuditService;

  constructor(options: ServiceOptions) {
    this.#deployments = new DeploymentService(options);
    this.#models = new ModelViewService(options);
    this.#correlations = new CorrelationService(options);
    this.#instances = new InstanceService(options);
    this.#tokens = new TokenService(options);
    this.#cronjobs = new CronjobService(options);
    this.#events = new EventService(options);
    this.#subscriptions = new SubscriptionService(options);
    this.#incidents = new IncidentService(options);
    this.#audit = new AuditService(options);
  }

  readonly deploy: Api['deploy'] = (...args) => this.#deployments.deploy(...args);
  readonly updateProcessModel: Api['updateProcessModel'] = (...args) => this.#deployments.updateProcessModel(...args);
  readonly deleteProcessModel: Api['deleteProcessModel'] = (...args) => this.#deployments.deleteProcessModel(...args);
  readonly getDeployments: Api['getDeployments'] = (...args) => this.#deployments.getDeployments(...args);
  readonly getDefinitions: Api['getDefinitions'] = (...args) => this.#deployments.getDefinitions(...args);
  readonly getDefinition: Api['getDefinition'] = (...args) => this.#deployments.getDefinition(...args);

  readonly getProcessModels: Api['getProcessModels'] = (...args) => this.#models.getProcessModels(...args);
  readonly getProcessModelById: Api['getProcessModelById'] = (...args) => this.#models.getProcessModelById(...args);
  readonly getProcessModelByProcessInstanceId: Api['getProcessModelByProcessInstanceId'] = (...args) =>
    this.#models.getProcessModelByProcessInstanceId(...args);
  readonly getStartEventsForProcessModel: Api['getStartEventsForProcessModel'] = (...args) =>
    this.#models.getStartEventsForProcessModel(...args);

  readonly getCorrelations: Api['getCorrelations'] = (...args) => this.#correlations.getCorrelations(...args);
  readonly getCorrelation: Api['getCorrelation'] = (...args) => this.#correlations.getCorrelation(...args);

  readonly getProcessInstances: Api['getProcessInstances'] = (...args) => this.#instances.getProcessInstances(...args);
  readonly getProcessInstance: Api['getProcessInstance'] = (...args) => this.#instances.getProcessInstance(...args);
  readonly getFlowNodeInstances: Api['getFlowNodeInstances'] = (...args) =>
    this.#instances.getFlowNodeInstances(...args);
  readonly getVariables: Api['getVariables'] = (...args) => this.#instances.getVariables(...args);
  readonly setVariables: Api['setVariables'] = (...args) => this.#instances.setVariables(...args);
  readonly activateAdHocActivity: Api['activateAdHocActivity'] = (...args) =>
    this.#instances.activateAdHocActivity(...args);
  readonly terminateProcessInstance: Api['terminateProcessInstance'] = (...args) =>
    this.#instances.terminateProcessInstance(...args);

  readonly getRuntimeInformation: Api['getRuntimeInformation'] = (...args) =>
    this.#tokens.getRuntimeInformation(...args);
  readonly getFlowNodeRuntimeInformation: Api['getFlowNodeRuntimeInformation'] = (...args) =>
    this.#tokens.getFlowNodeRuntimeInformation(...args);
  readonly getActiveTokens: Api['getActiveTokens'] = (...args) => this.#tokens.getActiveTokens(...args);
  readonly getLogs: Api['getLogs'] = (...args) => this.#tokens.getLogs(...args);
  readonly getTokenHistory: Api['getTokenHistory'] = (...args) => this.#tokens.getTokenHistory(...args);

  readonly getActiveCronjobs: Api['getActiveCronjobs'] = (...args) => this.#cronjobs.getActiveCronjobs(...args);
  readonly getCronjobHistory: Api['getCronjobHistory'] = (...args) => this.#cronjobs.getCronjobHistory(...args);

  readonly publishMessage: Api['publishMessage'] = (...args) => this.#events.publish(...args);
  readonly broadcastSignal: Api['broadcastSignal'] = (...args) => this.#events.broadcast(...args);
  readonly getSubscriptions: Api['getSubscriptions'] = (...args) => this.#subscriptions.getSubscriptions(...args);
  readonly getMessages: Api['getMessages'] = (...args) => this.#subscriptions.getMessages(...args);

  readonly getIncidents: Api['getIncidents'] = (...args) => this.#incidents.getIncidents(...args);
  readonly retryIncident: Api['retryIncident'] = (...args) => this.#incidents.retryIncident(...args);
  readonly resolveIncident: Api['resolveIncident'] = (...args) => this.#incidents.resolveIncident(...args);
  readonly getJobs: Api['getJobs'] = (...args) => this.#incidents.getJobs(...args);

  readonly getAuditLog: Api['getAuditLog'] = (...args) => this.#audit.getAuditLog(...args);
}
