/**
 * One subscriber of live notifications.
 *
 * 1. What it gets comes in the order in which it happened, also where its rights are looked up asynchronously.
 * 2. It never delays the engine or other listeners: what waits for its rights is bounded, then it is dropped.
 */
import {
  matchesFilter,
  payloadFor,
  type Logger,
  type Notification,
  type NotificationAddress,
  type NotificationCallback,
  type NotificationFilter,
  type Subscription,
} from '@process-engine/contracts';

/** What a subscriber may see of a notification; undefined: nothing. */
export type NotificationView = (
  notification: Notification,
) => Notification | undefined | Promise<Notification | undefined>;

export interface ListenerOptions {
  readonly userId: string;
  readonly eventName: string;
  readonly callback: NotificationCallback;
  readonly onlyReceiveOnce: boolean;
  readonly filter: NotificationFilter;
  readonly view: NotificationView;
}

const MOST_WAITING = 10_000;

export class NotificationListener {
  #removed = false;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(
    readonly subscription: Subscription,
    private readonly options: ListenerOptions & {
      readonly logger: Logger;
      /** Takes the listener out of the hub. */
      readonly remove: (listener: NotificationListener) => void;
    },
  ) {}

  offer(notification: Notification, addresses: readonly NotificationAddress[]): void {
    const { filter, userId, view, logger } = this.options;
    const own = addresses.filter((address) => address.userId === undefined || address.userId === userId);
    if (this.#removed || own.length === 0 || !matchesFilter(filter, notification.payload)) return;
    const seen = view(notification);
    if (this.#waiting === 0 && !(seen instanceof Promise)) return this.#deliver(seen, own);
    if (this.#waiting >= MOST_WAITING) {
      logger.warn(
        { userId, waiting: this.#waiting },
        'a subscriber whose rights cannot be looked up in time is dropped',
      );
      return this.options.remove(this);
    }
    this.#waiting += 1;
    this.#last = this.#deliverLater(this.#last, seen, own);
  }

  /** Nothing comes any more. */
  removed(): void {
    this.#removed = true;
  }

  async #deliverLater(
    earlier: Promise<void>,
    seen: ReturnType<NotificationView>,
    addresses: readonly NotificationAddress[],
  ): Promise<void> {
    try {
      const [notification] = await Promise.all([seen, earlier]);
      this.#deliver(notification, addresses);
    } catch (error) {
      this.options.logger.warn({ error }, 'the rights of a subscriber could not be looked up');
    } finally {
      this.#waiting -= 1;
    }
  }

  #deliver(notification: Notification | undefined, addresses: readonly NotificationAddress[]): void {
    for (const address of addresses) {
      if (notification === undefined || this.#removed) return;
      if (this.options.onlyReceiveOnce) this.options.remove(this);
      this.#call(notification, address);
    }
  }

  #call(notification: Notification, address: NotificationAddress): void {
    const { callback, logger } = this.options;
    const { eventName } = address;
    const failed = (error: unknown): void => logger.warn({ error, eventName }, 'a notification callback failed');
    try {
      Promise.resolve(callback(payloadFor(notification, address), eventName)).catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}
