import type { Evaluation } from '../../evaluation.js';
import { type Captures, findMatch } from '../../pattern/find-match.js';
import { InvalidPattern } from '../../pattern/parse-pattern.js';
import { compilePattern, type PatternProgram } from '../../pattern/pattern-program.js';

/** The compiled pattern, `null` if it is not valid; compiled once per evaluation. */
export function patternFor(evaluation: Evaluation, pattern: string, flags: string): PatternProgram | null {
  const key = `${flags}/${pattern}`;
  const known = evaluation.patterns.get(key);
  if (known !== undefined) {
    return known as PatternProgram | null;
  }
  evaluation.spend(10 + pattern.length);
  const program = compiled(pattern, flags);
  evaluation.patterns.set(key, program);
  return program;
}

function compiled(pattern: string, flags: string): PatternProgram | null {
  try {
    return compilePattern(pattern, flags);
  } catch (error) {
    if (error instanceof InvalidPattern) {
      return null;
    }
    throw error;
  }
}

/** Matches one after the other; an empty one moves on by one character. */
export function findAllMatches(evaluation: Evaluation, program: PatternProgram, text: string): Captures[] {
  const matches: Captures[] = [];
  let from = 0;
  while (from <= text.length) {
    const match = findMatch(evaluation, program, { text, from });
    if (match === undefined) {
      break;
    }
    evaluation.reserveList(matches.length % 1_000 === 999 ? matches.length + 1 : 0);
    matches.push(match);
    const [start = 0, end = 0] = match;
    from = end > start ? end : end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
  }
  return matches;
}

/** `replace()`: in the replacement `$0` is the match and `$1` to `$9` are its groups. `null` for an invalid pattern. */
export function replaceMatches(
  evaluation: Evaluation,
  input: string,
  ...[pattern, replacement, flags = '']: [pattern: string, replacement: string, flags: string | undefined]
): string | null {
  const program = patternFor(evaluation, pattern, flags);
  if (program === null) {
    return null;
  }
  const template = replacement.split(/(\$[0-9$])/);
  const parts: string[] = [];
  let length = 0;
  const add = (part: string): void => {
    length += part.length;
    evaluation.reserveText(part.length > 1_000 || parts.length % 1_000 === 999 ? length : 0);
    parts.push(part);
  };
  let position = 0;
  for (const match of findAllMatches(evaluation, program, input)) {
    const [from = 0, to = 0] = match;
    add(input.slice(position, from));
    template.forEach((piece) => add(expand(piece, match, { input, groups: program.groups })));
    position = to;
  }
  add(input.slice(position));
  return parts.join('');
}

/** A `$` reference to a group that does not exist stays as it is. */
function expand(piece: string, match: Captures, { input, groups }: { input: string; groups: number }): string {
  const reference = /^\$([0-9$])$/.exec(piece)?.[1];
  if (reference === undefined) {
    return piece;
  }
  if (reference === '$') {
    return '$';
  }
  const group = Number(reference);
  if (group > groups) {
    return piece;
  }
  const [from, to] = [match[group * 2], match[group * 2 + 1]];
  return from === undefined || to === undefined ? '' : input.slice(from, to);
}
