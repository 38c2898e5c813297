import {
  BadRequestError,
  CLAIMS,
  RequestConflictError,
  type FollowEventsOptions,
  type IIdentity,
  type INotificationApi,
  type LoggedEvent,
  type Notification,
  type NotificationCallback,
  type Subscription,
} from '@process-engine/contracts';
import type { ServiceOptions } from './service-options.js';

/** Live notifications within the process. */
export class NotificationService implements INotificationApi {
  constructor(private readonly options: ServiceOptions) {}

  async subscribe(
    identity: IIdentity,
    eventName: string,
    callback: NotificationCallback,
    onlyReceiveOnce = false,
  ): Promise<Subscription> {
    const { access, runtime } = this.options;
    await access.ensureClaim(identity, CLAIMS.subscribeToEvents);
    const subscriber = {
      userId: identity.userId,
      mayReceive: (notification: Notification) => access.mayReceive(identity, notification, runtime.clock.now()),
    };
    return runtime.notifications.subscribe(subscriber, eventName, callback, onlyReceiveOnce);
  }

  removeSubscription(_identity: IIdentity, subscription: Subscription): Promise<void> {
    this.options.runtime.notifications.remove(subscription);
    return Promise.resolve();
  }

  async followEvents(identity: IIdentity, options: FollowEventsOptions = {}): Promise<AsyncIterable<LoggedEvent>> {
    await this.options.access.ensureClaim(identity, CLAIMS.subscribeToEvents);
    const { events, loggedKinds } = this.options.runtime;
    const { after, kinds, signal } = options;
    if (after !== undefined && !(Number.isSafeInteger(after) && after >= 0))
      throw new BadRequestError(`after is no number of an event: ${String(after)}`);
    if (loggedKinds === 'none')
      throw new RequestConflictError('the engine keeps no events: its option eventLog is none', {
        reason: 'event-log-off',
      });
    return this.#received(identity, events.follow(after ?? (await events.position()), { kinds, signal }));
  }

  async *#received(identity: IIdentity, events: AsyncIterable<LoggedEvent>): AsyncIterable<LoggedEvent> {
    const { access, runtime } = this.options;
    for await (const event of events) {
      if (await access.mayReceive(identity, event, runtime.clock.now())) yield event;
    }
  }
}
