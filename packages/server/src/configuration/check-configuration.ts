import { z } from 'zod';
import { ConfigurationError } from './configuration-error.js';
import { configurationSchema, type Configuration } from './configuration-schema.js';

/** Tells where the value at a path was written, for example a file; undefined: unknown. */
export type Origin = (path: readonly PropertyKey[]) => string | undefined;

/**
 * The configuration, if it has only known keys with usable values.
 *
 * @throws ConfigurationError naming every key at fault, where it is written, and what is expected.
 */
export function checkConfiguration(value: unknown, originOf: Origin = () => undefined): Configuration {
  const { success, data, error } = configurationSchema.safeParse(value);
  if (success) return data;
  const lines = error.issues.flatMap((issue) => describe(issue, originOf));
  throw new ConfigurationError(`the configuration cannot be used:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

function describe(issue: z.core.$ZodIssue, originOf: Origin): string[] {
  if (issue.code !== 'unrecognized_keys') {
    return [`${keyOf(issue.path)}${written(issue.path, originOf)}: ${complaint(issue)}`];
  }
  const known = knownKeys(issue.path).join(', ');
  return issue.keys.map((key) => {
    const path = [...issue.path, key];
    return `${keyOf(path)}${written(path, originOf)}: is unknown; correct or remove it (known here: ${known})`;
  });
}

function complaint({ message }: z.core.$ZodIssue): string {
  const text = message.replace(/^Invalid (?:input|option): /, '');
  return text.endsWith(', received undefined') ? `is missing, ${text.replace(', received undefined', '')}` : text;
}

function written(path: readonly PropertyKey[], originOf: Origin): string {
  const origin = originOf(path);
  return origin === undefined ? '' : ` (${origin})`;
}

/** `process_engine:database.dialect` */
function keyOf(path: readonly PropertyKey[]): string {
  const [section, name, ...rest] = path.map(String);
  if (section === undefined) return 'the configuration';
  const key = name === undefined ? section : `${section}:${name}`;
  return [key, ...rest].join('.');
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = configurationSchema;
  for (const step of path) {
    const inner = unwrapped(schema);
    schema =
      inner instanceof z.ZodRecord
        ? inner.valueType
        : inner instanceof z.ZodObject
          ? inner.shape[String(step)]
          : undefined;
  }
  const found = unwrapped(schema);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrapped(schema.unwrap()) : schema;
}
