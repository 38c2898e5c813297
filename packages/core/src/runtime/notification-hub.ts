/** Live notifications inside this process. A listener's error never reaches the engine or another listener. */
import {
  addressesOf,
  type Logger,
  type Notification,
  type NotificationCallback,
  type NotificationPayload,
  type Subscription,
} from '@process-engine/contracts';

interface Listener {
  readonly subscription: Subscription;
  readonly userId: string;
  readonly callback: NotificationCallback;
}

export class NotificationHub {
  readonly #listeners = new Map<string, Map<string, Listener>>();

  constructor(
    private readonly newId: () => string,
    private readonly logger: Logger,
  ) {}

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  subscribe(userId: string, eventName: string, callback: NotificationCallback, onlyReceiveOnce = false): Subscription {
    const subscription: Subscription = { id: this.newId(), eventName, onlyReceiveOnce };
    const listeners = this.#listeners.get(eventName) ?? new Map<string, Listener>();
    this.#listeners.set(eventName, listeners.set(subscription.id, { subscription, userId, callback }));
    return subscription;
  }

  remove({ id, eventName }: Subscription): void {
    const listeners = this.#listeners.get(eventName);
    listeners?.delete(id);
    if (listeners?.size === 0) this.#listeners.delete(eventName);
  }

  publish(notification: Notification): void {
    for (const { eventName, userId } of addressesOf(notification)) {
      for (const listener of [...(this.#listeners.get(eventName)?.values() ?? [])]) {
        if (userId !== undefined && userId !== listener.userId) continue;
        if (listener.subscription.onlyReceiveOnce) this.remove(listener.subscription);
        this.#call(listener, notification.payload);
      }
    }
  }

  #call(listener: Listener, payload: NotificationPayload): void {
    const failed = (error: unknown): void =>
      this.logger.warn({ error, eventName: listener.subscription.eventName }, 'a notification callback failed');
    try {
      Promise.resolve(listener.callback(payload)).catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}
