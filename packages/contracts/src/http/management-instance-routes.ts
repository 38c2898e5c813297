import type { IManagementApi } from '../api/management-api.js';
import { correlationListSchema, correlationSchema } from '../models/correlations.js';
import {
  activateAdHocActivityRequestSchema,
  flowNodeInstanceListSchema,
  managedProcessInstanceListSchema,
  managedProcessInstanceSchema,
  setVariablesRequestSchema,
  variablesSchema,
} from '../models/management.js';
import {
  boolean,
  inObject,
  inPath,
  inQueryObject,
  oneOf,
  paging,
  rowsOf,
  time,
  wholeBody,
  type Route,
} from './route.js';

const row = rowsOf<IManagementApi>('managementApi');
const inInstance = inPath('process_instance_id');
const STATES = managedProcessInstanceSchema.shape.state.options;

const correlations = { response: correlationListSchema, alias: true };
const instances = { response: managedProcessInstanceListSchema, alias: true };

/** Correlations and process instances. */
export const managementInstanceRoutes: readonly Route[] = [
  row(
    'get /correlations',
    'getCorrelations',
    [inQueryObject({ active: 'active', processModelId: 'process_model_id' }, { active: boolean }), ...paging],
    { summary: 'List correlations', response: correlationListSchema },
  ),
  row('get /correlations/all', 'getCorrelations', [inObject({}), ...paging], {
    summary: 'List all correlations',
    ...correlations,
  }),
  row('get /correlations/active', 'getCorrelations', [inObject({ active: { value: true } }), ...paging], {
    summary: 'List correlations of which an instance runs',
    ...correlations,
  }),
  row(
    'get /correlations/process_model/:process_model_id',
    'getCorrelations',
    [inObject({ processModelId: 'process_model_id' }), ...paging],
    { summary: 'List correlations with an instance of a process model', ...correlations },
  ),
  row('get /correlations/:correlation_id', 'getCorrelation', [inPath('correlation_id')], {
    summary: 'A correlation with its process instances',
    response: correlationSchema,
  }),

  row(
    'get /process_instances',
    'getProcessInstances',
    [
      inQueryObject(
        {
          state: 'state',
          processModelId: 'process_model_id',
          definitionId: 'definition_id',
          correlationId: 'correlation_id',
          businessKey: 'business_key',
          parentProcessInstanceId: 'parent_process_instance_id',
          startedAfter: 'started_after',
          startedBefore: 'started_before',
          variableName: 'variable_name',
          variableValue: 'variable_value',
        },
        { state: oneOf(...STATES), startedAfter: time, startedBefore: time },
      ),
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
  row(
    'get /process_instances/by_correlation/:correlation_id',
    'getProcessInstances',
    [inObject({ correlationId: 'correlation_id' }), ...paging],
    { summary: 'List process instances of a correlation', ...instances },
  ),
  row(
    'get /process_instances/by_process_model/:process_model_id',
    'getProcessInstances',
    [inObject({ processModelId: 'process_model_id' }), ...paging],
    { summary: 'List process instances of a process model', ...instances },
  ),
  row(
    'get /process_instances/by_state/:process_instance_state',
    'getProcessInstances',
    [inObject({ state: 'process_instance_state' }), ...paging],
    { summary: 'List process instances in a state', ...instances },
  ),
];
