import type { IConsumerApi } from '../api/consumer-api.js';
import { userTaskListSchema, userTaskSchema } from '../models/tasks.js';
import { userTaskChangeSchema } from '../models/user-task-queries.js';
import { boolean, inPath, inQueryObject, integer, paging, rowsOf, wholeBody, type Route } from './route.js';

const row = rowsOf<IConsumerApi>('consumerApi');
const inTask = inPath('user_task_instance_id');

/** What people do with user tasks before they finish them. Behind the lists: `own` is no task's id. */
export const userTaskRoutes: readonly Route[] = [
  row(
    'get /user_tasks',
    'getUserTasks',
    [
      inQueryObject(
        {
          processModelId: 'process_model_id',
          processInstanceId: 'process_instance_id',
          correlationId: 'correlation_id',
          userTaskId: 'user_task_id',
          name: 'name',
          role: 'role',
          assignee: 'assignee',
          unassigned: 'unassigned',
          candidateUser: 'candidate_user',
          candidateGroup: 'candidate_group',
          dueBefore: 'due_before',
          dueAfter: 'due_after',
          followUpBefore: 'follow_up_before',
          followUpAfter: 'follow_up_after',
          minPriority: 'min_priority',
          maxPriority: 'max_priority',
          sortBy: 'sort_by',
          sortOrder: 'sort_order',
        },
        { unassigned: boolean, minPriority: integer, maxPriority: integer },
      ),
      ...paging,
    ],
    { summary: 'Find waiting user tasks', response: userTaskListSchema },
  ),
  row('get /user_tasks/:user_task_instance_id', 'getUserTask', [inTask], {
    summary: 'A waiting user task',
    response: userTaskSchema,
  }),
  row('post /user_tasks/:user_task_instance_id/claim', 'claimUserTask', [inTask], { summary: 'Claim a user task' }),
  row('post /user_tasks/:user_task_instance_id/unclaim', 'unclaimUserTask', [inTask], {
    summary: 'Give a claimed user task back',
  }),
  row('put /user_tasks/:user_task_instance_id', 'updateUserTask', [inTask, wholeBody], {
    summary: 'Assign a user task, change its candidates, dates or priority',
    request: userTaskChangeSchema,
  }),
];
