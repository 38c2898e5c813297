import type { IManagementApi } from '../api/management-api.js';
import {
  activateAdHocActivityRequestSchema,
  broadcastSignalRequestSchema,
  definitionListSchema,
  definitionSchema,
  deliverySchema,
  deploymentRequestSchema,
  deploymentSchema,
  flowNodeInstanceListSchema,
  incidentListSchema,
  jobListSchema,
  managedProcessInstanceListSchema,
  managedProcessInstanceSchema,
  publishMessageRequestSchema,
  setVariablesRequestSchema,
  subscriptionInfoListSchema,
  updateProcessModelRequestSchema,
  variablesSchema,
} from '../models/management.js';
import { inPath, inQueryObject, paging, rowsOf, wholeBody, type Route } from './route.js';

const row = rowsOf<IManagementApi>('managementApi');
const inInstance = inPath('process_instance_id');
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
        ['latest'],
      ),
      ...paging,
    ],
    { summary: 'List definitions and their versions', response: definitionListSchema },
  ),
  row('get /definitions/:definition_id', 'getDefinition', [inPath('definition_id')], {
    summary: 'A definition with its XML',
    response: definitionSchema,
  }),

  row(
    'get /process_instances',
    'getProcessInstances',
    [
      inQueryObject({
        state: 'state',
        processModelId: 'process_model_id',
        definitionId: 'definition_id',
        correlationId: 'correlation_id',
        businessKey: 'business_key',
        parentProcessInstanceId: 'parent_process_instance_id',
      }),
      ...paging,
    ],
    { summary: 'List process instances', response: managedProcessInstanceListSchema },
  ),
  row('get /process_instances/:process_instance_id', 'getProcessInstance', [inInstance], {
    summary: 'A process instance',
    response: managedProcessInstanceSchema,
  }),
  row(
    'get /process_instances/:process_instance_id/flow_node_instances',
    'getFlowNodeInstances',
    [inInstance, ...paging],
    {
      summary: 'The flow node instances of a process instance',
      response: flowNodeInstanceListSchema,
    },
  ),
  row('get /process_instances/:process_instance_id/variables', 'getVariables', [inInstance], {
    summary: 'The variables of a process instance',
    response: variablesSchema,
  }),
  row('put /process_instances/:process_instance_id/variables', 'setVariables', [inInstance, wholeBody], {
    summary: 'Set variables of a process instance',
    request: setVariablesRequestSchema,
  }),
  row(
    'post /process_instances/:process_instance_id/ad_hoc_activities',
    'activateAdHocActivity',
    [inInstance, wholeBody],
    {
      summary: 'Start an activity of an ad-hoc sub-process',
      request: activateAdHocActivityRequestSchema,
    },
  ),
  row('post /process_instance/:process_instance_id/terminate', 'terminateProcessInstance', [inInstance], {
    summary: 'Terminate a process instance',
  }),

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
  row('post /incidents/:incident_id/retry', 'retryIncident', [inPath('incident_id')], {
    summary: 'Run a failed node again',
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
];
