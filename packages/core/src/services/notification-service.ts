import {
  CLAIMS,
  type IIdentity,
  type INotificationApi,
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
}
