import type { Context } from 'koa';

/** Answers with JSON. Serialised here and only once, so that a value JSON cannot carry is an ordinary error. */
export function jsonReply(ctx: Pick<Context, 'status' | 'body' | 'set'>, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  ctx.status = status;
  ctx.set('Content-Type', 'application/json; charset=utf-8');
  ctx.body = text;
}
