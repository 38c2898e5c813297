import { InvalidPattern, parsePattern, type PatternFlags } from './parse-pattern.js';
import type { Assertion, CharacterTest, PatternNode, Repetition } from './pattern-node.js';

/** Instructions after bounded repetitions are written out. */
const MAX_INSTRUCTIONS = 5_000;
const MAX_SOURCE_LENGTH = 2_000;

export type Instruction =
  | { readonly op: 'character'; readonly test: CharacterTest }
  | { readonly op: 'assertion'; readonly assertion: Assertion }
  /** Remembers the position in slot `slot` of the captures. */
  | { readonly op: 'save'; readonly slot: number }
  /** Goes on at both places, preferring the first. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'match' };

/** A compiled regular expression. */
export interface PatternProgram {
  readonly instructions: readonly Instruction[];
  /** Capturing groups, the whole match not counted. */
  readonly groups: number;
}

/**
 * Compiles a regular expression with XPath's flags (`s m i x`).
 *
 * @throws InvalidPattern if the text or a flag is not valid, UnsupportedPattern for back references and look-around
 */
export function compilePattern(source: string, flags: string): PatternProgram {
  if (source.length > MAX_SOURCE_LENGTH) {
    throw new InvalidPattern(`a regular expression is longer than ${MAX_SOURCE_LENGTH} characters`);
  }
  const { node, groups } = parsePattern(source, parseFlags(flags));
  const writer = new ProgramWriter();
  writer.write(node);
  writer.add({ op: 'match' });
  return { instructions: writer.instructions, groups };
}

function parseFlags(flags: string): PatternFlags {
  if (!/^[smix]*$/.test(flags)) {
    throw new InvalidPattern(`unknown flags '${flags}'`);
  }
  return {
    ignoreCase: flags.includes('i'),
    multiline: flags.includes('m'),
    dotAll: flags.includes('s'),
    extended: flags.includes('x'),
  };
}

class ProgramWriter {
  readonly instructions: Instruction[] = [];

  add<T extends Instruction>(instruction: T): T {
    if (this.instructions.length >= MAX_INSTRUCTIONS) {
      throw new InvalidPattern('the regular expression is too large');
    }
    this.instructions.push(instruction);
    return instruction;
  }

  write(node: PatternNode): void {
    switch (node.kind) {
      case 'character':
        this.add({ op: 'character', test: node.test });
        return;
      case 'assertion':
        this.add({ op: 'assertion', assertion: node.assertion });
        return;
      case 'sequence':
        node.items.forEach((item) => this.write(item));
        return;
      case 'choice':
        return this.writeChoice(node.options);
      case 'group':
        this.add({ op: 'save', slot: node.index * 2 });
        this.write(node.item);
        this.add({ op: 'save', slot: node.index * 2 + 1 });
        return;
      case 'repeat':
        return this.writeRepeat(node.item, node.repetition);
    }
  }

  private get here(): number {
    return this.instructions.length;
  }

  private writeChoice(options: readonly PatternNode[]): void {
    const exits: { to: number }[] = [];
    options.forEach((option, index) => {
      if (index === options.length - 1) {
        return this.write(option);
      }
      const split = this.add({ op: 'split', first: this.here + 1, second: 0 });
      this.write(option);
      exits.push(this.add({ op: 'jump', to: 0 }));
      split.second = this.here;
    });
    for (const exit of exits) {
      exit.to = this.here;
    }
  }

  private writeRepeat(item: PatternNode, { min, max, lazy }: Repetition): void {
    for (let count = 0; count < min; count += 1) {
      this.write(item);
    }
    if (max === Number.POSITIVE_INFINITY) {
      const start = this.here;
      this.writeOptional(lazy, () => {
        this.write(item);
        this.add({ op: 'jump', to: start });
      });
      return;
    }
    const splits: ((end: number) => void)[] = [];
    for (let count = min; count < max; count += 1) {
      splits.push(this.openOptional(lazy));
      this.write(item);
    }
    splits.forEach((close) => close(this.here));
  }

  private writeOptional(lazy: boolean, writeItem: () => void): void {
    const close = this.openOptional(lazy);
    writeItem();
    close(this.here);
  }

  /** A split into what follows directly and an end that is told later. */
  private openOptional(lazy: boolean): (end: number) => void {
    const inside = this.here + 1;
    const split = this.add({ op: 'split', first: inside, second: inside });
    return (end) => {
      if (lazy) {
        split.first = end;
      } else {
        split.second = end;
      }
    };
  }
}
