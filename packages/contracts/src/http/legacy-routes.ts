/**
 * Routes of the seeds' documents and of their first clients, beside those the published clients use. Some say the same
 * with other names; three are operations of their own, because they answer or are addressed differently.
 */
import { z } from 'zod';
import type { IConsumerApi } from '../api/consumer-api.js';
import { processStartRequestSchema, processStartResponseSchema } from '../models/process-models.js';
import { userTaskResultSchema } from '../models/tasks.js';
import { inPath, rowsOf, wholeBody, type Route } from './route.js';
import { inCallbackType, inEndEvent } from './start-queries.js';

const row = rowsOf<IConsumerApi>('consumerApi');
const inModel = inPath('process_model_id');
const inCorrelation = inPath('correlation_id');
const place = '/process_models/:process_model_id/correlations/:correlation_id';

export const earlyConsumerRoutes: readonly Route[] = [
  row(
    'post /process_models/:process_model_id/start_events/:start_event_id/start',
    'startProcessInstance',
    [inModel, wholeBody, inCallbackType, inPath('start_event_id'), inEndEvent],
    {
      summary: 'Start a process instance at a start event',
      request: processStartRequestSchema,
      response: processStartResponseSchema,
      waits: true,
      alias: true,
    },
  ),
  row(
    'get /correlations/:correlation_id/process_models/:process_model_id/result',
    'getProcessResult',
    [inCorrelation, inModel],
    { summary: 'The last result of a process model in a correlation', response: z.unknown() },
  ),
  row(
    `post ${place}/user_tasks/:user_task_id/finish`,
    'finishUserTaskInCorrelation',
    [inModel, inCorrelation, inPath('user_task_id'), wholeBody],
    { summary: 'Finish a user task by its id in the model or of its instance', request: userTaskResultSchema },
  ),
  row(
    `post ${place}/events/:event_id/trigger`,
    'triggerEvent',
    [inModel, inCorrelation, inPath('event_id'), wholeBody],
    { summary: 'Trigger one waiting event', request: z.unknown() },
  ),
];
