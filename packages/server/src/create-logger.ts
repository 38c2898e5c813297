import type { Logger } from '@process-engine/contracts';
import { pino, stdSerializers } from 'pino';
import type { LOG_LEVELS } from './configuration/configuration-schema.js';

export type LogLevel = (typeof LOG_LEVELS)[number];

/** What is logged to; `process.stdout` is one. */
export interface LogStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

export interface LoggerOptions {
  /** Default `info`. */
  readonly level?: LogLevel | undefined;
  /** Default: standard output. */
  readonly stream?: LogStream;
}

/** Fields under which the packages log what was thrown: an Error has nothing that JSON would show. */
const THROWN = ['err', 'error', 'problem'] as const;

/** Logs one JSON object per line (pino's format); on a terminal a line for people. */
export function createLogger({ level = 'info', stream = process.stdout }: LoggerOptions = {}): Logger {
  const target = stream.isTTY === true ? { write: (line: string) => stream.write(readable(line)) } : stream;
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: Object.fromEntries(THROWN.map((name) => [name, stdSerializers.err])),
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write: (line: string) => void target.write(line),
    },
  );
}

/** `12:00:01.123 warn  what happened  {"port":8000}` */
function readable(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const stacks = THROWN.flatMap((name) => takeStack(fields, name));
  const clock = String(time).slice(11, 23);
  const rest = Object.keys(fields).length === 0 ? '' : `  ${JSON.stringify(fields)}`;
  return `${[`${clock} ${String(level).padEnd(5)} ${String(msg)}${rest}`, ...stacks].join('\n')}\n`;
}

/** What has no stack is no Error, and stays among the fields. */
function takeStack(fields: Record<string, unknown>, name: string): string[] {
  const stack = (fields[name] as { stack?: unknown } | null | undefined)?.stack;
  if (typeof stack !== 'string') return [];
  delete fields[name];
  return [stack];
}
