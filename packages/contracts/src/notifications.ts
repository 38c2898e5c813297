/** The notifications of the engine: kinds, payloads, and the event names they travel under. */

/** Fields that do not apply are absent. */
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
}

/** Event name by kind, with when it is sent. Kinds of tasks are also sent to the instance owner under a name of their own. */
export const NOTIFICATIONS = {
  process_started: { task: false, sent: 'a start event was entered' },
  process_ended: { task: false, sent: 'an instance finished' },
  process_terminated: { task: false, sent: 'an instance was terminated' },
  process_error: { task: false, sent: 'an instance failed; currentToken is the error' },
  activity_reached: {
    task: false,
    sent: 'a script, service, send, receive or business rule task, a call activity or a sub-process was entered',
  },
  activity_finished: { task: false, sent: 'the same activities were left' },
  user_task_waiting: { task: true, sent: 'a user task waits' },
  user_task_finished: { task: true, sent: 'a user task was finished' },
  manual_task_waiting: { task: true, sent: 'a manual task waits' },
  manual_task_finished: { task: true, sent: 'a manual task was finished' },
  empty_activity_waiting: { task: true, sent: 'an untyped task waits' },
  empty_activity_finished: { task: true, sent: 'an untyped task was finished' },
  boundary_event_triggered: { task: false, sent: 'a boundary event fired' },
  intermediate_throw_event_triggered: { task: false, sent: 'an intermediate throw event passed' },
  intermediate_catch_event_reached: { task: false, sent: 'an intermediate catch event waits' },
  intermediate_catch_event_finished: { task: false, sent: 'an intermediate catch event received its event' },
  message_triggered: { task: false, sent: 'a message was thrown, published or triggered' },
  signal_triggered: { task: false, sent: 'a signal was thrown, broadcast or triggered' },
} as const;

export type NotificationKind = keyof typeof NOTIFICATIONS;

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

/** A name a notification is sent under, and the only user who receives it there, if it is not for all. */
export interface NotificationAddress {
  readonly eventName: string;
  readonly userId?: string;
}

/** Event name of a task notification for the instance's owner; the user id stands in the middle, as published clients expect. */
export function ownerEventName(kind: NotificationKind, userId: string): string {
  return `${kind}/${userId}/user_id`;
}

/** Event name under which the start of one model's instances is sent. */
export function processStartedEventName(processModelId: string): string {
  return `/process_instance_started/${processModelId}`;
}

export function addressesOf(notification: Notification): NotificationAddress[] {
  const { kind, ownerId, payload } = notification;
  const addresses: NotificationAddress[] = [{ eventName: kind }];
  if (kind === 'process_started') addresses.push({ eventName: processStartedEventName(payload.processModelId) });
  if (NOTIFICATIONS[kind].task) addresses.push({ eventName: ownerEventName(kind, ownerId), userId: ownerId });
  return addresses;
}
