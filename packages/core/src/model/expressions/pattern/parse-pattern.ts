import { characterTest, escapeLength, literalTest } from './character-test.js';
import type { Assertion, PatternNode, Repetition } from './pattern-node.js';

/** Groups within groups. */
const MAX_DEPTH = 50;
const MAX_REPETITIONS = 1_000;

/** The text is not a regular expression. */
export class InvalidPattern extends Error {}

/** A construct that cannot be matched in linear time: back references and look-around. */
export class UnsupportedPattern extends Error {}

export interface PatternFlags {
  /** `i` */
  readonly ignoreCase: boolean;
  /** `m`: `^` and `$` match at lines. */
  readonly multiline: boolean;
  /** `s`: the dot matches line ends too. */
  readonly dotAll: boolean;
  /** `x`: white space in the pattern means nothing. */
  readonly extended: boolean;
}

/**
 * Parses a regular expression of XPath's and JavaScript's common ground.
 *
 * @throws InvalidPattern or UnsupportedPattern
 */
export function parsePattern(source: string, flags: PatternFlags): { node: PatternNode; groups: number } {
  const parser = new PatternParser(source, flags);
  const node = parser.parseChoice(0);
  if (!parser.atEnd) {
    throw new InvalidPattern('unmatched parenthesis');
  }
  return { node, groups: parser.groups };
}

class PatternParser {
  groups = 0;
  private position = 0;

  constructor(
    private readonly source: string,
    private readonly flags: PatternFlags,
  ) {}

  get atEnd(): boolean {
    this.skipSpace();
    return this.position >= this.source.length;
  }

  parseChoice(depth: number): PatternNode {
    if (depth > MAX_DEPTH) {
      throw new InvalidPattern('too many groups within groups');
    }
    const options = [this.parseSequence(depth)];
    while (this.take('|')) {
      options.push(this.parseSequence(depth));
    }
    return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options };
  }

  private parseSequence(depth: number): PatternNode {
    const items: PatternNode[] = [];
    while (!this.atEnd && this.next !== '|' && this.next !== ')') {
      const item = this.parseItem(depth);
      const repetition = this.parseRepetition();
      if (repetition && item.kind === 'assertion') {
        throw new InvalidPattern('nothing to repeat');
      }
      items.push(repetition ? { kind: 'repeat', item, repetition } : item);
    }
    return { kind: 'sequence', items };
  }

  private parseItem(depth: number): PatternNode {
    const character = this.next;
    switch (character) {
      case '(':
        return this.parseGroup(depth);
      case '[':
        return this.character(this.classLength());
      case '\\':
        return this.parseEscape();
      case '.':
        this.position += 1;
        return { kind: 'character', test: this.flags.dotAll ? () => true : isNoLineEnd };
      case '^':
      case '$':
        return this.parseAnchor(character);
      default:
        return this.parseLiteral(character);
    }
  }

  private parseAnchor(character: '^' | '$'): PatternNode {
    this.position += 1;
    const side: Assertion = character === '^' ? 'start' : 'end';
    return { kind: 'assertion', assertion: this.flags.multiline ? `line-${side}` : side };
  }

  private parseGroup(depth: number): PatternNode {
    this.position += 1;
    if (this.take('?:')) {
      return this.closeGroup(this.parseChoice(depth + 1));
    }
    if (this.next === '?') {
      const named = /^\?<[\p{L}_$][\p{L}\p{N}_$]*>/u.exec(this.source.slice(this.position, this.position + 100));
      if (named === null) {
        throw new UnsupportedPattern('look-around and inline flags are not supported in regular expressions');
      }
      this.position += named[0].length;
    }
    this.groups += 1;
    const index = this.groups;
    return { kind: 'group', index, item: this.closeGroup(this.parseChoice(depth + 1)) };
  }

  private closeGroup(node: PatternNode): PatternNode {
    if (!this.take(')')) {
      throw new InvalidPattern('unterminated group');
    }
    return node;
  }

  private parseEscape(): PatternNode {
    const escaped = this.source[this.position + 1] ?? '';
    if (escaped === 'b' || escaped === 'B') {
      this.position += 2;
      return { kind: 'assertion', assertion: escaped === 'b' ? 'word-boundary' : 'no-word-boundary' };
    }
    if (escaped === '') {
      throw new InvalidPattern('a backslash at the end');
    }
    if (/[1-9k]/.test(escaped)) {
      throw new UnsupportedPattern('back references are not supported in regular expressions');
    }
    return this.character(escapeLength(this.source, this.position));
  }

  private parseLiteral(character: string): PatternNode {
    if (/[*+?{}\]]/.test(character)) {
      throw new InvalidPattern(`unexpected '${character}'`);
    }
    this.position += character.length;
    return { kind: 'character', test: literalTest(character, this.flags.ignoreCase) };
  }

  /** A class or an escape, whose meaning the host's own regular expressions know. */
  private character(length: number): PatternNode {
    const text = this.source.slice(this.position, this.position + length);
    const test = characterTest(text, this.flags.ignoreCase);
    if (test === undefined) {
      throw new InvalidPattern(`'${text}' matches no kind of character`);
    }
    this.position += length;
    return { kind: 'character', test };
  }

  private classLength(): number {
    for (let end = this.position + 1; end < this.source.length; end += 1) {
      const character = this.source[end];
      if (character === ']') {
        return end + 1 - this.position;
      }
      end += character === '\\' ? 1 : 0;
    }
    throw new InvalidPattern('unterminated character class');
  }

  private parseRepetition(): Repetition | undefined {
    const range = this.parseRange();
    if (range === undefined) {
      return undefined;
    }
    const [min, max] = range;
    if (min > max || min > MAX_REPETITIONS || (max > MAX_REPETITIONS && max !== Number.POSITIVE_INFINITY)) {
      throw new InvalidPattern(`repetitions must be in order and at most ${MAX_REPETITIONS}`);
    }
    return { min, max, lazy: this.take('?') };
  }

  private parseRange(): readonly [number, number] | undefined {
    this.skipSpace();
    if (this.take('*')) {
      return [0, Number.POSITIVE_INFINITY];
    }
    if (this.take('+')) {
      return [1, Number.POSITIVE_INFINITY];
    }
    if (this.take('?')) {
      return [0, 1];
    }
    const braces = /^\{(\d{1,9})(,(\d{0,9}))?\}/.exec(this.source.slice(this.position, this.position + 25));
    if (braces === null) {
      return undefined;
    }
    this.position += braces[0].length;
    const min = Number(braces[1]);
    return [min, braces[2] === undefined ? min : braces[3] === '' ? Number.POSITIVE_INFINITY : Number(braces[3])];
  }

  /** The next code point as a text, empty at the end. */
  private get next(): string {
    this.skipSpace();
    const codePoint = this.source.codePointAt(this.position);
    return codePoint === undefined ? '' : String.fromCodePoint(codePoint);
  }

  private take(text: string): boolean {
    const found = this.source.startsWith(text, this.position);
    this.position += found ? text.length : 0;
    return found;
  }

  private skipSpace(): void {
    while (this.flags.extended && /\s/.test(this.source[this.position] ?? '')) {
      this.position += 1;
    }
  }
}

function isNoLineEnd(codePoint: number): boolean {
  return codePoint !== 0x0a && codePoint !== 0x0d && codePoint !== 0x2028 && codePoint !== 0x2029;
}
