import { BadRequestError } from '@process-engine/contracts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const PROTOTYPE = "the key '__proto__' is not allowed";

/**
 * Parses JSON from outside. BadRequestError: no JSON; nested deeper than `maxDepth`, which would exhaust the stack of
 * whoever walks through it; or with a key `__proto__`, which would become a prototype where it is assigned.
 */
export function parseJson(text: string, maxDepth: number): unknown {
  ensureDepth(text, maxDepth);
  try {
    return JSON.parse(text, mayNamePrototype(text) ? refusePrototype : undefined);
  } catch (error) {
    throw new BadRequestError(`the request body could not be read: ${complaint(error as Error)}`, { cause: error });
  }
}

/** The parser's own messages quote the text, which may hold what must not be told or logged. */
function complaint({ message }: Error): string {
  if (message === PROTOTYPE) return message;
  const place = /at position \d+/.exec(message)?.[0];
  return place === undefined ? 'it is no JSON' : `it is no JSON ${place}`;
}

function ensureDepth(text: string, maxDepth: number): void {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = endOfString(text, index);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        if (depth > maxDepth)
          throw new BadRequestError(`the request body is nested deeper than ${maxDepth}`, {
            reason: 'nested-too-deep',
          });
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
    }
  }
}

/** Position of the quote that ends the string; the text's length where none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}

/** The key may be written with escapes. */
function mayNamePrototype(text: string): boolean {
  return text.includes('__proto__') || /\\u00[57]/.test(text);
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError(PROTOTYPE);
  return value;
}
