import { MAX_VALUE_DEPTH } from '../expressions/evaluation.js';
import type { RealmLimits, RealmRun } from './quickjs-realm.js';
import type { ScriptError, ScriptLimit } from './script-sandbox.js';

/** What a run means for whoever asked for it. */
export function outcomeOf(
  run: RealmRun,
  limits: RealmLimits,
): { value: unknown } | { error: ScriptError } | { limit: ScriptLimit } {
  const limit = limitOf(run, limits);
  if (limit !== undefined) {
    return { limit };
  }
  const { result } = run;
  if (result.kind === 'value') {
    return valueOutcome(result.json);
  }
  if (result.kind === 'error') {
    return { error: withOwnStack(JSON.parse(result.json) as ScriptError) };
  }
  return {
    error: { name: 'Error', message: 'the returned promise does not settle: scripts cannot wait for anything' },
  };
}

function valueOutcome(json: string | undefined): { value: unknown } | { limit: ScriptLimit } {
  if (json === undefined) {
    return { value: undefined };
  }
  return nestingOf(json) > MAX_VALUE_DEPTH ? { limit: 'depth' } : { value: JSON.parse(json) };
}

/** Leaves out what called the script. */
function withOwnStack(error: ScriptError): ScriptError {
  const lines = error.stack?.split('\n').filter((line) => line.includes('script.js'));
  return lines === undefined ? error : { ...error, stack: lines.join('\n') };
}

/** How the interpreter says that memory or stack are used up, wherever it happened. */
const INTERPRETER_LIMITS: ReadonlyMap<string, ScriptLimit> = new Map<string, ScriptLimit>([
  ['InternalError: out of memory', 'memory'],
  ['InternalError: string too long', 'memory'],
  ['RangeError: invalid string length', 'memory'],
  ['InternalError: stack overflow', 'stack'],
  ['SyntaxError: stack overflow', 'stack'],
]);

/** The limit at which a run ended, if it did. */
export function limitOf({ result, work }: RealmRun, limits: RealmLimits): ScriptLimit | undefined {
  if (result.kind === 'limit') {
    return result.limit;
  }
  if (work > limits.work) {
    return 'work';
  }
  if (result.kind !== 'error') {
    return undefined;
  }
  const { name, message } = JSON.parse(result.json) as ScriptError;
  return INTERPRETER_LIMITS.get(`${name}: ${message}`);
}

/** Deepest nesting of a JSON text. A text that is short cannot be deep. */
export function nestingOf(json: string): number {
  if (json.length <= 2 * MAX_VALUE_DEPTH) {
    return 0;
  }
  let depth = 0;
  let deepest = 0;
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (character === '"') {
      index = endOfText(json, index);
    } else if (character === '[' || character === '{') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (character === ']' || character === '}') {
      depth -= 1;
    }
  }
  return deepest;
}

/** Where the text that begins here has its closing quotation mark. */
function endOfText(json: string, start: number): number {
  let index = start + 1;
  while (index < json.length && json[index] !== '"') {
    index += json[index] === '\\' ? 2 : 1;
  }
  return index;
}
