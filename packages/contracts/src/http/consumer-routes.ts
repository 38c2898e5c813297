import { z } from 'zod';
import type { IConsumerApi } from '../api/consumer-api.js';
import { applicationInfoSchema } from '../models/common.js';
import { eventListSchema } from '../models/events.js';
import {
  correlationResultListSchema,
  processInstanceListSchema,
  processModelListSchema,
  processModelSchema,
  processStartRequestSchema,
  processStartResponseSchema,
} from '../models/process-models.js';
import {
  emptyActivityListSchema,
  manualTaskListSchema,
  taskListSchema,
  userTaskListSchema,
  userTaskResultSchema,
} from '../models/tasks.js';
import { externalTaskRoutes } from './external-task-routes.js';
import { userTaskRoutes } from './user-task-routes.js';
import { earlyConsumerRoutes } from './legacy-routes.js';
import { inPath, paging, rowsOf, wholeBody, type Route } from './route.js';
import { inCallbackType, inEndEvent, inStartEvent } from './start-queries.js';

const row = rowsOf<IConsumerApi>('consumerApi');

type TaskGroup = 'UserTasks' | 'ManualTasks' | 'EmptyActivities';

/** The five list routes every kind of task has. */
function taskLists(group: TaskGroup, segment: string, response: z.ZodType): Route[] {
  const summary = `List waiting ${segment.replace('_', ' ')}`;
  return [
    row(
      `get /process_models/:process_model_id/${segment}`,
      `get${group}ForProcessModel`,
      [inPath('process_model_id'), ...paging],
      {
        summary: `${summary} of a process model`,
        response,
      },
    ),
    row(
      `get /process_instances/:process_instance_id/${segment}`,
      `get${group}ForProcessInstance`,
      [inPath('process_instance_id'), ...paging],
      {
        summary: `${summary} of a process instance`,
        response,
      },
    ),
    row(
      `get /correlations/:correlation_id/${segment}`,
      `get${group}ForCorrelation`,
      [inPath('correlation_id'), ...paging],
      {
        summary: `${summary} of a correlation`,
        response,
      },
    ),
    row(
      `get /process_models/:process_model_id/correlations/:correlation_id/${segment}`,
      `get${group}ForProcessModelInCorrelation`,
      [inPath('process_model_id'), inPath('correlation_id'), ...paging],
      { summary: `${summary} of a process model in a correlation`, response },
    ),
    row(`get /${segment}/own`, `getWaiting${group}ByIdentity`, paging, {
      summary: `${summary} of the caller's instances`,
      response,
    }),
  ];
}

const finishPath = '/processes/:process_instance_id/correlations/:correlation_id';
const finishArgs = (id: string) => [inPath('process_instance_id'), inPath('correlation_id'), inPath(id)];

const inModel = inPath('process_model_id');
const inCorrelation = inPath('correlation_id');

export const consumerRoutes: readonly Route[] = [
  row('get /info', 'getApplicationInfo', [], {
    summary: 'Name and version of the application',
    response: applicationInfoSchema,
    authenticated: false,
  }),

  row('get /process_models', 'getProcessModels', paging, {
    summary: 'List startable process models',
    response: processModelListSchema,
  }),
  row('get /process_models/:process_model_id', 'getProcessModelById', [inModel], {
    summary: 'A process model',
    response: processModelSchema,
  }),
  row(
    'get /process_instance/:process_instance_id/process_model',
    'getProcessModelByProcessInstanceId',
    [inPath('process_instance_id')],
    {
      summary: 'The process model of an instance',
      response: processModelSchema,
    },
  ),
  row(
    'post /process_models/:process_model_id/start',
    'startProcessInstance',
    [inModel, wholeBody, inCallbackType, inStartEvent, inEndEvent],
    {
      summary: 'Start a process instance',
      request: processStartRequestSchema,
      response: processStartResponseSchema,
      waits: true,
    },
  ),
  row('get /process_instances/own', 'getProcessInstancesByIdentity', paging, {
    summary: "The caller's running instances",
    response: processInstanceListSchema,
  }),
  row(
    'get /correlations/:correlation_id/process_models/:process_model_id/results',
    'getProcessResultForCorrelation',
    [inCorrelation, inModel],
    { summary: "A correlation's results", response: correlationResultListSchema },
  ),

  ...taskLists('UserTasks', 'user_tasks', userTaskListSchema),
  ...userTaskRoutes,
  row(
    `post ${finishPath}/usertasks/:user_task_instance_id/finish`,
    'finishUserTask',
    [...finishArgs('user_task_instance_id'), wholeBody],
    {
      summary: 'Finish a user task',
      request: userTaskResultSchema,
    },
  ),
  ...taskLists('ManualTasks', 'manual_tasks', manualTaskListSchema),
  row(
    `post ${finishPath}/manual_tasks/:manual_task_instance_id/finish`,
    'finishManualTask',
    finishArgs('manual_task_instance_id'),
    {
      summary: 'Finish a manual task',
    },
  ),
  ...taskLists('EmptyActivities', 'empty_activities', emptyActivityListSchema),
  row(
    `post ${finishPath}/empty_activities/:empty_activity_instance_id/finish`,
    'finishEmptyActivity',
    finishArgs('empty_activity_instance_id'),
    {
      summary: 'Finish an empty activity',
    },
  ),

  row('get /suspended_tasks', 'getAllSuspendedTasks', paging, {
    summary: 'List all waiting tasks',
    response: taskListSchema,
  }),
  row('get /process_models/:process_model_id/tasks', 'getSuspendedTasksForProcessModel', [inModel, ...paging], {
    summary: 'List waiting tasks of a process model',
    response: taskListSchema,
  }),
  row(
    'get /process_instances/:process_instance_id/tasks',
    'getSuspendedTasksForProcessInstance',
    [inPath('process_instance_id'), ...paging],
    {
      summary: 'List waiting tasks of a process instance',
      response: taskListSchema,
    },
  ),
  row('get /correlations/:correlation_id/tasks', 'getSuspendedTasksForCorrelation', [inCorrelation, ...paging], {
    summary: 'List waiting tasks of a correlation',
    response: taskListSchema,
  }),
  row(
    'get /process_models/:process_model_id/correlations/:correlation_id/tasks',
    'getSuspendedTasksForProcessModelInCorrelation',
    [inModel, inCorrelation, ...paging],
    { summary: 'List waiting tasks of a process model in a correlation', response: taskListSchema },
  ),

  row('get /process_models/:process_model_id/events', 'getEventsForProcessModel', [inModel, ...paging], {
    summary: 'List waiting events of a process model',
    response: eventListSchema,
  }),
  row('get /correlations/:correlation_id/events', 'getEventsForCorrelation', [inCorrelation, ...paging], {
    summary: 'List waiting events of a correlation',
    response: eventListSchema,
  }),
  row(
    'get /process_models/:process_model_id/correlations/:correlation_id/events',
    'getEventsForProcessModelInCorrelation',
    [inModel, inCorrelation, ...paging],
    { summary: 'List waiting events of a process model in a correlation', response: eventListSchema },
  ),
  row('post /message/:event_name/trigger', 'triggerMessageEvent', [inPath('event_name'), wholeBody], {
    summary: 'Trigger a message',
    request: z.unknown(),
  }),
  row('post /signal/:event_name/trigger', 'triggerSignalEvent', [inPath('event_name'), wholeBody], {
    summary: 'Trigger a signal',
    request: z.unknown(),
  }),

  ...externalTaskRoutes('consumerApi'),
  ...earlyConsumerRoutes,
];
