import type { CharacterTest } from './pattern-node.js';

/** Code points whose answer is remembered; beyond them the test is asked each time. */
const REMEMBERED = 128;

/** Matches one code point, or both cases of it. */
export function literalTest(character: string, ignoreCase: boolean): CharacterTest {
  const expected = character.codePointAt(0);
  if (ignoreCase && character.toLowerCase() !== character.toUpperCase()) {
    return characterTest(`[${character}]`, true) ?? (() => false);
  }
  return (codePoint) => codePoint === expected;
}

/**
 * The meaning of a character class or escape, as the host's regular expressions have it: applied to a single character
 * they cannot take long. `undefined` if the text is not a class.
 */
export function characterTest(text: string, ignoreCase: boolean): CharacterTest | undefined {
  const expression = singleCharacter(text, ignoreCase);
  if (expression === undefined) {
    return undefined;
  }
  const remembered: (boolean | undefined)[] = [];
  return (codePoint) => {
    const known = remembered[codePoint];
    if (known !== undefined) {
      return known;
    }
    const answer = expression.test(String.fromCodePoint(codePoint));
    if (codePoint < REMEMBERED) {
      remembered[codePoint] = answer;
    }
    return answer;
  };
}

function singleCharacter(text: string, ignoreCase: boolean): RegExp | undefined {
  try {
    return new RegExp(`^${text}$`, ignoreCase ? 'iu' : 'u');
  } catch {
    return undefined;
  }
}

/** Length of the escape at a backslash: `\d`, `\p{…}`, `\u{…}`, `\uXXXX`, `\xXX`, `\cX`. */
export function escapeLength(source: string, position: number): number {
  const escape = /^\\(?:[pP]\{[^}]*\}|u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[a-zA-Z]|[^])/u.exec(
    source.slice(position, position + 60),
  );
  return escape === null ? 1 : escape[0].length;
}
