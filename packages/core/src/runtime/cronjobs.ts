/** What is told about the schedules of timer start events. */
import { INTERNAL_USER_ID, type Notification, type NotificationKind } from '@process-engine/contracts';
import type { DefinitionRecord, JobRecord } from '@process-engine/contracts/storage';
import type { ProcessGraph, StartEventNode } from '../model/graph.js';
import type { Model } from './models.js';

interface Schedule {
  readonly event: StartEventNode;
  readonly crontab: string;
  readonly enabled: boolean;
}

type Definition = Pick<DefinitionRecord, 'key' | 'tenantId'>;

/** A model before and after a change; undefined: not there. */
export interface ModelVersions {
  readonly definition: Definition;
  readonly before: ProcessGraph | undefined;
  readonly after: ProcessGraph | undefined;
}

export function cronjobChanges({ definition, before, after }: ModelVersions): Notification[] {
  const earlier = schedulesOf(before);
  const now = schedulesOf(after);
  return [...new Map([...earlier, ...now]).values()].flatMap(({ event, crontab }) => {
    const kind = changeOf(earlier.get(event.id), now.get(event.id));
    return kind === undefined ? [] : [notificationOf(kind, definition, { event, crontab })];
  });
}

export function cronjobExecuted(
  { definition, graph }: Model,
  { flowNodeId, payload }: JobRecord,
  instance: { readonly id: string; readonly correlationId: string },
): Notification | undefined {
  const event = graph.root.startEvents.find(({ id }) => id === flowNodeId);
  const { schedule: crontab } = payload as unknown as { schedule: string };
  return event && notificationOf('cronjob_executed', definition, { event, crontab, instance });
}

interface Told extends Pick<Schedule, 'event' | 'crontab'> {
  readonly instance?: { readonly id: string; readonly correlationId: string };
}

function notificationOf(
  kind: NotificationKind,
  { key, tenantId }: Definition,
  { event, crontab, instance = { id: '', correlationId: '' } }: Told,
): Notification {
  const payload = {
    correlationId: instance.correlationId,
    processModelId: key,
    processInstanceId: instance.id,
    flowNodeId: event.id,
    flowNodeType: event.type,
    crontab,
  };
  return { kind, payload, ownerId: INTERNAL_USER_ID, tenantId, lanes: event.lanes };
}

/** By the id of the start event. */
function schedulesOf(graph: ProcessGraph | undefined): Map<string, Schedule> {
  const schedules = new Map<string, Schedule>();
  if (graph?.isExecutable !== true) return schedules;
  for (const event of graph.root.startEvents) {
    for (const definition of event.eventDefinitions) {
      if (definition.kind !== 'timer') continue;
      schedules.set(event.id, { event, crontab: definition.value.source, enabled: definition.enabled });
    }
  }
  return schedules;
}

function changeOf(before: Schedule | undefined, after: Schedule | undefined): NotificationKind | undefined {
  if (before?.enabled !== true) return after?.enabled === true ? 'cronjob_created' : undefined;
  if (after === undefined) return 'cronjob_removed';
  return after.enabled ? 'cronjob_updated' : 'cronjob_stopped';
}
