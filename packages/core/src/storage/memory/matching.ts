/** Filters of the storage port as predicates. A field that is absent lets every row pass, an empty list none. */
import type {
  DefinitionFilter,
  DefinitionRecord,
  FlowNodeInstanceFilter,
  FlowNodeInstanceRecord,
  PageRequest,
  Page,
  ProcessInstanceFilter,
  SubscriptionFilter,
  SubscriptionRecord,
} from '@process-engine/contracts/storage';

import type { InstanceRows } from './instance-rows.js';

export function matchesDefinition(row: DefinitionRecord, filter: DefinitionFilter): boolean {
  const isThere = row.deletedAt === null || filter.withDeleted === true;
  return isThere && agrees(row, filter, ['tenantId', 'key', 'deploymentId', 'versionTag', 'version']);
}

export function matchesProcessInstance(rows: InstanceRows, filter: ProcessInstanceFilter): boolean {
  const { instance } = rows;
  return (
    agrees(instance, filter, ['tenantId', 'processModelId', 'definitionId', 'correlationId', 'businessKey']) &&
    agrees(instance, filter, ['ownerId', 'parentInstanceId']) &&
    isOneOf(instance.id, filter.ids) &&
    isOneOf(instance.correlationId, filter.correlationIds) &&
    isOneOf(instance.state, filter.states) &&
    startedWithin(instance.startedAt, filter) &&
    hasVariable(rows, filter.variable)
  );
}

function startedWithin(startedAt: number, { startedAfter, startedBefore }: ProcessInstanceFilter): boolean {
  return (
    (startedAfter === undefined || startedAt > startedAfter) &&
    (startedBefore === undefined || startedAt < startedBefore)
  );
}

/** Equal values have the same JSON text, as in a database that stores it. */
function hasVariable(rows: InstanceRows, wanted: ProcessInstanceFilter['variable']): boolean {
  if (wanted === undefined) return true;
  const variable = rows.getVariable(rows.id, wanted.name);
  return variable !== undefined && JSON.stringify(variable.value) === JSON.stringify(wanted.value);
}

export function matchesFlowNodeInstance(row: FlowNodeInstanceRecord, filter: FlowNodeInstanceFilter): boolean {
  return agrees(row, filter, ['flowNodeId']) && isOneOf(row.state, filter.states);
}

export function matchesSubscription(row: SubscriptionRecord, filter: SubscriptionFilter): boolean {
  return (
    agrees(row, filter, ['tenantId', 'name', 'businessKey']) &&
    agrees(row, filter, ['processInstanceId', 'correlationId', 'processModelId']) &&
    isOneOf(row.kind, filter.kinds) &&
    isOneOf(row.keyHash, filter.keyHashes) &&
    isOneOf(row.flowNodeType, filter.flowNodeTypes) &&
    isOneOf(row.lanes, filter.lanes) &&
    (filter.start === undefined || (row.processInstanceId === null) === filter.start)
  );
}

/** Whether the row has the values that the filter names for these fields. */
export function agrees<Field extends string>(
  row: Readonly<Record<Field, unknown>>,
  filter: Readonly<Partial<Record<Field, unknown>>>,
  fields: readonly Field[],
): boolean {
  return fields.every((field) => filter[field] === undefined || row[field] === filter[field]);
}

export function isOneOf<T>(value: T, wanted: readonly T[] | undefined): boolean {
  return wanted === undefined || wanted.includes(value);
}

/** `offset` ≤ 0: from the beginning. `limit` ≤ 0 or absent: all that remain. */
export function paged<T>(rows: readonly T[], { offset = 0, limit = 0 }: PageRequest = {}): Page<T> {
  const from = Math.max(offset, 0);
  return { items: rows.slice(from, limit > 0 ? from + limit : undefined), totalCount: rows.length };
}
