/** The notifications of the engine: kinds, payloads, families, and the event names they travel under. */

/** Fields that do not apply are absent; the three ids are empty texts where something happens outside any instance. */
export interface NotificationPayload {
  readonly correlationId: string;
  readonly processModelId: string;
  readonly processInstanceId: string;
  readonly flowNodeId?: string;
  readonly flowNodeInstanceId?: string;
  readonly flowNodeType?: string;
  readonly currentToken?: unknown;
  /** Of a finished user task: `{form_fields}`. */
  readonly userTaskResult?: unknown;
  /** Name of a thrown or received message or signal. */
  readonly eventName?: string;
  /** Schedule of a timer start event, of the kinds `cronjob_…` only. */
  readonly crontab?: string;
}

/** What of the engine's doings somebody is interested in, whatever it is in detail. Also the names they travel under. */
export const NOTIFICATION_FAMILIES = [
  /** Something happened at an event of the model; `event_key` is the event's id. */
  'bpmn_event',
  /** An activity began (or waits) or ended; `event_key` is `started` or `finished`. */
  'activity_changed',
  /** An instance started or ended; `event_key` tells how. */
  'system_event',
  /** A signal was sent; `event_key` is its name. */
  'signal_triggered',
  /** A message was sent; `event_key` is its name. */
  'message_triggered',
] as const;
export type NotificationFamily = (typeof NOTIFICATION_FAMILIES)[number];

/** What a notification carries under the name of its family: the fields of early documents beside those of its kind. */
export interface FamilyPayload extends NotificationPayload {
  readonly kind: NotificationKind;
  readonly process_model_key: string;
  /** See {@link NOTIFICATION_FAMILIES}. */
  readonly event_key: string;
  readonly correlation_id: string;
  /** The token. */
  readonly payload?: unknown;
}

interface KindRow {
  /** True: also sent to the instance's owner under a name of its own. */
  readonly task: boolean;
  readonly families: readonly NotificationFamily[];
  /** `event_key` in the families where it is a word and not an id or a name. */
  readonly key?: string;
  readonly sent: string;
}

const waiting = { task: true, families: ['activity_changed'], key: 'started' } as const;
const finished = { task: true, families: ['activity_changed'], key: 'finished' } as const;
const event = { task: false, families: ['bpmn_event'] } as const;
const end = { task: false, families: ['system_event'] } as const;
const cronjob = { task: false, families: [] } as const;

/** Event name by kind, with when it is sent. */
export const NOTIFICATIONS = {
  process_started: {
    task: false,
    families: ['system_event', 'bpmn_event'],
    key: 'ProcessInstanceStarted',
    sent: 'a start event was entered',
  },
  process_ended: { ...end, key: 'ProcessInstanceFinishedSuccessfully', sent: 'an instance finished' },
  process_terminated: { ...end, key: 'ProcessInstanceTerminated', sent: 'an instance was terminated' },
  process_error: { ...end, key: 'ProcessInstanceFailed', sent: 'an instance failed; currentToken is the error' },
  activity_reached: {
    ...waiting,
    task: false,
    sent: 'a script, service, send, receive or business rule task, a call activity or a sub-process was entered',
  },
  activity_finished: { ...finished, task: false, sent: 'the same activities were left' },
  user_task_waiting: { ...waiting, sent: 'a user task waits' },
  user_task_changed: {
    ...waiting,
    key: 'changed',
    sent: 'a user task got another assignee, other candidates, dates or priority',
  },
  user_task_finished: { ...finished, sent: 'a user task was finished' },
  manual_task_waiting: { ...waiting, sent: 'a manual task waits' },
  manual_task_finished: { ...finished, sent: 'a manual task was finished' },
  empty_activity_waiting: { ...waiting, sent: 'an untyped task waits' },
  empty_activity_finished: { ...finished, sent: 'an untyped task was finished' },
  boundary_event_triggered: { ...event, sent: 'a boundary event fired' },
  intermediate_throw_event_triggered: { ...event, sent: 'an intermediate throw event passed' },
  intermediate_catch_event_reached: { ...event, sent: 'an intermediate catch event waits' },
  intermediate_catch_event_finished: { ...event, sent: 'an intermediate catch event received its event' },
  end_event_reached: { ...event, sent: 'an end event was reached, of the process or of a sub-process' },
  message_triggered: {
    task: false,
    families: ['message_triggered'],
    sent: 'a message was thrown, published or triggered',
  },
  signal_triggered: {
    task: false,
    families: ['signal_triggered'],
    sent: 'a signal was thrown, broadcast or triggered',
  },
  cronjob_created: { ...cronjob, sent: 'a model with a timer start event was deployed' },
  cronjob_updated: { ...cronjob, sent: 'a newer version of such a model was deployed' },
  cronjob_removed: { ...cronjob, sent: 'such a model was deleted, or its newer version has no such event' },
  cronjob_executed: { ...cronjob, sent: 'a timer start event started an instance' },
  cronjob_stopped: { ...cronjob, sent: 'a newer version of such a model switched the schedule off' },
} as const satisfies Readonly<Record<string, KindRow>>;

export type NotificationKind = keyof typeof NOTIFICATIONS;

/** The same rows, by their common type. */
export const NOTIFICATION_KINDS: ReadonlyMap<string, KindRow> = new Map(Object.entries(NOTIFICATIONS));

/** What the engine hands to its subscribers after the commit. */
export interface Notification {
  readonly kind: NotificationKind;
  readonly payload: NotificationPayload;
  /** User id of the instance's owner. */
  readonly ownerId: string;
  readonly tenantId: string;
  /** JSON array of the lane names of the flow node, outermost first. */
  readonly lanes: string;
}

/** Subscribed to, brings everything under all its names, one after the other. */
export const ALL_NOTIFICATIONS = '*';

/** A name a notification is sent under, and the only user who receives it there, if it is not for all. */
export interface NotificationAddress {
  readonly eventName: string;
  readonly userId?: string;
  /** Carries a {@link FamilyPayload}. */
  readonly family?: NotificationFamily;
}

/** Event name of a task notification for the instance's owner; the user id stands in the middle, as published clients expect. */
export function ownerEventName(kind: NotificationKind, userId: string): string {
  return `${kind}/${userId}/user_id`;
}

/** Event name under which the start of one model's instances is sent. */
export function processStartedEventName(processModelId: string): string {
  return `/process_instance_started/${processModelId}`;
}

/** All names of a notification, that of its kind first. */
export function addressesOf({ kind, ownerId, payload }: Notification): NotificationAddress[] {
  const { task, families }: KindRow = NOTIFICATIONS[kind];
  const addresses: NotificationAddress[] = [];
  if (!families.some((family) => family === kind)) addresses.push({ eventName: kind });
  if (kind === 'process_started') addresses.push({ eventName: processStartedEventName(payload.processModelId) });
  if (task) addresses.push({ eventName: ownerEventName(kind, ownerId), userId: ownerId });
  for (const family of families) addresses.push({ eventName: family, family });
  return addresses;
}

/** What is sent to an address. */
export function payloadFor(
  { kind, payload }: Pick<Notification, 'kind' | 'payload'>,
  { family }: NotificationAddress,
): NotificationPayload | FamilyPayload {
  if (family === undefined) return payload;
  const { processModelId, correlationId, currentToken } = payload;
  return {
    ...payload,
    kind,
    process_model_key: processModelId,
    event_key: eventKey(kind, family, payload),
    correlation_id: correlationId,
    ...(currentToken === undefined ? {} : { payload: currentToken }),
  };
}

function eventKey(kind: NotificationKind, family: NotificationFamily, payload: NotificationPayload): string {
  if (family === 'bpmn_event') return payload.flowNodeId ?? '';
  const { key }: KindRow = NOTIFICATIONS[kind];
  return key ?? payload.eventName ?? '';
}
