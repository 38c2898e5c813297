/**
 * Live notifications inside this process.
 *
 * 1. A listener's error never reaches the engine or another listener.
 * 2. Whether a subscriber receives a notification is asked for each of the two; a listener's notifications keep their
 *    order although an answer may take its time.
 */
import {
  addressesOf,
  type Logger,
  type Notification,
  type NotificationCallback,
  type Subscription,
} from '@process-engine/contracts';

/** Who listens. */
export interface Subscriber {
  readonly userId: string;
  mayReceive(notification: Notification): boolean | Promise<boolean>;
}

interface Listener {
  readonly subscription: Subscription;
  readonly subscriber: Subscriber;
  readonly callback: NotificationCallback;
  /** What is still asked about earlier notifications; undefined: nothing. */
  asking: Promise<void> | undefined;
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

  subscribe(
    subscriber: Subscriber,
    eventName: string,
    callback: NotificationCallback,
    onlyReceiveOnce = false,
  ): Subscription {
    const subscription: Subscription = { id: this.newId(), eventName, onlyReceiveOnce };
    const listeners = this.#listeners.get(eventName) ?? new Map<string, Listener>();
    const listener = { subscription, subscriber, callback, asking: undefined };
    this.#listeners.set(eventName, listeners.set(subscription.id, listener));
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
        if (userId === undefined || userId === listener.subscriber.userId) this.#offer(listener, notification);
      }
    }
  }

  #offer(listener: Listener, notification: Notification): void {
    const { asking } = listener;
    if (asking !== undefined)
      return this.#await(listener, notification, () => asking.then(() => this.#ask(listener, notification)));
    const answer = this.#ask(listener, notification);
    if (answer === true) this.#tell(listener, notification);
    else if (answer !== false) this.#await(listener, notification, () => answer);
  }

  #await(listener: Listener, notification: Notification, ask: () => Promise<boolean>): void {
    const asking = ask()
      .then((may) => {
        if (may) this.#tell(listener, notification);
      })
      .catch((error: unknown) => this.#failed(listener, error))
      .finally(() => {
        if (listener.asking === asking) listener.asking = undefined;
      });
    listener.asking = asking;
  }

  #ask(listener: Listener, notification: Notification): boolean | Promise<boolean> {
    try {
      return listener.subscriber.mayReceive(notification);
    } catch (error) {
      this.#failed(listener, error);
      return false;
    }
  }

  #tell(listener: Listener, { payload }: Notification): void {
    const { subscription, callback } = listener;
    // It may have been removed while the answer was awaited.
    if (!this.#isListening(subscription)) return;
    if (subscription.onlyReceiveOnce) this.remove(subscription);
    try {
      Promise.resolve(callback(payload)).catch((error: unknown) => this.#failed(listener, error));
    } catch (error) {
      this.#failed(listener, error);
    }
  }

  #isListening({ id, eventName }: Subscription): boolean {
    return this.#listeners.get(eventName)?.has(id) === true;
  }

  #failed({ subscription: { eventName } }: Listener, error: unknown): void {
    this.logger.warn({ error, eventName }, 'a notification could not be handed to its subscriber');
  }
}
