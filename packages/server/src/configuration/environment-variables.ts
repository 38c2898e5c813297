import { SECTIONS } from './configuration-schema.js';

/** One value of the configuration that an environment variable replaces. */
export interface Override {
  readonly variable: string;
  readonly path: readonly string[];
  readonly text: string;
}

/**
 * The overrides among environment variables: `section__name__key`, deeper keys with further double underscores. Variables
 * whose first word is no section belong to somebody else.
 */
export function overridesIn(variables: Readonly<Record<string, string | undefined>>): Override[] {
  return Object.entries(variables)
    .flatMap(([variable, text]) => (text === undefined ? [] : [{ variable, path: variable.split('__'), text }]))
    .filter(({ path }) => isOverride(path))
    .sort((left, right) => (left.variable < right.variable ? -1 : 1));
}

function isOverride(path: readonly string[]): boolean {
  return path.length >= 2 && SECTIONS.includes(path[0]!) && path.every((step) => step !== '');
}

/** A copy of the configuration with one value replaced. */
export function withValue(values: unknown, path: readonly string[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const known = typeof values === 'object' && values !== null && !Array.isArray(values) ? values : {};
  const inner = Object.hasOwn(known, step) ? (known as Record<string, unknown>)[step] : undefined;
  return { ...known, [step]: withValue(inner, rest, value) };
}

/** Numbers, true, false, null, lists and objects are written as JSON; anything else is a text. */
export function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
