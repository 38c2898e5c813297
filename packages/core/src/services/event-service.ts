/** Waiting events and triggering them; publishing messages and signals. */
import { readRequestBody } from '@process-engine/contracts/http';
import {
  broadcastSignalRequestSchema,
  CLAIMS,
  NotFoundError,
  publishMessageRequestSchema,
  type Delivery,
  type EventList,
  type IIdentity,
  type JsonObject,
  type JsonValue,
  type NotificationKind,
  type PublishMessageRequest,
  tenantOf,
} from '@process-engine/contracts';
import {
  IdempotencyConflictError,
  type MessageRecord,
  type PageRequest,
  type SubscriptionFilter,
} from '@process-engine/contracts/storage';
import { IDEMPOTENCY_LIFETIME } from '../runtime/clean-up.js';
import { keyHashOf, type Event, type Receiver } from '../runtime/correlation.js';
import { waitingEventOf } from './data-transfer-objects.js';
import { paged } from './paging.js';
import type { ServiceOptions } from './service-options.js';

export class EventService {
  constructor(private readonly options: ServiceOptions) {}

  /** Intermediate catch events that wait for a message or a signal. */
  async list(identity: IIdentity, query: Partial<SubscriptionFilter>, page: PageRequest): Promise<EventList> {
    const { access } = this.options;
    const { storage } = this.options.runtime;
    access.ensureIdentity(identity);
    const { items } = await storage.findSubscriptions({
      ...query,
      tenantId: tenantOf(identity),
      kinds: ['message', 'signal'],
      start: false,
      flowNodeTypes: ['bpmn:IntermediateCatchEvent'],
    });
    const accessible = new Set(await access.accessibleLanes(identity, [...new Set(items.map(({ lanes }) => lanes))]));
    const rows = items.filter(({ lanes }) => accessible.has(lanes));
    return { events: paged(rows, page).map(waitingEventOf), totalCount: rows.length };
  }

  /** Reaches everybody who waits by name. A body `{currentToken}` carries the payload inside, as older clients send it. */
  async trigger(
    identity: IIdentity,
    kind: Event['kind'],
    { name, body }: { name: string; body: unknown },
  ): Promise<void> {
    await this.options.access.ensureClaim(
      identity,
      kind === 'message' ? CLAIMS.triggerMessages : CLAIMS.triggerSignals,
    );
    const payload = payloadOf(body);
    await this.#tell(kind, name, { payload, identity });
    const event = { kind, tenantId: tenantOf(identity), name, payload, keyHash: '', ownerId: identity.userId };
    await this.options.runtime.correlation.deliverToAll(event);
  }

  /** Continues one wait and nobody else. */
  async triggerOne(
    identity: IIdentity,
    { eventId, ...place }: { processModelId: string; correlationId: string; eventId: string },
    body: unknown,
  ): Promise<void> {
    const { access, runtime } = this.options;
    access.ensureIdentity(identity);
    const { items } = await runtime.storage.findSubscriptions({
      ...place,
      tenantId: tenantOf(identity),
      kinds: ['message', 'signal'],
      start: false,
    });
    const found =
      items.find((item) => item.flowNodeInstanceId === eventId) ?? items.find((item) => item.flowNodeId === eventId);
    if (found === undefined) throw notWaiting(place, eventId);
    const kind = found.kind === 'signal' ? 'signal' : 'message';
    await access.ensureClaim(identity, kind === 'message' ? CLAIMS.triggerMessages : CLAIMS.triggerSignals);
    await access.ensureLanes(identity, found.lanes, `the event '${found.flowNodeId}'`);
    const payload = payloadOf(body);
    await this.#tell(kind, found.name, { payload, identity });
    if (!(await runtime.correlation.deliverTo(found, { kind, payload }))) throw notWaiting(place, eventId);
  }

  /** One receiver; where nobody waits and the message has a time to live, it is kept for whoever comes. */
  async publish(identity: IIdentity, request: PublishMessageRequest): Promise<Delivery> {
    const { access } = this.options;
    const { correlation } = this.options.runtime;
    await access.ensureClaim(identity, CLAIMS.triggerMessages);
    readRequestBody(publishMessageRequestSchema, request);
    const publication = this.#publicationOf(identity, request);
    if (await this.#isKnown(identity, request, publication)) return this.#repeated();
    const payload = request.payload as JsonValue | undefined;
    await this.#tell('message', request.name, { payload, identity });
    const event: Event = {
      kind: 'message',
      tenantId: tenantOf(identity),
      name: request.name,
      payload,
      keyHash: keyHashOf(request.correlationKeys as JsonObject | undefined),
      businessKey: request.businessKey,
      processInstanceId: request.processInstanceId,
      ownerId: identity.userId,
      publication,
    };
    const keeps = request.timeToLive !== undefined && request.timeToLive > 0;
    try {
      const receiver = keeps
        ? await correlation.buffer(this.#message(request, event), publication)
        : await correlation.deliverToOne(event);
      return { deliveredTo: receiver === undefined ? [] : [receiver] };
    } catch (error) {
      if (error instanceof IdempotencyConflictError) return this.#repeated();
      throw error;
    }
  }

  async broadcast(identity: IIdentity, signal: { name: string; payload?: unknown }): Promise<Delivery> {
    await this.options.access.ensureClaim(identity, CLAIMS.triggerSignals);
    readRequestBody(broadcastSignalRequestSchema, signal);
    const payload = signal.payload as JsonValue | undefined;
    await this.#tell('signal', signal.name, { payload, identity });
    const event = {
      kind: 'signal' as const,
      tenantId: tenantOf(identity),
      name: signal.name,
      payload,
      keyHash: '',
      ownerId: identity.userId,
    };
    const receivers: Receiver[] = await this.options.runtime.correlation.deliverToAll(event);
    return { deliveredTo: receivers };
  }

  /** A message with an id is published once, whatever became of it: for a week, and as long as it may be kept. */
  #publicationOf(
    identity: IIdentity,
    { messageId, name, timeToLive = 0 }: PublishMessageRequest,
  ): Event['publication'] {
    if (messageId === undefined) return undefined;
    const now = this.options.runtime.clock.now();
    const createdAt = Math.max(now, now + timeToLive - IDEMPOTENCY_LIFETIME);
    return { tenantId: tenantOf(identity), processModelId: '', key: `message:${name}:${messageId}`, createdAt };
  }

  async #isKnown(
    identity: IIdentity,
    { messageId, name }: PublishMessageRequest,
    publication: Event['publication'],
  ): Promise<boolean> {
    if (messageId === undefined || publication === undefined) return false;
    const { storage, clock } = this.options.runtime;
    if ((await storage.findIdempotentStart(publication)) !== undefined) return true;
    return (await storage.findMessages({ tenantId: tenantOf(identity), name, messageId, now: clock.now() })).length > 0;
  }

  #repeated(): Delivery {
    this.options.runtime.statistics.count('repeatedMessages');
    return { deliveredTo: [] };
  }

  #message(request: PublishMessageRequest, event: Event): MessageRecord {
    const { clock, newId } = this.options.runtime;
    const now = clock.now();
    return {
      id: newId(),
      tenantId: event.tenantId,
      name: event.name,
      keyHash: event.keyHash,
      correlationKeys: (request.correlationKeys ?? null) as JsonObject | null,
      businessKey: event.businessKey ?? null,
      processInstanceId: event.processInstanceId ?? null,
      messageId: request.messageId ?? null,
      payload: event.payload,
      expiresAt: now + request.timeToLive!,
      createdAt: now,
    };
  }

  /** Before those who receive it go on. */
  #tell(
    kind: Event['kind'],
    eventName: string,
    { payload, identity }: { payload: JsonValue | undefined; identity: IIdentity },
  ): Promise<void> {
    const told: NotificationKind = kind === 'message' ? 'message_triggered' : 'signal_triggered';
    const place = { correlationId: '', processModelId: '', processInstanceId: '' };
    const notification = {
      kind: told,
      payload: { ...place, eventName, ...(payload === undefined ? {} : { currentToken: payload }) },
      ownerId: identity.userId,
      tenantId: tenantOf(identity),
      lanes: '[]',
    };
    return this.options.runtime.tell(notification);
  }
}

function notWaiting(
  { processModelId, correlationId }: { processModelId: string; correlationId: string },
  eventId: string,
): Error {
  const message = `ProcessModel '${processModelId}' in Correlation '${correlationId}' does not have a waiting event with id '${eventId}'`;
  return new NotFoundError(message, { reason: 'event-not-waiting' });
}

function payloadOf(body: unknown): JsonValue | undefined {
  const wrapped =
    typeof body === 'object' && body !== null && !Array.isArray(body) && Object.hasOwn(body, 'currentToken');
  return (wrapped ? (body as { currentToken: JsonValue }).currentToken : body) as JsonValue | undefined;
}
