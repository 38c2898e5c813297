import type { Evaluation } from '../evaluation.js';
import type { Assertion } from './pattern-node.js';
import type { PatternProgram } from './pattern-program.js';

/** Positions by slot: 0 and 1 the whole match, 2n and 2n+1 group n; `undefined` where a group took no part. */
export type Captures = readonly (number | undefined)[];

interface Thread {
  readonly at: number;
  readonly captures: Captures;
}

/**
 * Finds the first match at or after `from`. All ways through the pattern advance together, one character at a time, so
 * the work is bounded by the length of the text times the size of the pattern, whatever the pattern is.
 */
export function findMatch(
  evaluation: Evaluation,
  program: PatternProgram,
  { text, from }: { readonly text: string; readonly from: number },
): Captures | undefined {
  const search = new Search(evaluation, program, text);
  let threads: Thread[] = [];
  let match: Captures | undefined;
  for (let position = from; ;) {
    if (match === undefined) {
      search.follow({ at: 0, captures: [position] }, position, threads);
    }
    const codePoint = text.codePointAt(position);
    const next = position + (codePoint !== undefined && codePoint > 0xffff ? 2 : 1);
    const step = search.advance(threads, { position, codePoint, next });
    match = step.match ?? match;
    threads = step.threads;
    if (codePoint === undefined || (threads.length === 0 && match !== undefined)) {
      return match;
    }
    position = next;
  }
}

class Search {
  /** The step in which an instruction was last reached: one thread per instruction is enough, the first. */
  private readonly reached: number[] = [];
  private visited = 0;

  constructor(
    private readonly evaluation: Evaluation,
    private readonly program: PatternProgram,
    private readonly text: string,
  ) {}

  /** Moves every thread over one character. A match ends all threads behind it, which are less preferred. */
  advance(
    threads: readonly Thread[],
    { position, codePoint, next }: { position: number; codePoint: number | undefined; next: number },
  ): { threads: Thread[]; match?: Captures } {
    this.evaluation.spend(1 + (this.visited >> 3));
    this.visited = 0;
    const following: Thread[] = [];
    for (const { at, captures } of threads) {
      const instruction = this.program.instructions[at];
      if (instruction?.op === 'match') {
        return { threads: following, match: [captures[0], position, ...captures.slice(2)] };
      }
      if (instruction?.op === 'character' && codePoint !== undefined && instruction.test(codePoint)) {
        this.follow({ at: at + 1, captures }, next, following);
      }
    }
    return { threads: following };
  }

  /** Adds the threads that a place leads to without reading a character. */
  follow(start: Thread, position: number, threads: Thread[]): void {
    const open = [start];
    for (let thread = open.pop(); thread !== undefined; thread = open.pop()) {
      const { at, captures } = thread;
      this.visited += 1;
      if (this.reached[at] === position) {
        continue;
      }
      this.reached[at] = position;
      const instruction = this.program.instructions[at];
      switch (instruction?.op) {
        case 'jump':
          open.push({ at: instruction.to, captures });
          break;
        case 'split':
          open.push({ at: instruction.second, captures }, { at: instruction.first, captures });
          break;
        case 'save':
          open.push({ at: at + 1, captures: saved(captures, instruction.slot, position) });
          break;
        case 'assertion':
          if (holds(instruction.assertion, this.text, position)) {
            open.push({ at: at + 1, captures });
          }
          break;
        default:
          threads.push(thread);
      }
    }
  }
}

function saved(captures: Captures, slot: number, position: number): Captures {
  const copy = [...captures];
  copy[slot] = position;
  return copy;
}

function holds(assertion: Assertion, text: string, position: number): boolean {
  switch (assertion) {
    case 'start':
      return position === 0;
    case 'end':
      return position === text.length;
    case 'line-start':
      return position === 0 || isLineEnd(text[position - 1]);
    case 'line-end':
      return position === text.length || isLineEnd(text[position]);
    case 'word-boundary':
      return isWord(text[position - 1]) !== isWord(text[position]);
    case 'no-word-boundary':
      return isWord(text[position - 1]) === isWord(text[position]);
  }
}

function isLineEnd(character: string | undefined): boolean {
  return character !== undefined && /[\n\r\u2028\u2029]/.test(character);
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character);
}
