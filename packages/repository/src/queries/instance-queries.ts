/** Lists of process instances, their flow node instances and their variables. */
import type {
  CorrelationFilter,
  EndEventResult,
  FlowNodeInstanceFilter,
  FlowNodeInstanceRecord,
  Page,
  PageRequest,
  ProcessInstanceFilter,
  ProcessInstanceRecord,
  Storage,
  VariableRecord,
} from '@process-engine/contracts/storage';

import { columnList, decode, decodeRecord } from '../row-codec.js';
import type { Select } from '../select.js';
import { FLOW_NODE_INSTANCE, PROCESS_INSTANCE, VARIABLE } from '../tables.js';
import { Conditions } from './conditions.js';
import { paged } from './paged.js';

export class InstanceQueries {
  readonly #select: Select;

  constructor(select: Select) {
    this.#select = select;
  }

  /** Ids grow with time: their order is oldest first. */
  processInstances(filter: ProcessInstanceFilter, page?: PageRequest): Promise<Page<ProcessInstanceRecord>> {
    const query = {
      columns: columnList(PROCESS_INSTANCE, 'p'),
      from: 'process_instance p',
      conditions: processInstanceConditions(filter),
      orderBy: 'p.id',
      decode: (row: readonly unknown[]) => decodeRecord(PROCESS_INSTANCE, row),
    };
    return paged(this.#select, query, page);
  }

  correlations({ tenantId, processModelId, running }: CorrelationFilter, page?: PageRequest): Promise<Page<string>> {
    const { where, values } = processInstanceConditions({
      tenantId,
      ...(processModelId === undefined ? {} : { processModelId }),
      ...(running === true ? { states: ['running'] } : {}),
    });
    const query = {
      columns: 'c.correlation_id',
      from: `(select p.correlation_id, min(p.id) as first_id from process_instance p${where} group by p.correlation_id) c`,
      conditions: { where: '', values },
      orderBy: 'c.first_id',
      decode: ([correlationId]: readonly unknown[]) => String(correlationId),
    };
    return paged(this.#select, query, page);
  }

  flowNodeInstances(filter: FlowNodeInstanceFilter, page?: PageRequest): Promise<Page<FlowNodeInstanceRecord>> {
    const conditions = new Conditions()
      .is('p.tenant_id', filter.tenantId)
      .is('f.process_instance_id', filter.processInstanceId)
      .is('p.correlation_id', filter.correlationId)
      .is(modelColumn(filter.processInstanceId ?? filter.correlationId), filter.processModelId)
      .is('f.flow_node_id', filter.flowNodeId)
      .isOneOf('f.state', filter.states);
    const query = {
      columns: columnList(FLOW_NODE_INSTANCE, 'f'),
      from: FLOW_NODES_OF_INSTANCES,
      conditions,
      orderBy: 'p.id, f.completed_seq is null, f.completed_seq, f.id',
      decode: (row: readonly unknown[]) => decodeRecord(FLOW_NODE_INSTANCE, row),
    };
    return paged(this.#select, query, page);
  }

  async variables(processInstanceId: string): Promise<VariableRecord[]> {
    const sql = `select ${columnList(VARIABLE)} from variable where process_instance_id = ? order by scope_id, name`;
    const rows = await this.#select(sql, [processInstanceId]);
    return rows.map((row) => decodeRecord(VARIABLE, row));
  }

  async endEventResults(filter: Parameters<Storage['findEndEventResults']>[0]): Promise<EndEventResult[]> {
    const conditions = new Conditions()
      .is('p.tenant_id', filter.tenantId)
      .is('p.correlation_id', filter.correlationId)
      .is(modelColumn(filter.correlationId), filter.processModelId)
      .add('p.parent_instance_id is null')
      .add('f.scope_id = p.id')
      .is('f.flow_node_type', 'bpmn:EndEvent')
      .is('f.state', 'finished');
    const rows = await this.#select(
      `select p.id, p.definition_id, p.correlation_id, p.process_model_id, f.flow_node_id, f.result
         from ${FLOW_NODES_OF_INSTANCES}${conditions.where}
        order by f.left_at, p.id, f.completed_seq`,
      conditions.values,
    );
    return rows.map(([processInstanceId, definitionId, correlationId, processModelId, endEventId, result]) => ({
      processInstanceId: String(processInstanceId),
      definitionId: String(definitionId),
      correlationId: String(correlationId),
      processModelId: String(processModelId),
      endEventId: String(endEventId),
      result: decode('value', result) as EndEventResult['result'],
    }));
  }
}

const FLOW_NODES_OF_INSTANCES = 'process_instance p join flow_node_instance f on f.process_instance_id = p.id';

function processInstanceConditions(filter: ProcessInstanceFilter): Conditions {
  const { ids, correlationId, correlationIds, businessKey, parentInstanceId, states } = filter;
  const narrow = ids ?? correlationId ?? correlationIds ?? businessKey ?? parentInstanceId;
  // Asked by the column that says the same as the state and has an index: few of all instances are running.
  const isRunning = narrow === undefined && states?.length === 1 && states[0] === 'running';
  const conditions = new Conditions()
    .is('p.tenant_id', filter.tenantId)
    .isOneOf('p.id', ids)
    .isOneOf('p.state', isRunning ? undefined : states)
    .is(modelColumn(isRunning ? 'running' : narrow), filter.processModelId)
    .is('p.definition_id', filter.definitionId)
    .is('p.correlation_id', correlationId)
    .isOneOf('p.correlation_id', correlationIds)
    .is('p.business_key', businessKey)
    .is('p.owner_id', filter.ownerId)
    .is('p.parent_instance_id', parentInstanceId);
  if (isRunning) conditions.add('p.ended_at is null');
  addRanges(conditions, filter);
  return conditions;
}

function addRanges(conditions: Conditions, { startedAfter, startedBefore, variable }: ProcessInstanceFilter): void {
  if (startedAfter !== undefined) conditions.add('p.started_at > ?', startedAfter);
  if (startedBefore !== undefined) conditions.add('p.started_at < ?', startedBefore);
  if (variable !== undefined) conditions.add(HAS_VARIABLE, variable.name, JSON.stringify(variable.value));
}

const HAS_VARIABLE = `exists (select 1 from variable v
  where v.process_instance_id = p.id and v.scope_id = p.id and v.name = ? and v.value = ?)`;

/**
 * The column to compare with a process model id. Where another condition leaves few rows it is wrapped, which hides its
 * index: a planner without statistics might prefer it, though most instances can be of one model.
 */
function modelColumn(narrowerCondition: unknown): string {
  return narrowerCondition === undefined ? 'p.process_model_id' : "coalesce(p.process_model_id, '')";
}
