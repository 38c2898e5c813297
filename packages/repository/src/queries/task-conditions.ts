/** The filter and order of user tasks, as SQL. */
import type { OpenRange, TaskFilter, TaskOrder } from '@process-engine/contracts/storage';

import { Conditions } from './conditions.js';

export function taskConditions(filter: TaskFilter): Conditions {
  // Of one instance: its key finds the few rows. A planner without statistics might prefer an index of all the tenant's.
  const tenant = filter.processInstanceId === undefined ? 'tenant_id' : "coalesce(tenant_id, '')";
  const conditions = new Conditions()
    .is(tenant, filter.tenantId)
    .isOneOf('kind', filter.kinds)
    .is('id', filter.id)
    .is('process_instance_id', filter.processInstanceId)
    .is('correlation_id', filter.correlationId)
    .is('process_model_id', filter.processModelId)
    .is('owner_id', filter.ownerId)
    .isOneOf('lanes', filter.lanes)
    .is('flow_node_id', filter.flowNodeId)
    .is('name', filter.name);
  addPeople(conditions, filter);
  addRange(conditions, 'due_at', filter.dueAt);
  addRange(conditions, 'follow_up_at', filter.followUpAt);
  if (filter.minPriority !== undefined) conditions.add('priority >= ?', filter.minPriority);
  if (filter.maxPriority !== undefined) conditions.add('priority <= ?', filter.maxPriority);
  return conditions;
}

function addPeople(conditions: Conditions, { assignee, candidateUser, candidateGroup, involves }: TaskFilter): void {
  if (assignee === null) conditions.add('assignee is null');
  else conditions.is('assignee', assignee);
  if (candidateUser !== undefined) conditions.add(holds('candidate_users'), element(candidateUser));
  if (candidateGroup !== undefined) conditions.add(holds('candidate_groups'), element(candidateGroup));
  if (involves === undefined) return;
  const { userId, groups, as } = involves;
  const ofGroups = groups.map(() => ` or ${holds('candidate_groups')}`).join('');
  const candidate = `(assignee is null and (${holds('candidate_users')}${ofGroups}))`;
  const candidateValues = [element(userId), ...groups.map(element)];
  if (as === 'assignee') conditions.is('assignee', userId);
  else if (as === 'candidate') conditions.add(candidate, ...candidateValues);
  else conditions.add(`(assignee = ? or ${candidate})`, userId, ...candidateValues);
}

/** A list of texts is stored as its JSON text; an element stands in it between quotes no other text can hold unescaped. */
function holds(column: string): string {
  return `replace(${column}, ?, '') <> ${column}`;
}

function element(text: string): string {
  return JSON.stringify(text);
}

function addRange(conditions: Conditions, column: string, range: OpenRange | undefined): void {
  if (range?.after !== undefined) conditions.add(`${column} > ?`, range.after);
  if (range?.before !== undefined) conditions.add(`${column} < ?`, range.before);
  if (range !== undefined) conditions.add(`${column} is not null`);
}

const COLUMNS = {
  createdAt: 'created_at',
  dueAt: 'due_at',
  followUpAt: 'follow_up_at',
  priority: 'priority',
  name: 'name',
} as const satisfies Record<TaskOrder['by'], string>;

/** Databases do not agree on where rows without a value belong. Ids grow with time. */
export function taskOrder(order: TaskOrder | undefined): string {
  if (order === undefined) return 'id';
  const direction = order.descending ? ' desc' : '';
  if (order.by === 'createdAt') return `id${direction}`;
  const column = COLUMNS[order.by];
  return `case when ${column} is null then 1 else 0 end, ${column}${direction}, id`;
}
