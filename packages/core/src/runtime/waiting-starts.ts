/**
 * Start calls that wait for the end of their instance. Each is answered: by the instance's end, failure, termination or
 * incident on this node, or by reading the instance again every second, in case it ended elsewhere.
 */
import { InternalServerError, ServiceUnavaliableError, errorOfStatus, type JsonValue } from '@process-engine/contracts';
import type {
  EndEventResult,
  ErrorData,
  IncidentRecord,
  ProcessInstanceRecord,
  Storage,
} from '@process-engine/contracts/storage';
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
  readonly resolve: (end: ReachedEnd | undefined) => void;
  readonly reject: (error: Error) => void;
}

const REREAD_INTERVAL = 1_000;

export class WaitingStarts {
  readonly #waiters = new Map<string, Waiter>();

  constructor(private readonly options: { readonly storage: Storage; readonly clock: Clock }) {}

  /** Resolves with the (first or named) end event reached; rejects with what ended the instance otherwise. */
  async wait(
    processInstanceId: string,
    endEventId: string | undefined,
    signal?: AbortSignal,
  ): Promise<ReachedEnd | undefined> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = withResolvers<ReachedEnd | undefined>();
    const abort = (): void =>
      reject(signal?.reason instanceof Error ? signal.reason : new Error('the call was given up'));
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiters.set(processInstanceId, { endEventId, reached: undefined, resolve, reject });
    const done = this.options.storage.shared ? this.#rereadUntilDone(processInstanceId) : undefined;
    try {
      return await promise;
    } finally {
      this.#waiters.delete(processInstanceId);
      signal?.removeEventListener('abort', abort);
      done?.abort();
    }
  }

  /** The start itself failed: nobody waits for the instance any more. */
  giveUp(processInstanceId: string, reason: Error): void {
    this.#waiters.get(processInstanceId)?.reject(reason);
  }

  /** Nobody is left waiting: the instances go on when the engine starts again. */
  stop(): void {
    const reason = new ServiceUnavaliableError('the engine stops; the process instance goes on after its next start', {
      reason: 'engine-stopping',
    });
    for (const waiter of this.#waiters.values()) waiter.reject(reason);
  }

  #rereadUntilDone(id: string): AbortController {
    const done = new AbortController();
    this.#reread(id, done.signal).catch((error: unknown) => this.giveUp(id, error as Error));
    return done;
  }

  /** A step of an instance was committed here. */
  committed({ endEvents, end, incidents }: StepOutcome, record: ProcessInstanceRecord): void {
    const waiter = this.#waiters.get(record.id);
    if (waiter === undefined) return;
    for (const { endEventId, result } of endEvents) {
      const counts = waiter.endEventId === undefined || waiter.endEventId === endEventId;
      if (counts) waiter.reached ??= { endEventId, result };
    }
    const [incident] = incidents;
    if (end !== undefined) settle(waiter, record);
    else if (incident !== undefined) waiter.reject(incidentError(incident));
  }

  async #reread(id: string, signal: AbortSignal): Promise<void> {
    const { storage, clock } = this.options;
    for (;;) {
      await sleepUntil(clock, clock.now() + REREAD_INTERVAL, signal);
      const waiter = this.#waiters.get(id);
      if (signal.aborted || waiter === undefined) return;
      const { items } = await storage.findProcessInstances({ tenantId: '', ids: [id] });
      const record = items[0];
      if (record === undefined || record.state === 'running') continue;
      const { correlationId, processModelId } = record;
      const ends = await storage.findEndEventResults({ tenantId: record.tenantId, correlationId, processModelId });
      waiter.reached ??= firstOf(ends, id, waiter.endEventId);
      settle(waiter, record);
      return;
    }
  }
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

function incidentError({ id, processInstanceId, error }: IncidentRecord): Error {
  return new InternalServerError(error.message, {
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
