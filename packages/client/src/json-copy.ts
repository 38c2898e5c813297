import { BadRequestError } from '@process-engine/contracts';

/**
 * The value as it arrives when it travels as JSON: fields that are `undefined` vanish, dates become ISO strings, nothing
 * is shared with the original. A value that has no JSON form (a cycle, a BigInt) is a BadRequestError naming `what`.
 */
export function jsonCopy(value: unknown, what: string): unknown {
  const text = jsonText(value, what);
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

/** The JSON text of a value; `undefined` where it has none (`undefined`, a function). */
export function jsonText(value: unknown, what: string): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadRequestError(`${what} cannot be written as JSON: ${reason}`, { reason: 'not-json', cause: error });
  }
}
