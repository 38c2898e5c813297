/** The ledger outside the engine: what its callers tried, and what they were told. */

export type AttemptKind = 'start' | 'keyed start' | 'work' | 'approval' | 'message';

export interface Attempt {
  /** Travels with the call: where it is found, the call has happened. */
  readonly id: string;
  readonly kind: AttemptKind;
  /** `acknowledged`: happened; `refused`: did not; `open`: nobody knows. */
  outcome: 'open' | 'acknowledged' | 'refused';
}

export class Attempts {
  readonly #all: Attempt[] = [];
  #acknowledged = 0;
  #lastId = 0;

  get all(): readonly Attempt[] {
    return this.#all;
  }

  /** Answers so far that said yes. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  count(kind: AttemptKind, outcome?: Attempt['outcome']): number {
    return this.#all.filter((attempt) => attempt.kind === kind && (outcome ?? attempt.outcome) === attempt.outcome)
      .length;
  }

  /** Makes a call and notes what came of it; an error that says no is an answer, any other leaves it open. */
  async make(kind: AttemptKind, call: (id: string) => Promise<unknown>, id = this.newId()): Promise<Attempt> {
    const attempt: Attempt = { id, kind, outcome: 'open' };
    this.#all.push(attempt);
    try {
      await call(id);
      attempt.outcome = 'acknowledged';
      this.#acknowledged += 1;
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (typeof code === 'number' && code >= 400 && code < 500) attempt.outcome = 'refused';
    }
    return attempt;
  }

  newId(): string {
    this.#lastId += 1;
    return `attempt-${this.#lastId}-`;
  }
}

/** The ids of the attempts that a value carries. */
export function attemptsIn(value: unknown): readonly string[] {
  return (JSON.stringify(value) ?? '').match(/attempt-\d+-/g) ?? [];
}
