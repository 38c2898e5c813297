import type {
  EngineApi,
  IIdentity,
  INotificationApi,
  NotificationCallback,
  NotificationFilter,
  Subscription,
} from '@process-engine/contracts';
import { ROUTES, type ApiName } from '@process-engine/contracts/http';

export const identity: IIdentity = { token: 'a-token', userId: 'alice' };

export interface RecordedCall {
  readonly api: ApiName;
  readonly operation: string;
  readonly args: unknown[];
}

export type Answer = (...args: any[]) => unknown;

/** An engine that writes down its calls and answers what it is told to; notifications are sent by `notify`. */
export class RecordingEngine implements EngineApi {
  readonly calls: RecordedCall[] = [];
  readonly answers: Record<string, Answer> = {};
  readonly notifications = new LocalNotifications();
  readonly notificationApi = this.notifications;
  readonly consumerApi = this.#api('consumerApi') as unknown as EngineApi['consumerApi'];
  readonly externalTaskApi = this.#api('externalTaskApi') as unknown as EngineApi['externalTaskApi'];
  readonly managementApi = this.#api('managementApi') as unknown as EngineApi['managementApi'];

  get lastCall(): RecordedCall {
    return this.calls.at(-1)!;
  }

  #api(api: ApiName): Record<string, Answer> {
    const operations = ROUTES.filter((route) => route.api === api).map(({ operation }) => [
      operation,
      async (...args: unknown[]) => {
        this.calls.push({ api, operation, args });
        return this.answers[operation]?.(...args);
      },
    ]);
    return Object.fromEntries(operations) as Record<string, Answer>;
  }
}

export class LocalNotifications implements INotificationApi {
  readonly subscriptions = new Map<
    string,
    Subscription & { callback: NotificationCallback; filter: NotificationFilter | undefined }
  >();

  async subscribe(
    _identity: IIdentity,
    eventName: string,
    callback: NotificationCallback,
    onlyReceiveOnce = false,
    filter?: NotificationFilter,
  ): Promise<Subscription> {
    const subscription = { id: `subscription-${this.subscriptions.size + 1}-${eventName}`, eventName, onlyReceiveOnce };
    this.subscriptions.set(subscription.id, { ...subscription, callback, filter });
    return subscription;
  }

  async removeSubscription(_identity: IIdentity, subscription: Subscription): Promise<void> {
    this.subscriptions.delete(subscription.id);
  }

  get eventNames(): string[] {
    return [...this.subscriptions.values()].map(({ eventName }) => eventName);
  }

  async notify(eventName: string, payload: object): Promise<void> {
    for (const subscription of [...this.subscriptions.values()]) {
      if (subscription.eventName !== eventName) continue;
      if (subscription.onlyReceiveOnce) this.subscriptions.delete(subscription.id);
      await subscription.callback(payload as never, eventName);
    }
  }
}
