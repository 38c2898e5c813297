import { EventLogDouble } from './event-log-double.js';
import {
  addressesOf,
  ALL_NOTIFICATIONS,
  type EngineApi,
  type EventStream,
  type FollowEventsOptions,
  ForbiddenError,
  type IIdentity,
  type INotificationApi,
  type Notification,
  type NotificationCallback,
  payloadFor,
  type Subscription,
} from '@process-engine/contracts';

export interface Call {
  readonly api: string;
  readonly operation: string;
  readonly args: readonly unknown[];
}

type Answer = (...args: any[]) => unknown;

/** An engine that only remembers what it was asked and answers what the test says. */
export class EngineDouble implements EngineApi {
  readonly calls: Call[] = [];
  readonly answers: Record<string, Answer> = {
    getApplicationInfo: () => ({ name: 'engine', version: '1.2.3' }),
  };
  readonly consumerApi = this.#api<EngineApi['consumerApi']>('consumerApi');
  readonly externalTaskApi = this.#api<EngineApi['externalTaskApi']>('externalTaskApi');
  readonly managementApi = this.#api<EngineApi['managementApi']>('managementApi');
  readonly notificationApi = new NotificationDouble();

  get lastCall(): Call {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error('the engine was not called');
    return call;
  }

  #api<T extends object>(api: string): T {
    const operation =
      (name: string) =>
      async (...args: unknown[]) => {
        this.calls.push({ api, operation: name, args });
        return this.answers[name]?.(...args);
      };
    return new Proxy({} as T, { get: (_target, name) => operation(String(name)) });
  }
}

interface Entry extends Subscription {
  readonly userId: string;
  readonly callback: NotificationCallback;
}

export class NotificationDouble implements INotificationApi {
  readonly entries = new Map<string, Entry>();
  readonly #watchers = new Set<() => void>();
  refused: string | undefined;
  /** Number of subscriptions ever made. */
  subscribed = 0;

  async subscribe(identity: IIdentity, eventName: string, callback: NotificationCallback): Promise<Subscription> {
    if (identity.userId === this.refused) throw new ForbiddenError('access denied');
    const id = String((this.subscribed += 1));
    const entry = { id, eventName, onlyReceiveOnce: false, userId: identity.userId, callback };
    this.entries.set(id, entry);
    return entry;
  }

  /** What `followEvents` was asked, and what it answers. */
  readonly followed: FollowEventsOptions[] = [];
  readonly log = new EventLogDouble();

  async followEvents(identity: IIdentity, options: FollowEventsOptions = {}): Promise<EventStream> {
    if (identity.userId === this.refused) throw new ForbiddenError('access denied');
    this.followed.push(options);
    return this.log.follow(options);
  }

  async removeSubscription(_identity: IIdentity, subscription: Subscription): Promise<void> {
    this.entries.delete(subscription.id);
    this.#watchers.forEach((watch) => watch());
  }

  publish(notification: Notification): void {
    for (const address of addressesOf(notification)) {
      const { eventName, userId } = address;
      for (const entry of this.entries.values()) {
        if (entry.eventName !== eventName && entry.eventName !== ALL_NOTIFICATIONS) continue;
        if (userId !== undefined && userId !== entry.userId) continue;
        void entry.callback(payloadFor(notification, address), eventName);
      }
    }
  }

  /** Resolves when no subscription is left. */
  async empty(): Promise<void> {
    while (this.entries.size > 0) {
      await new Promise<void>((resolve) => {
        const watch = (): void => {
          this.#watchers.delete(watch);
          resolve();
        };
        this.#watchers.add(watch);
      });
    }
  }
}
