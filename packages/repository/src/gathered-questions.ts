/**
 * Questions of the same form that come in one turn of the event loop are asked together: one statement answers many
 * callers. A lone question is asked by itself, without delay but for the turn.
 */
import type { SqlRow, SqlValue } from './row-codec.js';

/** Rows of a table in which columns equal values. */
export interface Question {
  readonly table: string;
  /** Comma-separated. */
  readonly selected: string;
  readonly equalColumns: readonly string[];
  readonly values: readonly SqlValue[];
}

/** The question by itself. */
export function statementOf({ table, selected, equalColumns }: Question): string {
  return `select ${selected} from ${table} where ${equalColumns.map((name) => `${name} = ?`).join(' and ')} order by id`;
}

export interface Questioner {
  /** The rows, by id. */
  ask(question: Question): Promise<readonly SqlRow[]>;
  /** The same for questions that differ in their values only; answers in their order. */
  askTogether(questions: readonly Question[]): Promise<readonly (readonly SqlRow[])[]>;
}

interface Waiting {
  readonly question: Question;
  readonly resolve: (rows: readonly SqlRow[]) => void;
  readonly reject: (reason: unknown) => void;
}

/** Most questions of one statement. */
const MOST_TOGETHER = 100;

export class GatheredQuestions {
  readonly #questioner: Questioner;
  /** By form. */
  #waiting = new Map<string, Waiting[]>();

  constructor(questioner: Questioner) {
    this.#questioner = questioner;
  }

  ask(question: Question): Promise<readonly SqlRow[]> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) setImmediate(() => this.#askAll());
      const form = `${question.table} ${question.equalColumns.join()}`;
      const same = this.#waiting.get(form);
      if (same === undefined) this.#waiting.set(form, [{ question, resolve, reject }]);
      else same.push({ question, resolve, reject });
    });
  }

  #askAll(): void {
    const forms = this.#waiting;
    this.#waiting = new Map();
    for (const same of forms.values()) {
      for (let from = 0; from < same.length; from += MOST_TOGETHER) {
        const some = same.slice(from, from + MOST_TOGETHER);
        this.#answer(some).catch((error: unknown) => {
          for (const { reject } of some) reject(error);
        });
      }
    }
  }

  async #answer(waiting: readonly Waiting[]): Promise<void> {
    const [first, ...others] = waiting;
    if (first === undefined) return;
    if (others.length === 0) return first.resolve(await this.#questioner.ask(first.question));
    const answers = await this.#questioner.askTogether(waiting.map(({ question }) => question));
    for (const [at, { resolve }] of waiting.entries()) resolve(answers[at] ?? []);
  }
}
