import { STATUS_CODES } from 'node:http';
import {
  errorOfStatus,
  InternalServerError,
  isProcessEngineError,
  type Logger,
  type ProcessEngineError,
  ServiceUnavaliableError,
} from '@process-engine/contracts';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import type { Context, Middleware } from 'koa';
import { jsonReply } from '../json-reply.js';

/** Turns what the inner middleware throws, and every error status it leaves without a body, into a JSON error answer. */
export function errors(logger: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status >= 400 && (ctx.body === undefined || ctx.body === null)) throw withoutBody(ctx);
    } catch (error) {
      answer(ctx, error, logger);
    }
  };
}

/** The error as the client sees it: texts of unexpected errors stay inside. */
export function toProcessEngineError(error: unknown): ProcessEngineError {
  if (isProcessEngineError(error)) return knownStatus(error);
  if (error instanceof StorageUnavailableError) {
    return new ServiceUnavaliableError('the storage cannot take the work now; nothing was changed', {
      reason: 'storage-unavailable',
      cause: error,
    });
  }
  // Errors of Koa and its middleware that are meant for the client (http-errors).
  if (error instanceof Error && 'expose' in error && error.expose === true && 'status' in error) {
    return knownStatus(errorOfStatus(Number(error.status), error.message, { cause: error }));
  }
  return new InternalServerError('an unexpected error occurred', { cause: error });
}

/** True where the error is a fault of ours and not an answer. */
export function isUnexpected(error: unknown): boolean {
  return !isProcessEngineError(error) && toProcessEngineError(error).code === 500;
}

function knownStatus(error: ProcessEngineError): ProcessEngineError {
  if (error.code >= 400 && STATUS_CODES[error.code] !== undefined) return error;
  const { reason, additionalInformation } = error;
  return new InternalServerError(error.message, { reason, additionalInformation, cause: error });
}

function withoutBody(ctx: Context): ProcessEngineError {
  const { status, method, path } = ctx;
  if (status === 404)
    return errorOfStatus(status, `there is no route ${method} ${path}`, { reason: 'route-not-found' });
  if (status === 405) {
    const allowed = ctx.response.get('Allow');
    return errorOfStatus(status, `${method} is not allowed for ${path}; allowed: ${allowed}`);
  }
  return errorOfStatus(status, STATUS_CODES[status] ?? 'error');
}

function answer(ctx: Context, error: unknown, logger: Logger): void {
  // The client is gone: nobody reads an answer.
  if (!ctx.writable) return;
  if (isUnexpected(error)) logUnexpected(ctx, error, logger);
  const known = toProcessEngineError(error);
  if (known.code === 401) ctx.set('WWW-Authenticate', 'Bearer');
  if (known.code === 429 || known.code === 503) ctx.set('Retry-After', String(retryAfter(error)));
  try {
    jsonReply(ctx, known.code, bodyOf(known));
  } catch (unserialisable) {
    logUnexpected(ctx, unserialisable, logger);
    jsonReply(ctx, 500, new InternalServerError('an unexpected error occurred'));
  }
}

/** Errors of other copies of the contracts, or of the published packages, may lack `reason` and `toJSON`. */
function bodyOf(error: ProcessEngineError): object {
  const { code, message, reason, additionalInformation } = error;
  return errorOfStatus(code, message, { reason, additionalInformation }).toJSON();
}

function retryAfter(error: unknown): number {
  const seconds = error instanceof Error && 'retryAfter' in error ? Number(error.retryAfter) : 1;
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : 1;
}

function logUnexpected(ctx: Context, error: unknown, logger: Logger): void {
  logger.error({ err: error, method: ctx.method, path: ctx.path }, 'a request failed unexpectedly');
}
