/**
 * Who may do what, written by hand: one line per operation, by `api.operation`. A new operation needs a line here.
 * An outcome is a status, or for lists that are answered whether something is in them.
 */
import type { Actor } from './actors.js';
import type { World } from './world.js';

export type Outcome = number | 'some' | 'empty';

export interface Line {
  readonly outcomes: Readonly<Record<Actor, Outcome>>;
  /** The request's body in a world where all ids are known. */
  readonly body: ((world: World) => unknown) | undefined;
  /** Query parameters, where the operation needs some. */
  readonly query: ((world: World) => Record<string, string>) | undefined;
}

type Outcomes = readonly [
  missingClaim: Outcome,
  missingLane: Outcome,
  otherTenant: Outcome,
  owner: Outcome,
  superAdmin: Outcome,
];

function line(
  [missingClaim, missingLane, otherTenant, owner, superAdmin]: Outcomes,
  body?: Line['body'],
  query?: Line['query'],
): Line {
  return { outcomes: { missingClaim, missingLane, otherTenant, owner, superAdmin }, body, query };
}

// columns:              missing claim, missing lane, other tenant, owner, super admin
const publicToAll = line([200, 200, 200, 200, 200]);
const lanedList = line(['some', 'empty', 'empty', 'some', 'some']);
const ownList = line(['empty', 'empty', 'empty', 'some', 'empty']);
const model = line([403, 403, 404, 200, 200]);
const finish = (body?: Line['body']) => line([204, 403, 404, 204, 204], body);
const trigger = line([403, 204, 204, 204, 204], () => ({ a: 1 }));
const report = (body: Line['body']) => line([403, 204, 404, 204, 204], body);
const readList = line([403, 'some', 'empty', 'some', 'some']);
const readOne = line([403, 200, 404, 200, 200]);
const manage = (body?: Line['body']) => line([403, 403, 404, 403, 204], body);
const publish = (body: Line['body']) => line([403, 'some', 'empty', 'some', 'some'], body);

const fetchTasks = line([403, 'some', 'empty', 'some', 'some'], () => ({
  workerId: 'w',
  topicName: 'work',
  maxTasks: 1,
  longPollingTimeout: 0,
  lockDuration: 1_000,
}));
const worker = { workerId: 'w' };

const workers = {
  extendLock: report(() => ({ ...worker, additionalDuration: 1_000 })),
  finishExternalTask: report(() => ({ ...worker, result: 1 })),
  handleBpmnError: report(() => ({ ...worker, errorCode: 'E' })),
  handleServiceError: report(() => ({ ...worker, errorMessage: 'broken', errorDetails: {} })),
  fetchAndLockExternalTasks: fetchTasks,
};

export const CONSUMER: Readonly<Record<string, Line>> = {
  getApplicationInfo: publicToAll,
  getProcessModels: line([403, 'empty', 'empty', 'some', 'some']),
  getProcessModelById: model,
  getProcessModelByProcessInstanceId: model,
  startProcessInstance: line([403, 403, 404, 200, 200], () => ({})),
  getProcessInstancesByIdentity: ownList,
  getProcessResultForCorrelation: line([403, 403, 'empty', 'some', 'some']),
  getProcessResult: model,
  getUserTasksForProcessModel: lanedList,
  getUserTasksForProcessInstance: lanedList,
  getUserTasksForCorrelation: lanedList,
  getUserTasksForProcessModelInCorrelation: lanedList,
  getWaitingUserTasksByIdentity: ownList,
  getUserTasks: lanedList,
  getUserTask: line([200, 403, 404, 200, 200]),
  claimUserTask: line([204, 403, 404, 204, 204]),
  // Nobody has claimed it.
  unclaimUserTask: line([204, 403, 404, 204, 204]),
  updateUserTask: line([403, 403, 404, 204, 204], () => ({ priority: 5 })),
  finishUserTask: finish(() => ({ formFields: {} })),
  finishUserTaskInCorrelation: finish(() => ({ formFields: {} })),
  getManualTasksForProcessModel: lanedList,
  getManualTasksForProcessInstance: lanedList,
  getManualTasksForCorrelation: lanedList,
  getManualTasksForProcessModelInCorrelation: lanedList,
  getWaitingManualTasksByIdentity: ownList,
  finishManualTask: finish(),
  getEmptyActivitiesForProcessModel: lanedList,
  getEmptyActivitiesForProcessInstance: lanedList,
  getEmptyActivitiesForCorrelation: lanedList,
  getEmptyActivitiesForProcessModelInCorrelation: lanedList,
  getWaitingEmptyActivitiesByIdentity: ownList,
  finishEmptyActivity: finish(),
  getAllSuspendedTasks: lanedList,
  getSuspendedTasksForProcessModel: lanedList,
  getSuspendedTasksForProcessInstance: lanedList,
  getSuspendedTasksForCorrelation: lanedList,
  getSuspendedTasksForProcessModelInCorrelation: lanedList,
  getEventsForProcessModel: lanedList,
  getEventsForCorrelation: lanedList,
  getEventsForProcessModelInCorrelation: lanedList,
  triggerMessageEvent: trigger,
  triggerSignalEvent: trigger,
  triggerEvent: line([403, 403, 404, 204, 204], () => ({ a: 1 })),
  ...workers,
};

export const MANAGEMENT: Readonly<Record<string, Line>> = {
  deploy: line([403, 200, 200, 200, 200], ({ xml }) => ({ files: [{ name: 'a.bpmn', xml }] })),
  updateProcessModel: line([403, 204, 204, 204, 204], ({ xml }) => ({ xml })),
  deleteProcessModel: line([403, 204, 404, 204, 204]),
  getDefinitions: readList,
  getDefinition: readOne,
  getDeployments: readList,
  getProcessModels: line([403, 'empty', 'empty', 'some', 'some']),
  getProcessModelById: model,
  getProcessModelByProcessInstanceId: model,
  getStartEventsForProcessModel: line([403, 403, 404, 'some', 'some']),
  getCorrelations: readList,
  getCorrelation: readOne,
  getActiveCronjobs: line([403, 'empty', 'empty', 'empty', 'empty']),
  getCronjobHistory: line([403, 'empty', 'empty', 'empty', 'empty']),
  getRuntimeInformation: readList,
  getFlowNodeRuntimeInformation: readOne,
  getActiveTokens: readList,
  getLogs: readList,
  getTokenHistory: line([403, 'some', 'empty', 'some', 'some'], undefined, ({ process_instance_id: id }) => ({
    process_instance_id: id!,
  })),
  getMessages: line([403, 'empty', 'empty', 'empty', 'empty']),
  getProcessInstances: readList,
  getProcessInstance: readOne,
  getFlowNodeInstances: readList,
  getVariables: readOne,
  setVariables: manage(() => ({ variables: { a: 1 } })),
  activateAdHocActivity: line([403, 403, 404, 204, 204], () => ({ flowNodeId: 'Inner' })),
  terminateProcessInstance: line([403, 204, 404, 204, 204]),
  publishMessage: publish(() => ({ name: 'Mail' })),
  broadcastSignal: publish(() => ({ name: 'Go' })),
  getSubscriptions: readList,
  getIncidents: readList,
  retryIncident: manage(),
  resolveIncident: manage(),
  getJobs: readList,
  // Whoever was refused has an entry of his own.
  getAuditLog: line([403, 'some', 'some', 'some', 'some']),
};

/** What shows instances across all lanes, for which `can_read_process_model` is not enough. */
export const FOR_OPERATORS: readonly string[] = [
  'getRuntimeInformation',
  'getFlowNodeRuntimeInformation',
  'getActiveTokens',
  'getLogs',
  'getTokenHistory',
  'getMessages',
  'getProcessInstances',
  'getProcessInstance',
  'getFlowNodeInstances',
  'getVariables',
  'getSubscriptions',
  'getIncidents',
  'getJobs',
];

export const EXTERNAL_TASK: Readonly<Record<string, Line>> = workers;
