import type { IIdentity } from '../identity.js';
import type { Correlation, CorrelationList } from '../models/correlations.js';
import type { CronjobHistoryList, CronjobList } from '../models/cronjobs.js';
import type { AuditLog } from '../models/audit-log.js';
import type {
  ActiveTokenList,
  FlowNodeRuntimeInformation,
  FlowNodeRuntimeInformationList,
  LogEntryList,
  TokenHistoryList,
} from '../models/history.js';
import type {
  BufferedMessageList,
  Definition,
  DefinitionList,
  Delivery,
  Deployment,
  DeploymentList,
  DeploymentRequest,
  FlowNodeInstanceList,
  IncidentList,
  JobList,
  ManagedProcessInstance,
  ManagedProcessInstanceList,
  ManagedProcessModel,
  ManagedProcessModelList,
  ModelEventList,
  PublishMessageRequest,
  RetryIncidentRequest,
  SubscriptionInfoList,
} from '../models/management.js';

export interface DefinitionQuery {
  readonly processModelId?: string | undefined;
  readonly deploymentId?: string | undefined;
  readonly versionTag?: string | undefined;
  /** Only the newest version of each model. */
  readonly latest?: boolean | undefined;
}

export interface ProcessInstanceQuery {
  readonly state?: 'running' | 'finished' | 'terminated' | 'error' | undefined;
  readonly processModelId?: string | undefined;
  readonly definitionId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly businessKey?: string | undefined;
  readonly parentProcessInstanceId?: string | undefined;
  /** Later than this, not at it; ISO 8601. */
  readonly startedAfter?: string | undefined;
  /** Earlier than this, not at it; ISO 8601. */
  readonly startedBefore?: string | undefined;
  /** A variable of the instance's root scope, with the value of `variableValue`. */
  readonly variableName?: string | undefined;
  /** JSON text; what is no JSON is taken as a text itself. Default: null. */
  readonly variableValue?: string | undefined;
}

export interface CorrelationQuery {
  /** Only those of which an instance runs. */
  readonly active?: boolean | undefined;
  /** Only those with an instance of this model. */
  readonly processModelId?: string | undefined;
}

export interface CronjobQuery {
  readonly processModelId?: string | undefined;
}

export interface CronjobHistoryQuery {
  readonly processModelId?: string | undefined;
  readonly crontab?: string | undefined;
}

/** Which tokens, or what of their history, is asked for. */
export interface TokenQuery {
  readonly processInstanceId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly processModelId?: string | undefined;
  readonly flowNodeId?: string | undefined;
}

export interface MessageQuery {
  readonly name?: string | undefined;
}

export interface AuditQuery {
  readonly userId?: string | undefined;
  /** `api.operation`. */
  readonly operation?: string | undefined;
  readonly outcome?: 'done' | 'refused' | 'failed' | undefined;
  /** ISO 8601: not earlier than this. */
  readonly from?: string | undefined;
  /** ISO 8601: earlier than this. */
  readonly before?: string | undefined;
}

export interface IncidentQuery {
  readonly processInstanceId?: string | undefined;
  readonly processModelId?: string | undefined;
}

export interface JobQuery {
  readonly processInstanceId?: string | undefined;
  readonly definitionId?: string | undefined;
}

export interface SubscriptionQuery {
  readonly processInstanceId?: string | undefined;
  readonly processModelId?: string | undefined;
}

/** For operators and deployment tools. */
export interface IManagementApi {
  /**
   * Deploys the files together. Needs `can_write_process_model`: deploying is code execution.
   * UnprocessableEntityError with the findings in `additionalInformation` where one of them is an error; nothing is stored then.
   */
  deploy(identity: IIdentity, deployment: DeploymentRequest): Promise<Deployment>;
  /** The older way to deploy one file whose process id is `processModelId`. ConflictError: it exists and must not be overwritten. */
  updateProcessModel(
    identity: IIdentity,
    processModelId: string,
    model: { xml: string; overwriteExisting?: boolean | undefined },
  ): Promise<void>;
  /** No version can be started any more; running instances go on. */
  deleteProcessModel(identity: IIdentity, processModelId: string): Promise<void>;
  /** Oldest first. */
  getDeployments(identity: IIdentity, offset?: number, limit?: number): Promise<DeploymentList>;
  getDefinitions(
    identity: IIdentity,
    query?: DefinitionQuery,
    offset?: number,
    limit?: number,
  ): Promise<DefinitionList>;
  /** With its XML. */
  getDefinition(identity: IIdentity, definitionId: string): Promise<Definition>;
  /** The startable models in their newest versions, with their XML. */
  getProcessModels(identity: IIdentity, offset?: number, limit?: number): Promise<ManagedProcessModelList>;
  getProcessModelById(identity: IIdentity, processModelId: string): Promise<ManagedProcessModel>;
  /** The model in the version the instance runs on. */
  getProcessModelByProcessInstanceId(identity: IIdentity, processInstanceId: string): Promise<ManagedProcessModel>;
  getStartEventsForProcessModel(identity: IIdentity, processModelId: string): Promise<ModelEventList>;

  getCorrelations(
    identity: IIdentity,
    query?: CorrelationQuery,
    offset?: number,
    limit?: number,
  ): Promise<CorrelationList>;
  /** NotFoundError: no instance has this correlation id. */
  getCorrelation(identity: IIdentity, correlationId: string): Promise<Correlation>;
  /** The schedules of all timer start events. */
  getActiveCronjobs(identity: IIdentity, query?: CronjobQuery, offset?: number, limit?: number): Promise<CronjobList>;
  /** Needs `can_read_cronjob_history`. Oldest first. */
  getCronjobHistory(
    identity: IIdentity,
    query?: CronjobHistoryQuery,
    offset?: number,
    limit?: number,
  ): Promise<CronjobHistoryList>;

  getProcessInstances(
    identity: IIdentity,
    query?: ProcessInstanceQuery,
    offset?: number,
    limit?: number,
  ): Promise<ManagedProcessInstanceList>;
  getProcessInstance(identity: IIdentity, processInstanceId: string): Promise<ManagedProcessInstance>;
  /** Ended ones in order of their end, then those alive. */
  getFlowNodeInstances(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<FlowNodeInstanceList>;
  /** By flow node, of the newest 10,000 runs of the model's flow nodes that finished. */
  getRuntimeInformation(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<FlowNodeRuntimeInformationList>;
  /** NotFoundError: the flow node has not finished yet. */
  getFlowNodeRuntimeInformation(
    identity: IIdentity,
    processModelId: string,
    flowNodeId: string,
  ): Promise<FlowNodeRuntimeInformation>;
  getActiveTokens(identity: IIdentity, query?: TokenQuery, offset?: number, limit?: number): Promise<ActiveTokenList>;
  /** One entry per run of a flow node, instance by instance, in the order in which they ended. */
  getLogs(identity: IIdentity, query?: TokenQuery, offset?: number, limit?: number): Promise<LogEntryList>;
  /** As the token came to and left each flow node. BadRequestError: neither an instance nor a correlation is given. */
  getTokenHistory(identity: IIdentity, query: TokenQuery, offset?: number, limit?: number): Promise<TokenHistoryList>;
  /** The variables of the instance's root scope, by name. */
  getVariables(identity: IIdentity, processInstanceId: string): Promise<Record<string, unknown>>;
  /** Sets variables of the root scope, or of the given scope. Conditional events react. */
  setVariables(
    identity: IIdentity,
    processInstanceId: string,
    change: { variables: Record<string, unknown>; scopeId?: string | undefined },
  ): Promise<void>;
  /**
   * Starts an activity that an ad-hoc sub-process of the instance offers; `scopeId`: the sub-process's flow node instance,
   * default the first that offers it. ConflictError: none offers it now (or another activity runs, in sequential ordering).
   */
  activateAdHocActivity(
    identity: IIdentity,
    processInstanceId: string,
    activity: { flowNodeId: string; scopeId?: string | undefined },
  ): Promise<void>;
  /** Ends a running instance and the processes it called. NotFoundError: unknown; GoneError: already ended. */
  terminateProcessInstance(identity: IIdentity, processInstanceId: string): Promise<void>;

  /** Delivers to one receiver: the oldest matching wait, else one start event. Answers after the receiver's commit. */
  publishMessage(identity: IIdentity, message: PublishMessageRequest): Promise<Delivery>;
  /** Delivers to everybody who waits for the signal, and starts every matching start event. */
  broadcastSignal(identity: IIdentity, signal: { name: string; payload?: unknown }): Promise<Delivery>;
  /** Published messages that wait for a receiver, oldest first. */
  getMessages(identity: IIdentity, query?: MessageQuery, offset?: number, limit?: number): Promise<BufferedMessageList>;
  /** Open message, signal, conditional and timer waits, start events included. */
  getSubscriptions(
    identity: IIdentity,
    query?: SubscriptionQuery,
    offset?: number,
    limit?: number,
  ): Promise<SubscriptionInfoList>;

  getIncidents(identity: IIdentity, query?: IncidentQuery, offset?: number, limit?: number): Promise<IncidentList>;
  /**
   * Runs the failed node, or does the failed job, again; its count of failures begins anew. `variables` are set before, each
   * in the nearest scope around the node that has it, else in the process instance.
   * NotFoundError: there is no such incident (any more).
   */
  retryIncident(identity: IIdentity, incidentId: string, retry?: RetryIncidentRequest): Promise<void>;
  /**
   * Takes the failed node as done, without a result: the token goes on. Of a failed job: a call returns without a result, a
   * message is not sent, a start is left out. ConflictError (`incident-not-resolvable`): the instance cannot go on without
   * the job.
   */
  resolveIncident(identity: IIdentity, incidentId: string): Promise<void>;
  /** Timers, continuations and all else the engine has before it. */
  getJobs(identity: IIdentity, query?: JobQuery, offset?: number, limit?: number): Promise<JobList>;

  /**
   * Who did what, newest first. Needs `can_read_audit_log`. ConflictError (`audit-log-off`): the engine keeps none.
   * BadRequestError: `from` or `before` is no time, or `outcome` is unknown.
   */
  getAuditLog(identity: IIdentity, query?: AuditQuery, offset?: number, limit?: number): Promise<AuditLog>;
}
