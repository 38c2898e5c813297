import {
  BadRequestError,
  matchesFilter,
  NOTIFICATION_FAMILIES,
  NOTIFICATION_KINDS,
  payloadFor,
  type EventStream,
  type FollowEventsOptions,
  type LoggedEvent,
  type NotificationFamily,
} from '@process-engine/contracts';

export interface FollowedEventsOptions extends Pick<FollowEventsOptions, 'kinds' | 'families' | 'filter'> {
  /** What the reader may see of an event. */
  readonly view: (event: LoggedEvent) => LoggedEvent | undefined | Promise<LoggedEvent | undefined>;
}

/** Those events of the log a reader asked for and may see. */
export class FollowedEvents implements EventStream {
  #cursor: number;

  /** BadRequestError: there is no such kind or family. */
  constructor(
    start: number,
    private readonly events: AsyncIterable<LoggedEvent>,
    private readonly options: FollowedEventsOptions,
  ) {
    this.#cursor = start;
    ensureKnown(options.kinds ?? [], [...NOTIFICATION_KINDS.keys()], 'kind');
    ensureKnown(options.families ?? [], NOTIFICATION_FAMILIES, 'family');
  }

  get cursor(): number {
    return this.#cursor;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LoggedEvent, void, undefined> {
    const { filter = {}, view } = this.options;
    for await (const event of this.events) {
      const named = matchesFilter(filter, event.payload) ? this.#named(event) : undefined;
      const seen = named === undefined ? undefined : await view(event);
      // Before the event is handed over: whoever has it goes on behind it.
      this.#cursor = event.seq;
      if (named !== undefined && seen !== undefined) yield withName(seen, named);
    }
  }

  /** The name it was asked for by; undefined: it was not. */
  #named({ kind }: LoggedEvent): string | undefined {
    const { kinds, families } = this.options;
    if (kinds === undefined && families === undefined) return kind;
    if (kinds?.includes(kind) === true) return kind;
    const own: readonly NotificationFamily[] = NOTIFICATION_KINDS.get(kind)?.families ?? [];
    return families?.find((family) => own.includes(family));
  }
}

function withName(event: LoggedEvent, eventName: string): LoggedEvent {
  const family = NOTIFICATION_FAMILIES.find((name) => name === eventName);
  if (family === undefined) return { ...event, eventName };
  return { ...event, eventName, payload: payloadFor(event, { eventName, family }) };
}

function ensureKnown(given: readonly string[], known: readonly string[], what: string): void {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new BadRequestError(`there is no ${what} of notifications '${unknown}'`);
}
