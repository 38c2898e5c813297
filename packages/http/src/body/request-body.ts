import { BadRequestError, processStartRequestSchema, UnsupportedMediaTypeError } from '@process-engine/contracts';
import type { Route } from '@process-engine/contracts/http';
import type { Context } from 'koa';
import { bodyText } from './body-text.js';
import { parseJson } from './parse-json.js';

type Schema = NonNullable<Route['request']>;
export type BodyReader = (ctx: Context) => Promise<unknown>;

export interface BodyLimits {
  /** Bytes. */
  readonly size: number;
  /** Of JSON. */
  readonly depth: number;
}

/**
 * Reads and validates the body of a route. An absent body is `{}`. A body is JSON; where the schema takes any value, the
 * body may also be text (`text/plain` or no content type), which then is the value.
 * BadRequestError, RequestTooLargeError, UnsupportedMediaTypeError.
 */
export function bodyReader(schema: Schema, limits: BodyLimits): BodyReader {
  const takesText = schema.safeParse('').success;
  const types = takesText ? ['json', '+json', 'text/plain'] : ['json', '+json'];

  return async (ctx) => {
    // Older clients send a text payload without any content type; other bodies without one can only be JSON.
    ctx.req.headers['content-type'] ??= takesText ? 'text/plain' : 'application/json';
    const hasBody = ctx.get('Content-Length') !== '0' && ctx.is('*/*') !== null;
    if (hasBody && !ctx.is(types))
      throw new UnsupportedMediaTypeError(`the request body must be JSON, not ${ctx.get('Content-Type')}`);
    const text = hasBody ? await bodyText(ctx.req, limits.size) : '';
    const body = text === '' ? {} : ctx.is('json', '+json') ? parseJson(text, limits.depth) : text;
    return validate(schema, schema === processStartRequestSchema ? withHeaderKey(ctx, body) : body, takesText);
  };
}

/** The header of the IETF draft "The Idempotency-Key HTTP Header Field" stands for the field of a start's body. */
function withHeaderKey(ctx: Context, body: unknown): unknown {
  const key = ctx.get('Idempotency-Key');
  if (key === '' || !isObject(body)) return body;
  if (body['idempotencyKey'] !== undefined && body['idempotencyKey'] !== key) {
    throw new BadRequestError('the header Idempotency-Key and the field idempotencyKey differ');
  }
  return { ...body, idempotencyKey: key };
}

function validate(schema: Schema, body: unknown, anyValue: boolean): unknown {
  if (!anyValue && !isObject(body)) throw new BadRequestError('the request body must be a JSON object');
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  throw new BadRequestError(issues.map(described).join('; '), {
    reason: 'invalid-request-body',
    additionalInformation: { issues },
  });
}

/** Messages of the contracts name their field; zod's own do not. */
function described({ field, message }: { field: string; message: string }): string {
  const last = field.slice(field.lastIndexOf('.') + 1);
  return field === '' || message.includes(last) ? message : `${field}: ${message}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
