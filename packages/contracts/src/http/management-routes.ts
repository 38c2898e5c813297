import type { IManagementApi } from '../api/management-api.js';
import { auditLogSchema } from '../models/audit-log.js';
import {
  broadcastSignalRequestSchema,
  bufferedMessageListSchema,
  definitionListSchema,
  definitionSchema,
  deliverySchema,
  deploymentListSchema,
  deploymentRequestSchema,
  deploymentSchema,
  incidentListSchema,
  jobListSchema,
  managedProcessModelListSchema,
  managedProcessModelSchema,
  modelEventListSchema,
  publishMessageRequestSchema,
  retryIncidentRequestSchema,
  subscriptionInfoListSchema,
  updateProcessModelRequestSchema,
} from '../models/management.js';
import { managementHistoryRoutes } from './management-history-routes.js';
import { managementInstanceRoutes } from './management-instance-routes.js';
import { boolean, inPath, inQueryObject, paging, rowsOf, wholeBody, type Route } from './route.js';

const row = rowsOf<IManagementApi>('managementApi');
export const managementRoutes: readonly Route[] = [
  row('post /deployments', 'deploy', [wholeBody], {
    summary: 'Deploy process models',
    request: deploymentRequestSchema,
    response: deploymentSchema,
  }),
  row('post /process_models/:process_model_id/update', 'updateProcessModel', [inPath('process_model_id'), wholeBody], {
    summary: 'Deploy one process model',
    request: updateProcessModelRequestSchema,
  }),
  row('delete /process_models/:process_model_id', 'deleteProcessModel', [inPath('process_model_id')], {
    summary: 'Delete a process model',
  }),
  row('get /process_models/:process_model_id/delete', 'deleteProcessModel', [inPath('process_model_id')], {
    summary: 'Delete a process model (older clients)',
    alias: true,
  }),
  row(
    'get /definitions',
    'getDefinitions',
    [
      inQueryObject(
        {
          processModelId: 'process_model_id',
          deploymentId: 'deployment_id',
          versionTag: 'version_tag',
          latest: 'latest',
        },
        { latest: boolean },
      ),
      ...paging,
    ],
    { summary: 'List definitions and their versions', response: definitionListSchema },
  ),
  row('get /deployments', 'getDeployments', paging, { summary: 'List deployments', response: deploymentListSchema }),
  row('get /definitions/:definition_id', 'getDefinition', [inPath('definition_id')], {
    summary: 'A definition with its XML',
    response: definitionSchema,
  }),

  row('get /process_models', 'getProcessModels', paging, {
    summary: 'List process models with their XML',
    response: managedProcessModelListSchema,
  }),
  row('get /process_models/:process_model_id', 'getProcessModelById', [inPath('process_model_id')], {
    summary: 'A process model with its XML',
    response: managedProcessModelSchema,
  }),
  row(
    'get /process_instance/:process_instance_id/process_model',
    'getProcessModelByProcessInstanceId',
    [inPath('process_instance_id')],
    { summary: 'The process model of an instance, with its XML', response: managedProcessModelSchema },
  ),
  row(
    'get /process_models/:process_model_id/start_events',
    'getStartEventsForProcessModel',
    [inPath('process_model_id')],
    { summary: 'The start events of a process model', response: modelEventListSchema },
  ),

  ...managementInstanceRoutes,
  ...managementHistoryRoutes,

  row('post /messages', 'publishMessage', [wholeBody], {
    summary: 'Publish a message to one receiver',
    request: publishMessageRequestSchema,
    response: deliverySchema,
  }),
  row('post /signals', 'broadcastSignal', [wholeBody], {
    summary: 'Broadcast a signal',
    request: broadcastSignalRequestSchema,
    response: deliverySchema,
  }),
  row('get /messages', 'getMessages', [inQueryObject({ name: 'name' }), ...paging], {
    summary: 'List messages that wait for a receiver',
    response: bufferedMessageListSchema,
  }),
  row(
    'get /subscriptions',
    'getSubscriptions',
    [inQueryObject({ processInstanceId: 'process_instance_id', processModelId: 'process_model_id' }), ...paging],
    { summary: 'List open subscriptions and timers', response: subscriptionInfoListSchema },
  ),
  row(
    'get /incidents',
    'getIncidents',
    [inQueryObject({ processInstanceId: 'process_instance_id', processModelId: 'process_model_id' }), ...paging],
    { summary: 'List incidents', response: incidentListSchema },
  ),
  row('post /incidents/:incident_id/retry', 'retryIncident', [inPath('incident_id'), wholeBody], {
    summary: 'Run a failed node again, with other variables if need be',
    request: retryIncidentRequestSchema,
  }),
  row('post /incidents/:incident_id/resolve', 'resolveIncident', [inPath('incident_id')], {
    summary: 'Take a failed node as done',
  }),
  row(
    'get /jobs',
    'getJobs',
    [inQueryObject({ processInstanceId: 'process_instance_id', definitionId: 'definition_id' }), ...paging],
    { summary: 'List jobs', response: jobListSchema },
  ),

  row(
    'get /audit_log',
    'getAuditLog',
    [
      inQueryObject({
        userId: 'user_id',
        operation: 'operation',
        outcome: 'outcome',
        from: 'from',
        before: 'before',
      }),
      ...paging,
    ],
    { summary: 'Who did what', response: auditLogSchema },
  ),
];
