import type { Logger } from '@process-engine/contracts';
import { pino } from 'pino';
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

/** Logs one JSON object per line (pino's format); on a terminal a line for people. */
export function createLogger({ level = 'info', stream = process.stdout }: LoggerOptions = {}): Logger {
  const target = stream.isTTY === true ? { write: (line: string) => stream.write(readable(line)) } : stream;
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write: (line: string) => void target.write(line),
    },
  );
}

/** `12:00:01.123 warn  what happened  {"port":8000}` */
function readable(line: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = String(time).slice(11, 23);
  const rest = Object.keys(fields).length === 0 ? '' : `  ${JSON.stringify(fields)}`;
  const stack = (err as { stack?: string } | undefined)?.stack;
  return `${clock} ${String(level).padEnd(5)} ${String(msg)}${rest}${stack === undefined ? '' : `\n${stack}`}\n`;
}
