import {
  NotImplementedError,
  ownerEventName,
  processStartedEventName,
  type EventStream,
  type FamilyPayload,
  type FollowEventsOptions,
  type IIdentity,
  type INotificationApi,
  type NotificationCallback,
  type NotificationFamily,
  type NotificationFilter,
  type NotificationKind,
  type Subscription,
} from '@process-engine/contracts';
import { identityOf } from './identity.js';

export type FamilyCallback = NotificationCallback<FamilyPayload>;
/** The name of the message or signal, or a filter. */
export type NameFilter = string | NotificationFilter;

/**
 * Live notifications. Every method resolves when the subscription stands and takes as last argument whether it ends after
 * the first notification. The methods `on…ForIdentity…` only tell about instances the identity started.
 */
export class NotificationClient {
  readonly #notifications: INotificationApi;

  constructor(notifications: INotificationApi) {
    this.#notifications = notifications;
  }

  /** A start event was entered. */
  onProcessStarted(identity: IIdentity, callback: NotificationCallback, once = false): Promise<Subscription> {
    return this.#on('process_started', identity, callback, once);
  }

  /** A start event of the given model was entered. */
  async onProcessWithProcessModelIdStarted(
    identity: IIdentity,
    callback: NotificationCallback,
    processModelId: string,
    once = false,
  ): Promise<Subscription> {
    return this.#notifications.subscribe(identity, processStartedEventName(processModelId), callback, once);
  }

  /** An instance finished. */
  onProcessEnded(identity: IIdentity, callback: NotificationCallback, once = false): Promise<Subscription> {
    return this.#on('process_ended', identity, callback, once);
  }

  /** An instance was terminated. */
  onProcessTerminated(identity: IIdentity, callback: NotificationCallback, once = false): Promise<Subscription> {
    return this.#on('process_terminated', identity, callback, once);
  }

  /** An instance failed; `currentToken` is the error. */
  onProcessError(identity: IIdentity, callback: NotificationCallback, once = false): Promise<Subscription> {
    return this.#on('process_error', identity, callback, once);
  }

  /** A script, service, send, receive or business rule task, a call activity or a sub-process was entered. */
  onActivityReached(identity: IIdentity, callback: NotificationCallback, once = false): Promise<Subscription> {
    return this.#on('activity_reached', identity, callback, once);
  }

  /** One of the activities of `onActivityReached` was left. */
  onActivityFinished(identity: IIdentity, callback: NotificationCallback, once = false): Promise<Subscription> {
    return this.#on('activity_finished', identity, callback, once);
  }

  /** A user task waits. */
  onUserTaskWaiting(identity: IIdentity, callback: NotificationCallback, once = false): Promise<Subscription> {
    return this.#on('user_task_waiting', identity, callback, once);
  }

  /** A user task was finished. */
  onUserTaskFinished(identity: IIdentity, callback: NotificationCallback, once = false): Promise<Subscription> {
    return this.#on('user_task_finished', identity, callback, once);
  }

  /** A user task of an own instance waits. */
  onUserTaskForIdentityWaiting(
    identity: IIdentity,
    callback: NotificationCallback,
    once = false,
  ): Promise<Subscription> {
    return this.#onOwn('user_task_waiting', identity, callback, once);
  }

  /** A user task of an own instance was finished. */
  onUserTaskForIdentityFinished(
    identity: IIdentity,
    callback: NotificationCallback,
    once = false,
  ): Promise<Subscription> {
    return this.#onOwn('user_task_finished', identity, callback, once);
  }

  /** A manual task waits. */
  onManualTaskWaiting(identity: IIdentity, callback: NotificationCallback, once = false): Promise<Subscription> {
    return this.#on('manual_task_waiting', identity, callback, once);
  }

  /** A manual task was finished. */
  onManualTaskFinished(identity: IIdentity, callback: NotificationCallback, once = false): Promise<Subscription> {
    return this.#on('manual_task_finished', identity, callback, once);
  }

  /** A manual task of an own instance waits. */
  onManualTaskForIdentityWaiting(
    identity: IIdentity,
    callback: NotificationCallback,
    once = false,
  ): Promise<Subscription> {
    return this.#onOwn('manual_task_waiting', identity, callback, once);
  }

  /** A manual task of an own instance was finished. */
  onManualTaskForIdentityFinished(
    identity: IIdentity,
    callback: NotificationCallback,
    once = false,
  ): Promise<Subscription> {
    return this.#onOwn('manual_task_finished', identity, callback, once);
  }

  /** An untyped task waits. */
  onEmptyActivityWaiting(identity: IIdentity, callback: NotificationCallback, once = false): Promise<Subscription> {
    return this.#on('empty_activity_waiting', identity, callback, once);
  }

  /** An untyped task was finished. */
  onEmptyActivityFinished(identity: IIdentity, callback: NotificationCallback, once = false): Promise<Subscription> {
    return this.#on('empty_activity_finished', identity, callback, once);
  }

  /** An untyped task of an own instance waits. */
  onEmptyActivityForIdentityWaiting(
    identity: IIdentity,
    callback: NotificationCallback,
    once = false,
  ): Promise<Subscription> {
    return this.#onOwn('empty_activity_waiting', identity, callback, once);
  }

  /** An untyped task of an own instance was finished. */
  onEmptyActivityForIdentityFinished(
    identity: IIdentity,
    callback: NotificationCallback,
    once = false,
  ): Promise<Subscription> {
    return this.#onOwn('empty_activity_finished', identity, callback, once);
  }

  /** A boundary event fired. */
  onBoundaryEventTriggered(identity: IIdentity, callback: NotificationCallback, once = false): Promise<Subscription> {
    return this.#on('boundary_event_triggered', identity, callback, once);
  }

  /** An intermediate throw event was passed. */
  onIntermediateThrowEventTriggered(
    identity: IIdentity,
    callback: NotificationCallback,
    once = false,
  ): Promise<Subscription> {
    return this.#on('intermediate_throw_event_triggered', identity, callback, once);
  }

  /** An intermediate catch event waits. */
  onIntermediateCatchEventReached(
    identity: IIdentity,
    callback: NotificationCallback,
    once = false,
  ): Promise<Subscription> {
    return this.#on('intermediate_catch_event_reached', identity, callback, once);
  }

  /** An intermediate catch event received its event. */
  onIntermediateCatchEventFinished(
    identity: IIdentity,
    callback: NotificationCallback,
    once = false,
  ): Promise<Subscription> {
    return this.#on('intermediate_catch_event_finished', identity, callback, once);
  }

  /** Something happened at an event: a start or end event, an intermediate or boundary event. */
  onBpmnEvent(identity: IIdentity, callback: FamilyCallback, filter?: NotificationFilter, once = false) {
    return this.#onFamily('bpmn_event', identity, callback, { filter, once });
  }

  /** An activity of any type began, or waits, or ended. */
  onActivityChanged(identity: IIdentity, callback: FamilyCallback, filter?: NotificationFilter, once = false) {
    return this.#onFamily('activity_changed', identity, callback, { filter, once });
  }

  /** An instance started, finished, was terminated or failed. */
  onSystemEvent(identity: IIdentity, callback: FamilyCallback, filter?: NotificationFilter, once = false) {
    return this.#onFamily('system_event', identity, callback, { filter, once });
  }

  /** A signal was sent; `filter`: its name, or more. */
  onSignalTriggered(identity: IIdentity, callback: FamilyCallback, filter?: NameFilter, once = false) {
    return this.#onFamily('signal_triggered', identity, callback, { filter: byName(filter), once });
  }

  /** A message was sent; `filter`: its name, or more. */
  onMessageTriggered(identity: IIdentity, callback: FamilyCallback, filter?: NameFilter, once = false) {
    return this.#onFamily('message_triggered', identity, callback, { filter: byName(filter), once });
  }

  /** Does nothing where the subscription is unknown. */
  async removeSubscription(identity: IIdentity, subscription: Subscription): Promise<void> {
    return this.#notifications.removeSubscription(identity, subscription);
  }

  /**
   * What happens, from a cursor on and at least once, also after breaks of the connection: `for await (const event of await
   * client.followEvents(identity, { after }))`. Ends when the signal aborts.
   */
  async followEvents(identity: IIdentity, options?: FollowEventsOptions): Promise<EventStream> {
    if (this.#notifications.followEvents !== undefined) return this.#notifications.followEvents(identity, options);
    throw new NotImplementedError('the accessor has no event log to read');
  }

  async #on(kind: NotificationKind, identity: IIdentity, callback: NotificationCallback, once: boolean) {
    return this.#notifications.subscribe(identity, kind, callback, once);
  }

  async #onFamily(
    family: NotificationFamily,
    identity: IIdentity,
    callback: FamilyCallback,
    { filter, once }: { filter: NotificationFilter | undefined; once: boolean },
  ): Promise<Subscription> {
    // Under a family's name nothing else is sent.
    const told = callback as NotificationCallback;
    return this.#notifications.subscribe(identity, family, told, once, filter);
  }

  async #onOwn(kind: NotificationKind, identity: IIdentity, callback: NotificationCallback, once: boolean) {
    const { userId } = identityOf(identity);
    return this.#notifications.subscribe(identity, ownerEventName(kind, userId), callback, once);
  }
}

function byName(filter: NameFilter | undefined): NotificationFilter | undefined {
  return typeof filter === 'string' ? { eventName: filter } : filter;
}
