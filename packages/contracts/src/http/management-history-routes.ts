import type { IManagementApi } from '../api/management-api.js';
import { cronjobHistoryListSchema, cronjobListSchema } from '../models/cronjobs.js';
import {
  activeTokenListSchema,
  flowNodeRuntimeInformationListSchema,
  flowNodeRuntimeInformationSchema,
  logEntryListSchema,
  tokenHistoryListSchema,
} from '../models/history.js';
import { inObject, inPath, inQueryObject, paging, rowsOf, type Route } from './route.js';

const row = rowsOf<IManagementApi>('managementApi');

const tokenQuery = inQueryObject({
  processInstanceId: 'process_instance_id',
  correlationId: 'correlation_id',
  processModelId: 'process_model_id',
  flowNodeId: 'flow_node_id',
});

/** Field of a query → the path parameter that stands for it. */
const INSTANCE = { processInstanceId: 'process_instance_id' };
const CORRELATION = { correlationId: 'correlation_id' };
const MODEL = { processModelId: 'process_model_id' };
const FLOW_NODE = { flowNodeId: 'flow_node_id' };

type PathFields = Readonly<Record<string, string>>;

/** An older path of a list: `/x/:y/…` with the fields of the query in the path. */
function listed(path: `/${string}`, operation: keyof typeof LISTS, fields: PathFields): Route {
  const { summary, response } = LISTS[operation];
  return row(`get ${path}`, operation, [inObject(fields), ...paging], { summary, response, alias: true });
}

const LISTS = {
  getActiveTokens: { summary: 'List tokens and where they stand', response: activeTokenListSchema },
  getLogs: { summary: 'List what flow nodes did, as a log', response: logEntryListSchema },
  getTokenHistory: { summary: 'List what tokens carried', response: tokenHistoryListSchema },
  getCronjobHistory: { summary: 'List what timer start events started', response: cronjobHistoryListSchema },
};

/** Schedules, figures, tokens and logs. */
export const managementHistoryRoutes: readonly Route[] = [
  row('get /cronjobs/active', 'getActiveCronjobs', [inQueryObject(MODEL), ...paging], {
    summary: 'List the schedules of timer start events',
    response: cronjobListSchema,
  }),
  row('get /cronjobs/history', 'getCronjobHistory', [inQueryObject({ ...MODEL, crontab: 'crontab' }), ...paging], {
    ...LISTS.getCronjobHistory,
  }),
  listed('/cronjobs/history/process_model/:process_model_id', 'getCronjobHistory', MODEL),
  listed('/cronjobs/history/crontab/:crontab', 'getCronjobHistory', { crontab: 'crontab' }),

  row(
    'get /process_model/:process_model_id/runtime_information',
    'getRuntimeInformation',
    [inPath('process_model_id'), ...paging],
    { summary: 'How long the flow nodes of a model take', response: flowNodeRuntimeInformationListSchema },
  ),
  row(
    'get /process_model/:process_model_id/flow_node/:flow_node_id/runtime_information',
    'getFlowNodeRuntimeInformation',
    [inPath('process_model_id'), inPath('flow_node_id')],
    { summary: 'How long a flow node takes', response: flowNodeRuntimeInformationSchema },
  ),

  row('get /active_tokens', 'getActiveTokens', [tokenQuery, ...paging], { ...LISTS.getActiveTokens }),
  listed('/process_model/:process_model_id/active_tokens', 'getActiveTokens', MODEL),
  listed('/correlation/:correlation_id/process_model/:process_model_id/active_tokens', 'getActiveTokens', {
    ...CORRELATION,
    ...MODEL,
  }),
  listed('/process_instance/:process_instance_id/active_tokens', 'getActiveTokens', INSTANCE),
  listed('/token/flow_node/:flow_node_id/active_tokens', 'getActiveTokens', FLOW_NODE),

  row('get /logs', 'getLogs', [tokenQuery, ...paging], { ...LISTS.getLogs }),
  listed('/process_model/:process_model_id/logs', 'getLogs', MODEL),
  listed('/process_model/:process_model_id/process_instance/:process_instance_id/logs', 'getLogs', {
    ...MODEL,
    ...INSTANCE,
  }),

  row('get /token_history', 'getTokenHistory', [tokenQuery, ...paging], { ...LISTS.getTokenHistory }),
  listed('/process_instance/:process_instance_id/token_history', 'getTokenHistory', INSTANCE),
  listed('/process_instance/:process_instance_id/flow_node/:flow_node_id/token_history', 'getTokenHistory', {
    ...INSTANCE,
    ...FLOW_NODE,
  }),
  listed('/correlation/:correlation_id/process_model/:process_model_id/token_history', 'getTokenHistory', {
    ...CORRELATION,
    ...MODEL,
  }),
  listed(
    '/correlation/:correlation_id/process_model/:process_model_id/flow_node/:flow_node_id/token_history',
    'getTokenHistory',
    { ...CORRELATION, ...MODEL, ...FLOW_NODE },
  ),
];
