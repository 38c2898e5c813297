import {
  BadRequestError,
  CLAIMS,
  RequestConflictError,
  type EventStream,
  type FollowEventsOptions,
  type IIdentity,
  type INotificationApi,
  type LoggedEvent,
  type Notification,
  type NotificationCallback,
  type NotificationFilter,
  type Subscription,
} from '@process-engine/contracts';
import { FollowedEvents } from './followed-events.js';
import { NotificationRights } from './notification-rights.js';
import type { ServiceOptions } from './service-options.js';

/** Live notifications within the process. */
export class NotificationService implements INotificationApi {
  readonly #rights: NotificationRights;

  constructor(private readonly options: ServiceOptions) {
    this.#rights = new NotificationRights(options.access, () => options.runtime.clock.now());
  }

  async subscribe(
    identity: IIdentity,
    eventName: string,
    callback: NotificationCallback,
    onlyReceiveOnce = false,
    filter: NotificationFilter = {},
  ): Promise<Subscription> {
    await this.options.access.ensureClaim(identity, CLAIMS.subscribeToEvents);
    const { userId } = identity;
    const view = (notification: Notification) => this.#rights.view(identity, notification);
    const listener = { userId, eventName, callback, onlyReceiveOnce, filter, view };
    return this.options.runtime.notifications.subscribe(listener);
  }

  removeSubscription(_identity: IIdentity, subscription: Subscription): Promise<void> {
    this.options.runtime.notifications.remove(subscription);
    return Promise.resolve();
  }

  async followEvents(identity: IIdentity, options: FollowEventsOptions = {}): Promise<EventStream> {
    await this.options.access.ensureClaim(identity, CLAIMS.subscribeToEvents);
    const { events, loggedKinds } = this.options.runtime;
    const { after, signal } = options;
    if (after !== undefined && !(Number.isSafeInteger(after) && after >= 0))
      throw new BadRequestError(`after is no number of an event: ${String(after)}`);
    if (loggedKinds === 'none')
      throw new RequestConflictError('the engine keeps no events: its option eventLog is none', {
        reason: 'event-log-off',
      });
    const start = after ?? (await events.position());
    const view = (event: LoggedEvent) => this.#rights.view(identity, event);
    return new FollowedEvents(start, events.follow(start, { signal }), { ...options, view });
  }
}
