/**
 * Messages and signals: finding who waits, and delivering.
 *
 * 1. A message has one receiver: the oldest wait for its correlation keys, else for any, else for keys its payload
 *    carries, else one start event. The receiver's own step decides; if the wait is gone by then, the next is tried.
 * 2. A signal, and the seeds' message trigger, reach everybody who waits and every matching start event.
 * 3. A message with a time to live that nobody takes is kept; whoever opens a subscription looks for it after its own
 *    commit, and the publisher looks for subscriptions after storing it: no order of the two loses it. Who died before
 *    looking is made up for: all nodes look through the kept messages again and again, some at a time.
 * 4. A signal thrown in a model is delivered again if the node died on the way, to those who waited when it was thrown; it
 *    starts each instance only once.
 */
import { INTERNAL_USER_ID, type JsonObject, type JsonValue } from '@process-engine/contracts';
import {
  ConflictError,
  IdempotencyConflictError,
  type Guard,
  type IdempotencyRecord,
  type JobRecord,
  type MessageRecord,
  type Storage,
  type SubscriptionRecord,
} from '@process-engine/contracts/storage';
import { hashOfPayload } from '../execution/conversations.js';
import { hashOfKeys } from '../execution/correlation-keys.js';
import type { Clock } from './clock.js';
import type { InstanceRunner } from './instance-runner.js';
import type { Models } from './models.js';
import { startInstance } from './start-instance.js';

export interface Event {
  readonly kind: 'message' | 'signal';
  readonly tenantId: string;
  readonly name: string;
  readonly payload: JsonValue | undefined;
  readonly keyHash: string;
  readonly businessKey?: string | undefined;
  /** Only this instance may take it. */
  readonly processInstanceId?: string | undefined;
  /** Correlation and owner of instances it starts. */
  readonly correlationId?: string | undefined;
  readonly ownerId?: string | undefined;
  /** Only who waited at this time gets it. */
  readonly thrownAt?: number | undefined;
  /** Names this delivery: repeated, it starts nothing a second time. */
  readonly deliveryId?: string | undefined;
  /** Of a message that its publisher may publish again: stored with its delivery, so that it reaches one receiver once. */
  readonly publication?: Omit<IdempotencyRecord, 'processInstanceId'> | undefined;
}

export interface Receiver {
  readonly processInstanceId: string;
  readonly flowNodeId: string;
}

export interface CorrelationOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newCorrelationId: () => string;
  readonly models: Models;
  readonly runner: InstanceRunner;
  /** False: messages and signals start no instances. */
  readonly startsInstances: boolean;
}

/** Kept messages looked through at a time. */
const KEPT_AT_ONCE = 100;
/** Subscriptions loaded for one message at a time: the first one usually takes it. */
const SUBSCRIPTIONS_AT_ONCE = 20;
/** Receivers of a signal that are served side by side. */
const RECEIVERS_AT_ONCE = 100;

/** Of one kept message against conflicts with other nodes. */
const MAX_ATTEMPTS = 10;

export class Correlation {
  /** The last kept message that was looked at; `''`: none since the beginning of the list. */
  #lookedAt = '';

  constructor(private readonly options: CorrelationOptions) {}

  /** Delivers to one receiver; undefined: nobody took it. */
  async deliverToOne(event: Event, guard?: Guard): Promise<Receiver | undefined> {
    const gone = new Set<string>();
    for (const find of this.#findersOf(event)) {
      for (;;) {
        const waiting = (await find(SUBSCRIPTIONS_AT_ONCE + gone.size)).filter(({ id }) => !gone.has(id));
        if (waiting.length === 0) break;
        for (const subscription of waiting) {
          if (await this.#trigger(subscription, event, guard)) return receiverOf(subscription);
          gone.add(subscription.id);
        }
      }
    }
    if (event.processInstanceId !== undefined) return undefined;
    for (const subscription of await this.#starts(event)) {
      const started = await this.#start(subscription, event, guard);
      if (started !== undefined) return started;
    }
    return undefined;
  }

  /** Delivers to all who wait, and starts every matching start event. */
  async deliverToAll(event: Event): Promise<Receiver[]> {
    const { thrownAt = Infinity } = event;
    const waiting = (await this.#subscriptions(event, {})).filter(({ createdAt }) => createdAt <= thrownAt);
    const starts = event.processInstanceId === undefined ? await this.#starts(event) : [];
    const deliveries = [
      ...waiting.map(
        (subscription) => async () =>
          (await this.#trigger(subscription, event)) ? receiverOf(subscription) : undefined,
      ),
      ...starts.map((subscription) => () => this.#start(subscription, event)),
    ];
    const receivers: Receiver[] = [];
    for (let done = 0; done < deliveries.length; done += RECEIVERS_AT_ONCE) {
      const some = deliveries.slice(done, done + RECEIVERS_AT_ONCE);
      for (const receiver of await Promise.all(some.map((deliver) => deliver())))
        if (receiver !== undefined) receivers.push(receiver);
    }
    return receivers;
  }

  /** Delivers to this wait and nobody else; false: it is gone. */
  deliverTo(subscription: SubscriptionRecord, { kind, payload }: Pick<Event, 'kind' | 'payload'>): Promise<boolean> {
    const { tenantId, name, keyHash } = subscription;
    return this.#trigger(subscription, { kind, tenantId, name, payload, keyHash });
  }

  /**
   * Carries out a `publish` job: a message or signal thrown in a model. A signal that may have been delivered before does
   * not reach who began to wait after it was thrown, by the time of their rows.
   */
  async runPublishJob(job: JobRecord, guard: Guard, again: boolean): Promise<void> {
    const event = { ...job.payload, tenantId: job.tenantId } as unknown as Event;
    const thrownAt = again ? job.createdAt : undefined;
    if (event.kind === 'signal') await this.deliverToAll({ ...event, deliveryId: job.id, thrownAt });
    else if ((await this.deliverToOne(event, guard)) !== undefined) return;
    await this.options.storage.commit({ guards: [guard] });
  }

  /**
   * Keeps a message until somebody waits for it or it expires, and looks once more for receivers.
   * IdempotencyConflictError: it was published before.
   */
  async buffer(message: MessageRecord, publication: Event['publication']): Promise<Receiver | undefined> {
    await this.options.storage.commit({
      messages: { insert: [message] },
      ...(publication === undefined ? {} : { idempotency: { ...publication, processInstanceId: message.id } }),
    });
    return this.#deliverBuffered(message);
  }

  /** A subscription was opened: takes a message that waits for it. */
  async takeBuffered(subscription: SubscriptionRecord): Promise<void> {
    const { tenantId, name, kind } = subscription;
    if (kind !== 'message') return;
    const { storage, clock } = this.options;
    for (const message of await storage.findMessages({ tenantId, name, now: clock.now() })) {
      if (!(await this.#fits(subscription, message))) continue;
      if ((await this.#deliverBuffered(message)) !== undefined) continue;
      // One that fits and is still there: the subscription is used up. (Those that do not interrupt take all.)
      if (await this.#isKept(message)) return;
    }
  }

  async #fits(subscription: SubscriptionRecord, message: MessageRecord): Promise<boolean> {
    const { keyHash, businessKey, processInstanceId } = subscription;
    if (message.businessKey !== null && message.businessKey !== businessKey) return false;
    if (message.processInstanceId !== null && message.processInstanceId !== processInstanceId) return false;
    if (keyHash === '' || keyHash === message.keyHash) return true;
    return message.keyHash === '' && (await this.#carriedKeys([subscription], message)).length > 0;
  }

  /** Looks for receivers of the next kept messages, as their publishers and subscribers did unless they died first. */
  async takeSomeKept(): Promise<void> {
    const { storage, clock } = this.options;
    const afterId = this.#lookedAt;
    const limit = KEPT_AT_ONCE;
    const messages = await storage.findMessages({ now: clock.now(), limit, ...(afterId === '' ? {} : { afterId }) });
    this.#lookedAt = messages.length < limit ? '' : messages.at(-1)!.id;
    for (const message of messages) await this.#deliverBuffered(message);
  }

  /** Undefined: nobody waits for it, or another receiver was quicker. */
  async #deliverBuffered(message: MessageRecord): Promise<Receiver | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#deliverKept(message);
      } catch (error) {
        if (!(error instanceof ConflictError) || attempt === MAX_ATTEMPTS) throw error;
        if (!(await this.#isKept(message))) return undefined;
      }
    }
  }

  async #isKept({ id, tenantId, name }: MessageRecord): Promise<boolean> {
    const { storage, clock } = this.options;
    const messages = await storage.findMessages({ tenantId, name, now: clock.now() });
    return messages.some((message) => message.id === id);
  }

  #deliverKept(message: MessageRecord): Promise<Receiver | undefined> {
    const { tenantId, name, payload, keyHash, id } = message;
    const event: Event = {
      kind: 'message',
      tenantId,
      name,
      payload,
      keyHash,
      businessKey: message.businessKey ?? undefined,
      processInstanceId: message.processInstanceId ?? undefined,
    };
    return this.deliverToOne(event, { kind: 'message', tenantId, id });
  }

  /**
   * Ways to find who waits for a message, in their order: who expects the keys its sender named goes before who would take
   * any; keys that only the payload carries come last. Each answers so many at most, the oldest first.
   */
  #findersOf(event: Event): ((limit: number) => Promise<readonly SubscriptionRecord[]>)[] {
    const { keyHash } = event;
    const any = (limit: number) => this.#subscriptions(event, { keyHashes: [''], limit });
    if (keyHash !== '') return [(limit) => this.#subscriptions(event, { keyHashes: [keyHash], limit }), any];
    return [any, async () => this.#carriedKeys(await this.#subscriptions(event, {}), event)];
  }

  /** Those of them whose keys the message carries in its payload. */
  async #carriedKeys(
    rows: readonly SubscriptionRecord[],
    { payload }: Pick<Event, 'payload'>,
  ): Promise<SubscriptionRecord[]> {
    const { clock, models } = this.options;
    const hashes = new Map<string, string>();
    const found: SubscriptionRecord[] = [];
    for (const row of rows) {
      if (row.keyHash === '') continue;
      const place = `${row.definitionId} ${row.flowNodeId}`;
      if (!hashes.has(place)) {
        const model = await models.get(row.definitionId);
        hashes.set(place, model === undefined ? '' : hashOfPayload(model.graph, row, { payload, now: clock.now() }));
      }
      if (hashes.get(place) === row.keyHash) found.push(row);
    }
    return found;
  }

  async #subscriptions(
    event: Event,
    { keyHashes, limit }: { keyHashes?: readonly string[]; limit?: number },
  ): Promise<readonly SubscriptionRecord[]> {
    const filter = {
      tenantId: event.tenantId,
      kinds: [event.kind],
      name: event.name,
      start: false,
      ...(keyHashes === undefined ? {} : { keyHashes }),
      ...(event.businessKey === undefined ? {} : { businessKey: event.businessKey }),
      ...(event.processInstanceId === undefined ? {} : { processInstanceId: event.processInstanceId }),
    };
    const page = limit === undefined ? {} : { limit, uncounted: true };
    return (await this.options.storage.findSubscriptions(filter, page)).items;
  }

  async #starts(event: Event): Promise<readonly SubscriptionRecord[]> {
    if (!this.options.startsInstances) return [];
    const { items } = await this.options.storage.findSubscriptions({
      tenantId: event.tenantId,
      kinds: [event.kind],
      name: event.name,
      start: true,
    });
    return items;
  }

  async #trigger(subscription: SubscriptionRecord, event: Event, guard?: Guard): Promise<boolean> {
    const { processInstanceId, flowNodeInstanceId, id } = subscription;
    const { publication } = event;
    const submission = await this.options.runner.submit(
      processInstanceId!,
      {
        type: 'trigger',
        flowNodeInstanceId: flowNodeInstanceId!,
        waitId: id,
        payload: event.payload,
        hasPayload: true,
        ...keysOf(event),
        ...(guard === undefined ? {} : { guard }),
      },
      publication === undefined
        ? undefined
        : { idempotency: { ...publication, processInstanceId: processInstanceId! } },
    );
    return submission.status === 'done';
  }

  async #start(subscription: SubscriptionRecord, event: Event, guard?: Guard): Promise<Receiver | undefined> {
    const { models, clock, newId, newCorrelationId, runner } = this.options;
    const model = await models.get(subscription.definitionId);
    if (model === undefined) return undefined;
    const id = newId();
    const now = clock.now();
    const idempotency = onceOnly(subscription, event, { processInstanceId: id, createdAt: now });
    try {
      await startInstance(runner, now, {
        model,
        id,
        correlationId: event.correlationId ?? newCorrelationId(),
        ownerId: event.ownerId ?? INTERNAL_USER_ID,
        startEventId: subscription.flowNodeId,
        payload: event.payload,
        businessKey: event.businessKey ?? null,
        ...keysOf(event),
        ...(guard === undefined ? {} : { guard }),
        ...(idempotency === undefined ? {} : { accompanying: { idempotency } }),
      });
    } catch (error) {
      // Of a message its publisher has to know; a signal just goes on to the others.
      if (error instanceof IdempotencyConflictError && event.publication === undefined) return undefined;
      throw error;
    }
    return { processInstanceId: id, flowNodeId: subscription.flowNodeId };
  }
}

/** The row that lets this delivery start the start event's process once; undefined: it has no name. */
function onceOnly(
  { tenantId, processModelId, flowNodeId }: SubscriptionRecord,
  { deliveryId, publication }: Event,
  start: Pick<IdempotencyRecord, 'processInstanceId' | 'createdAt'>,
): IdempotencyRecord | undefined {
  if (publication !== undefined) return { ...publication, processInstanceId: start.processInstanceId };
  if (deliveryId === undefined) return undefined;
  return { tenantId, processModelId, key: `delivery:${deliveryId}:${flowNodeId}`, ...start };
}

function keysOf({ keyHash }: Event): Pick<Event, 'keyHash'> | undefined {
  return keyHash === '' ? undefined : { keyHash };
}

/** The hash of a published message's correlation keys. */
export function keyHashOf(keys: JsonObject | undefined): string {
  return hashOfKeys(keys ?? {});
}

function receiverOf({ processInstanceId, flowNodeId }: SubscriptionRecord): Receiver {
  return { processInstanceId: processInstanceId!, flowNodeId };
}
