import { BuiltinFunction } from './builtins/builtin-function.js';
import { CONTEXT_FUNCTIONS } from './builtins/context-functions.js';
import { CONVERSION_FUNCTIONS } from './builtins/conversion-functions.js';
import { LIST_FUNCTIONS } from './builtins/list-functions.js';
import { NUMBER_FUNCTIONS } from './builtins/number-functions.js';
import { RANGE_FUNCTIONS } from './builtins/range-functions.js';
import { TEMPORAL_FUNCTIONS } from './builtins/temporal-functions.js';
import { TEXT_FUNCTIONS } from './builtins/text-functions.js';

export type { BuiltinFunction } from './builtins/builtin-function.js';

/** The functions of the language by name (DMN 1.5, clause 10.3.4). */
export const BUILTIN_FUNCTIONS: ReadonlyMap<string, BuiltinFunction> = new Map(
  [
    ...CONVERSION_FUNCTIONS,
    ...TEXT_FUNCTIONS,
    ...LIST_FUNCTIONS,
    ...NUMBER_FUNCTIONS,
    ...TEMPORAL_FUNCTIONS,
    ...RANGE_FUNCTIONS,
    ...CONTEXT_FUNCTIONS,
  ].map(([name, ...signatures]) => [name, new BuiltinFunction(signatures)]),
);

export const BUILTIN_NAMES: readonly string[] = [...BUILTIN_FUNCTIONS.keys()];
