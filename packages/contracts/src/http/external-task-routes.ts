import type { IExternalTaskApi } from '../api/external-task-api.js';
import {
  extendLockRequestSchema,
  externalTaskSchema,
  fetchAndLockRequestSchema,
  finishExternalTaskRequestSchema,
  handleBpmnErrorRequestSchema,
  handleServiceErrorRequestSchema,
} from '../models/external-tasks.js';
import { inField, inPath, rowsOf, type ApiName, type Route } from './route.js';

/** The five operations of workers; served below the external task API's base path and below the consumer API's. */
export function externalTaskRoutes(api: ApiName): readonly Route[] {
  const row = rowsOf<IExternalTaskApi>(api);
  const onTask = [inField('workerId'), inPath('external_task_id')];
  const serviceError = {
    args: [...onTask, inField('errorMessage'), inField('errorDetails'), inField('errorCode')],
    options: { summary: 'Report a technical failure of an external task', request: handleServiceErrorRequestSchema },
  };
  return [
    row(
      'post /fetch_and_lock',
      'fetchAndLockExternalTasks',
      ['workerId', 'topicName', 'maxTasks', 'longPollingTimeout', 'lockDuration'].map(inField),
      {
        summary: 'Fetch and lock external tasks',
        request: fetchAndLockRequestSchema,
        response: externalTaskSchema.array(),
        waits: true,
        waitTime: 'longPollingTimeout',
      },
    ),
    row('post /task/:external_task_id/extend_lock', 'extendLock', [...onTask, inField('additionalDuration')], {
      summary: 'Extend the lock of an external task',
      request: extendLockRequestSchema,
    }),
    row(
      'post /task/:external_task_id/handle_bpmn_error',
      'handleBpmnError',
      [...onTask, inField('errorCode'), inField('errorMessage')],
      {
        summary: 'Throw a BPMN error at an external task',
        request: handleBpmnErrorRequestSchema,
      },
    ),
    row(
      'post /task/:external_task_id/handle_service_error',
      'handleServiceError',
      serviceError.args,
      serviceError.options,
    ),
    // The name in the seeds' documents.
    row('post /task/:external_task_id/handle_system_error', 'handleServiceError', serviceError.args, {
      ...serviceError.options,
      alias: true,
    }),
    row('post /task/:external_task_id/finish', 'finishExternalTask', [...onTask, inField('result')], {
      summary: 'Finish an external task',
      request: finishExternalTaskRequestSchema,
    }),
  ];
}
