import type { IIdentity } from '../identity.js';
import type { NotificationPayload } from '../notifications.js';

export type NotificationCallback = (payload: NotificationPayload) => void | Promise<void>;

export interface Subscription {
  readonly id: string;
  readonly eventName: string;
  readonly onlyReceiveOnce: boolean;
}

/** Live notifications by event name (see `NOTIFICATIONS`). Needs the claim `can_subscribe_to_events`. */
export interface INotificationApi {
  /** A callback that throws or rejects never disturbs the engine or other subscribers. */
  subscribe(
    identity: IIdentity,
    eventName: string,
    callback: NotificationCallback,
    onlyReceiveOnce?: boolean,
  ): Promise<Subscription>;
  /** Does nothing where the subscription is unknown. */
  removeSubscription(identity: IIdentity, subscription: Subscription): Promise<void>;
}
