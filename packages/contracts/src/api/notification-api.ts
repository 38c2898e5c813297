import type { EventStream, FollowEventsOptions } from '../event-log.js';
import type { IIdentity } from '../identity.js';
import type { NotificationFilter } from '../notification-filter.js';
import type { NotificationPayload } from '../notifications.js';

/** `eventName` is the name the notification came under. */
export type NotificationCallback<TPayload extends NotificationPayload = NotificationPayload> = (
  payload: TPayload,
  eventName: string,
) => void | Promise<void>;

export interface Subscription {
  readonly id: string;
  readonly eventName: string;
  readonly onlyReceiveOnce: boolean;
}

/**
 * Notifications by event name (see `NOTIFICATIONS`). Needs the claim `can_subscribe_to_events`; whoever has no claim for the
 * lane something happened in is not told. The owner of an instance is told of its end in any case, without the token.
 */
export interface INotificationApi {
  /**
   * Live: what happens while nobody is connected is lost. A callback that throws or rejects never disturbs the engine or
   * other subscribers. Under the names of the families payloads are of type `FamilyPayload`; `ALL_NOTIFICATIONS` brings
   * everything under all its names.
   */
  subscribe(
    identity: IIdentity,
    eventName: string,
    callback: NotificationCallback,
    onlyReceiveOnce?: boolean,
    filter?: NotificationFilter,
  ): Promise<Subscription>;
  /** Does nothing where the subscription is unknown. */
  removeSubscription(identity: IIdentity, subscription: Subscription): Promise<void>;
  /**
   * Follows the event log, across all nodes and restarts of the engine, until the signal aborts or the engine stops: then
   * the iteration ends without an error. The answer comes when the place to begin is fixed.
   *
   * Each event comes at least once: whoever goes on behind the last one it has worked on misses none. Events of one process
   * instance come in the order of what happened; between instances there is no order. A reader that is slow is waited for.
   * Events are removed together with their instance's history; a cursor before those begins with the oldest that is kept.
   *
   * Events of other tenants, and of lanes the identity may not access, are left out.
   * ConflictError (`event-log-off`): the engine keeps no events.
   *
   * Absent where there is no log to read.
   */
  followEvents?(identity: IIdentity, options?: FollowEventsOptions): Promise<EventStream>;
}
