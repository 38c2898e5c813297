import type {
  IIdentity,
  INotificationApi,
  NotificationCallback,
  NotificationKind,
  NotificationPayload,
  Subscription,
} from '@process-engine/contracts';

const MOST_EARLY = 1_000;

const ENDS: readonly NotificationKind[] = ['process_ended', 'process_terminated', 'process_error'];

/**
 * Tells one callback about the end of one instance that is about to be started. It listens before the start and keeps what
 * ends of the model until the instance's id is known, so that an instance that ends at once is not missed. An instance that
 * is terminated or fails ends the watch without a call.
 */
export class ProcessEndWatch {
  readonly #notifications: INotificationApi;
  readonly #identity: IIdentity;
  readonly #callback: NotificationCallback;
  readonly #early = new Map<string, () => Promise<void>>();
  #subscriptions: readonly Subscription[] = [];
  #processInstanceId: string | undefined;

  constructor(notifications: INotificationApi, identity: IIdentity, callback: NotificationCallback) {
    this.#notifications = notifications;
    this.#identity = identity;
    this.#callback = callback;
  }

  async listen(processModelId: string): Promise<void> {
    const results = await Promise.allSettled(
      ENDS.map((kind) =>
        this.#notifications.subscribe(this.#identity, kind, (payload) => {
          if (payload.processModelId === processModelId) return this.#ended(kind, payload);
        }),
      ),
    );
    this.#subscriptions = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed === undefined) return;
    await this.stop();
    throw failed.reason;
  }

  /** From now on only this instance counts. */
  follow(processInstanceId: string): void {
    this.#processInstanceId = processInstanceId;
    const early = this.#early.get(processInstanceId);
    this.#early.clear();
    // As with every notification a failing callback disturbs nobody, least of all the start.
    early?.().catch(() => {});
  }

  async stop(): Promise<void> {
    const subscriptions = this.#subscriptions;
    this.#subscriptions = [];
    await Promise.allSettled(
      subscriptions.map((subscription) => this.#notifications.removeSubscription(this.#identity, subscription)),
    );
  }

  async #ended(kind: NotificationKind, payload: NotificationPayload): Promise<void> {
    const tell = async () => {
      await this.stop();
      if (kind === 'process_ended') await this.#callback(payload, kind);
    };
    if (this.#processInstanceId === undefined) this.#keep(payload.processInstanceId, tell);
    else if (this.#processInstanceId === payload.processInstanceId) await tell();
  }

  /** The end in question comes shortly before the answer to the start, so the oldest ones may go. */
  #keep(processInstanceId: string, tell: () => Promise<void>): void {
    this.#early.set(processInstanceId, tell);
    const oldest = this.#early.keys().next().value;
    if (this.#early.size > MOST_EARLY && oldest !== undefined) this.#early.delete(oldest);
  }
}
