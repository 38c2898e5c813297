import type { EventStream, FollowEventsOptions, LoggedEvent } from '@process-engine/contracts';

/** Events that a test adds, for readers that follow. */
export class EventLogDouble {
  readonly events: LoggedEvent[] = [];
  /** The cursor of a reader that names none. */
  position = 0;
  readers = 0;
  #wake: (() => void)[] = [];

  add(payload: object = {}): number {
    const seq = (this.events.at(-1)?.seq ?? this.position) + 1;
    const place = { correlationId: 'c', processModelId: 'm', processInstanceId: 'p' };
    this.events.push({
      ...{ seq, kind: 'process_ended', eventName: 'process_ended', payload: { ...place, ...payload } },
      ...{ ownerId: 'alice', lanes: '[]', tenantId: '', createdAt: '2030-01-01T00:00:00.000Z' },
    });
    this.#wake.splice(0).forEach((wake) => wake());
    return seq;
  }

  follow({ after = this.position, signal }: FollowEventsOptions): EventStream {
    const next = (from: number) => this.events.find(({ seq }) => seq > from);
    const news = () => this.#news(signal);
    const count = (change: number) => (this.readers += change);
    let cursor = after;
    return {
      get cursor() {
        return cursor;
      },
      async *[Symbol.asyncIterator]() {
        count(1);
        try {
          while (signal?.aborted !== true) {
            const event = next(cursor);
            if (event === undefined) {
              await news();
              continue;
            }
            cursor = event.seq;
            yield event;
          }
        } finally {
          count(-1);
        }
      },
    };
  }

  #news(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.#wake.push(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
