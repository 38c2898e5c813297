import {
  BadRequestError,
  CLAIMS,
  RequestConflictError,
  type FollowEventsOptions,
  type IIdentity,
  type INotificationApi,
  type LoggedEvent,
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
    await this.options.access.ensureClaim(identity, CLAIMS.subscribeToEvents);
    return this.options.runtime.notifications.subscribe(identity.userId, eventName, callback, onlyReceiveOnce);
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
    return events.follow(after ?? (await events.position()), { kinds, signal });
  }
}
