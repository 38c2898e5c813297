/** Live notifications inside this process. A listener's error never reaches the engine or another listener. */
import {
  addressesOf,
  ALL_NOTIFICATIONS,
  type Logger,
  type Notification,
  type NotificationAddress,
  type Subscription,
} from '@process-engine/contracts';
import { NotificationListener, type ListenerOptions } from './notification-listener.js';

export class NotificationHub {
  readonly #listeners = new Map<string, Map<string, NotificationListener>>();

  constructor(
    private readonly newId: () => string,
    private readonly logger: Logger,
  ) {}

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  subscribe(options: ListenerOptions): Subscription {
    const { eventName, onlyReceiveOnce } = options;
    const subscription: Subscription = { id: this.newId(), eventName, onlyReceiveOnce };
    const remove = (): void => this.remove(subscription);
    const listener = new NotificationListener(subscription, { ...options, logger: this.logger, remove });
    const listeners = this.#listeners.get(eventName) ?? new Map<string, NotificationListener>();
    this.#listeners.set(eventName, listeners.set(subscription.id, listener));
    return subscription;
  }

  remove({ id, eventName }: Subscription): void {
    const listeners = this.#listeners.get(eventName);
    listeners?.get(id)?.removed();
    listeners?.delete(id);
    if (listeners?.size === 0) this.#listeners.delete(eventName);
  }

  publish(notification: Notification): void {
    if (!this.hasListeners) return;
    const addresses = addressesOf(notification);
    for (const address of addresses) this.#offer(address.eventName, notification, [address]);
    this.#offer(ALL_NOTIFICATIONS, notification, addresses);
  }

  #offer(eventName: string, notification: Notification, addresses: readonly NotificationAddress[]): void {
    // A copy: listeners subscribe and leave while they are told.
    for (const listener of [...(this.#listeners.get(eventName)?.values() ?? [])])
      listener.offer(notification, addresses);
  }
}
