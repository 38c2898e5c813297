/**
 * Start calls that wait for the end of their instance. Each is answered: by the instance's end, failure, termination or
 * incident on this node, or by reading the instance again every second, in case it ended elsewhere.
 */
import {
  InternalServerError,
  NotFoundError,
  ServiceUnavaliableError,
  errorOfStatus,
  type JsonValue,
} from '@process-engine/contracts';
import type { EndEventResult, ErrorData, ProcessInstanceRecord, Storage } from '@process-engine/contracts/storage';
import type { StepOutcome } from '../execution/run-step.js';
import { sleepUntil, type Clock } from './clock.js';

export interface ReachedEnd {
  readonly endEventId: string;
  readonly result: JsonValue | undefined;
}

interface Waiter {
  /** The end event the caller named; undefined: the first one counts. */
  readonly endEventId: string | undefined;
  reached: ReachedEnd | undefined;
  /** Aborted: there is a reason to look before the time comes. */
  news: AbortController;
  readonly resolve: (end: ReachedEnd | undefined) => void;
  readonly reject: (error: Error) => void;
}

type InstancePlace = Pick<ProcessInstanceRecord, 'id' | 'tenantId'>;

export interface WaitOptions {
  /** Of the instance. Default `''`. */
  readonly tenantId?: string;
  readonly signal?: AbortSignal | undefined;
  /** The instance was started before, and may have ended already. */
  readonly existing?: boolean;
}

const REREAD_INTERVAL = 1_000;

export class WaitingStarts {
  readonly #waiters = new Map<string, Set<Waiter>>();
  /** Set once the engine stops: why nobody may wait any more. */
  #stopped: Error | undefined;

  constructor(private readonly options: { readonly storage: Storage; readonly clock: Clock }) {}

  /**
   * Resolves with the (first or named) end event reached; rejects with what ended the instance otherwise.
   */
  async wait(
    processInstanceId: string,
    endEventId: string | undefined,
    { tenantId = '', signal, existing = false }: WaitOptions = {},
  ): Promise<ReachedEnd | undefined> {
    signal?.throwIfAborted();
    if (this.#stopped !== undefined) throw this.#stopped;
    const { promise, resolve, reject } = withResolvers<ReachedEnd | undefined>();
    const abort = (): void =>
      reject(signal?.reason instanceof Error ? signal.reason : new Error('the call was given up'));
    signal?.addEventListener('abort', abort, { once: true });
    const waiter: Waiter = { endEventId, reached: undefined, news: new AbortController(), resolve, reject };
    this.#add(processInstanceId, waiter);
    const reading =
      existing || this.options.storage.shared
        ? this.#read({ id: processInstanceId, tenantId }, waiter, existing)
        : undefined;
    try {
      return await promise;
    } finally {
      this.#remove(processInstanceId, waiter);
      signal?.removeEventListener('abort', abort);
      reading?.abort();
    }
  }

  #add(id: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(id);
    if (waiters === undefined) this.#waiters.set(id, new Set([waiter]));
    else waiters.add(waiter);
  }

  #remove(id: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(id);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiters.delete(id);
  }

  /** The start itself failed: nobody waits for the instance any more. */
  giveUp(processInstanceId: string, reason: Error): void {
    for (const waiter of this.#waiters.get(processInstanceId) ?? []) waiter.reject(reason);
  }

  /** Nobody is left waiting: the instances go on when the engine starts again. */
  stop(): void {
    const reason = (this.#stopped = new ServiceUnavaliableError(
      'the engine stops; the process instance goes on after its next start',
      {
        reason: 'engine-stopping',
      },
    ));
    for (const id of this.#waiters.keys()) this.giveUp(id, reason);
  }

  /** The instances somebody waits for. */
  get instances(): Iterable<string> {
    return this.#waiters.keys();
  }

  /** The instance may have ended on another node. */
  lookAgain(processInstanceId: string): void {
    for (const waiter of this.#waiters.get(processInstanceId) ?? []) waiter.news.abort();
  }

  /** A step of an instance was committed here. */
  committed({ endEvents, end, incidents }: StepOutcome, record: ProcessInstanceRecord): void {
    if (this.#waiters.size === 0) return;
    const [incident] = incidents;
    for (const waiter of this.#waiters.get(record.id) ?? []) {
      for (const { endEventId, result } of endEvents) {
        const counts = waiter.endEventId === undefined || waiter.endEventId === endEventId;
        if (counts) waiter.reached ??= { endEventId, result };
      }
      if (end !== undefined) settle(waiter, record);
      else if (incident !== undefined) waiter.reject(incidentError({ ...incident, message: incident.error.message }));
    }
    const caller = callerOf(record);
    if (incident !== undefined && caller !== null)
      this.failed({ id: caller, tenantId: record.tenantId }, { ...incident, message: incident.error.message });
  }

  /**
   * An incident keeps the instance waiting, and those that called it, too: whoever waits for one of them is answered.
   *
   * @param place the first of them
   */
  failed(place: InstancePlace, incident: Problem): void {
    const climb = async (): Promise<void> => {
      let id: string | null = place.id;
      while (id !== null && this.#waiters.size > 0) {
        this.giveUp(id, incidentError(incident));
        id = callerOf(await this.#find({ id, tenantId: place.tenantId }));
      }
    };
    climb().catch((error: unknown) => this.giveUp(place.id, error as Error));
  }

  /** Throws the first incident of the instance or of a process it called: one that arose on another node. */
  async #throwIncidentOf({ id, tenantId, correlationId }: ProcessInstanceRecord): Promise<void> {
    const { storage } = this.options;
    for (const incident of (await storage.findIncidents({ tenantId, correlationId })).items) {
      let at: string | null = incident.processInstanceId;
      while (at !== null && at !== id) at = callerOf(await this.#find({ id: at, tenantId }));
      if (at === id) throw incidentError({ ...incident, message: incident.error.message });
    }
    const [job] = (await storage.findJobs({ tenantId, processInstanceId: id, failed: true })).items;
    if (job !== undefined)
      throw incidentError({ id: job.id, processInstanceId: id, message: job.error?.message ?? '' });
  }

  async #nextLook(waiter: Waiter, signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    await sleepUntil(clock, clock.now() + REREAD_INTERVAL, AbortSignal.any([signal, waiter.news.signal]));
    // Before the look: what comes during it is a reason for the next one.
    waiter.news = new AbortController();
  }

  /** Reads the instance again and again until it has ended: on another node, or before the wait began. */
  #read(place: InstancePlace, waiter: Waiter, atOnce: boolean): AbortController {
    const done = new AbortController();
    this.#readUntilEnd(place, waiter, { atOnce, signal: done.signal }).catch((error: unknown) =>
      waiter.reject(error as Error),
    );
    return done;
  }

  async #readUntilEnd(
    place: InstancePlace,
    waiter: Waiter,
    { atOnce, signal }: { atOnce: boolean; signal: AbortSignal },
  ): Promise<void> {
    for (let first = true; !signal.aborted; first = false) {
      if (!first || !atOnce) await this.#nextLook(waiter, signal);
      if (signal.aborted) return;
      const record = await this.#find(place);
      if (record === undefined && atOnce) throw new NotFoundError(`process instance '${place.id}' is no longer kept`);
      if (record === undefined) continue;
      if (record.state !== 'running') return this.#settleRead(record, waiter);
      if (!first) await this.#throwIncidentOf(record);
    }
  }

  async #settleRead(record: ProcessInstanceRecord, waiter: Waiter): Promise<void> {
    const { id, correlationId, processModelId, tenantId } = record;
    const ends = await this.options.storage.findEndEventResults({ tenantId, correlationId, processModelId });
    waiter.reached ??= firstOf(ends, id, waiter.endEventId);
    settle(waiter, record);
  }

  async #find({ id, tenantId }: InstancePlace): Promise<ProcessInstanceRecord | undefined> {
    const { items } = await this.options.storage.findProcessInstances({ tenantId, ids: [id] });
    return items[0];
  }
}

/** The instance whose call activity waits; a parent that a start only named is told nothing. */
function callerOf(record: ProcessInstanceRecord | undefined): string | null {
  return record === undefined || record.parentFlowNodeInstanceId === null ? null : record.parentInstanceId;
}

function firstOf(ends: readonly EndEventResult[], id: string, endEventId: string | undefined): ReachedEnd | undefined {
  return ends.find(
    (end) => end.processInstanceId === id && (endEventId === undefined || end.endEventId === endEventId),
  );
}

function settle({ endEventId, reached, resolve, reject }: Waiter, { id, state, error }: ProcessInstanceRecord): void {
  if (state !== 'finished') return reject(endError(error));
  if (endEventId === undefined || reached !== undefined) return resolve(reached);
  const message = `process instance '${id}' finished without reaching the end event '${endEventId}'`;
  reject(new InternalServerError(message, { reason: 'end-event-not-reached' }));
}

/** A failure keeps its own status; a BPMN error is 500 with its name and code. */
export function endError(error: ErrorData | null): Error {
  if (error === null) return new InternalServerError('the process instance failed');
  const { name, code, message, status = 500, additionalInformation } = error;
  const more = additionalInformation ?? { name, code };
  return errorOfStatus(status, message === '' ? name || 'the process instance ended with an error' : message, {
    additionalInformation: more,
  });
}

interface Problem {
  readonly id: string;
  readonly processInstanceId: string;
  readonly message: string;
}

function incidentError({ id, processInstanceId, message }: Problem): Error {
  return new InternalServerError(message, {
    reason: 'incident',
    additionalInformation: { processInstanceId, incidentId: id },
  });
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
