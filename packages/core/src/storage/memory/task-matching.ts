/** The filter and order of user tasks, as predicates. */
import type { OpenRange, TaskFilter, TaskOrder, UserTaskRecord } from '@process-engine/contracts/storage';

import { agrees, isOneOf } from './matching.js';
import { compareText, oldestFirst } from './ordering.js';

export function matchesTask(row: UserTaskRecord, filter: TaskFilter): boolean {
  return (
    agrees(row, filter, ['tenantId', 'id', 'processInstanceId', 'correlationId', 'processModelId', 'ownerId']) &&
    agrees(row, filter, ['flowNodeId', 'name', 'assignee']) &&
    isOneOf(row.kind, filter.kinds) &&
    isOneOf(row.lanes, filter.lanes) &&
    isForPeople(row, filter) &&
    isWithin(row.dueAt, filter.dueAt) &&
    isWithin(row.followUpAt, filter.followUpAt) &&
    (filter.minPriority === undefined || row.priority >= filter.minPriority) &&
    (filter.maxPriority === undefined || row.priority <= filter.maxPriority)
  );
}

function isForPeople(row: UserTaskRecord, { candidateUser, candidateGroup, involves }: TaskFilter): boolean {
  return (
    (candidateUser === undefined || row.candidateUsers.includes(candidateUser)) &&
    (candidateGroup === undefined || row.candidateGroups.includes(candidateGroup)) &&
    (involves === undefined || isInvolved(row, involves))
  );
}

function isInvolved(row: UserTaskRecord, { userId, groups, as }: NonNullable<TaskFilter['involves']>): boolean {
  if (row.assignee !== null) return as !== 'candidate' && row.assignee === userId;
  if (as === 'assignee') return false;
  return row.candidateUsers.includes(userId) || row.candidateGroups.some((group) => groups.includes(group));
}

function isWithin(time: number | null, range: OpenRange | undefined): boolean {
  if (range === undefined) return true;
  const { after = -Infinity, before = Infinity } = range;
  return time !== null && time > after && time < before;
}

export function inTaskOrder({ by, descending }: TaskOrder): (left: UserTaskRecord, right: UserTaskRecord) => number {
  const direction = descending ? -1 : 1;
  return (left, right) => {
    const [a, b] = [left[by], right[by]];
    if (a === b) return by === 'createdAt' ? direction * oldestFirst(left, right) : oldestFirst(left, right);
    if (a === null || b === null) return a === null ? 1 : -1;
    return direction * (typeof a === 'string' ? compareText(a, String(b)) : a - Number(b));
  };
}
