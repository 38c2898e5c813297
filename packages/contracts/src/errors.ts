/**
 * Errors as they travel: class by HTTP status, a stable `reason` for programs, a `message` for people.
 * The class names are those of `@essential-projects/errors_ts`, which the published clients know.
 */
import type { JsonValue } from './json.js';

/** Body of every error answer. `code` is the HTTP status. */
export interface ErrorBody {
  readonly message: string;
  readonly code: number;
  readonly reason: string;
  readonly additionalInformation?: JsonValue;
}

export interface ErrorOptionsWithReason {
  /** Stable, kebab-case, for example `external-task-locked`. Default: the class name in kebab-case. */
  readonly reason?: string;
  readonly additionalInformation?: JsonValue | undefined;
  readonly cause?: unknown;
}

/** Base of all errors the APIs answer with. */
export class ProcessEngineError extends Error {
  readonly isEssentialProjectsError = true;
  readonly reason: string;
  readonly additionalInformation?: JsonValue;

  constructor(
    override readonly name: string,
    /** HTTP status. */
    readonly code: number,
    message: string,
    options: ErrorOptionsWithReason = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = options.reason ?? kebab(name);
    if (options.additionalInformation !== undefined) this.additionalInformation = options.additionalInformation;
  }

  /** The body of the error answer; also what `JSON.stringify` gives. */
  toJSON(): ErrorBody {
    const { message, code, reason, additionalInformation } = this;
    return { message, code, reason, ...(additionalInformation === undefined ? {} : { additionalInformation }) };
  }
}

function kebab(name: string): string {
  return name
    .replace(/Error$/, '')
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase();
}

type ErrorClass = new (message: string, options?: ErrorOptionsWithReason) => ProcessEngineError;

function errorClass(name: string, code: number): ErrorClass {
  const named = {
    [name]: class extends ProcessEngineError {
      constructor(message: string, options?: ErrorOptionsWithReason) {
        super(name, code, message, options);
      }
    },
  };
  return named[name]!;
}

export const BadRequestError = errorClass('BadRequestError', 400);
export const UnauthorizedError = errorClass('UnauthorizedError', 401);
export const ForbiddenError = errorClass('ForbiddenError', 403);
export const NotFoundError = errorClass('NotFoundError', 404);
export const MethodNotAllowedError = errorClass('MethodNotAllowedError', 405);
export const RequestTimeoutError = errorClass('RequestTimeoutError', 408);
export const RequestConflictError = errorClass('ConflictError', 409);
export const GoneError = errorClass('GoneError', 410);
export const RequestTooLargeError = errorClass('RequestTooLargeError', 413);
export const UnsupportedMediaTypeError = errorClass('UnsupportedMediaTypeError', 415);
export const UnprocessableEntityError = errorClass('UnprocessableEntityError', 422);
export const LockedError = errorClass('LockedError', 423);
export const TooManyRequestsError = errorClass('TooManyRequestsError', 429);
export const InternalServerError = errorClass('InternalServerError', 500);
export const NotImplementedError = errorClass('NotImplementedError', 501);
export const BadGatewayError = errorClass('BadGatewayError', 502);
/** Spelt as in the published packages. */
export const ServiceUnavaliableError = errorClass('ServiceUnavaliableError', 503);
export const GatewayTimeoutError = errorClass('GatewayTimeoutError', 504);

/** Names by status of the classes above and of those only a proxy in between would send. */
const NAMES_BY_STATUS: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'UnauthorizedError',
  402: 'PaymentRequiredError',
  403: 'ForbiddenError',
  404: 'NotFoundError',
  405: 'MethodNotAllowedError',
  406: 'NotAcceptableError',
  407: 'ProxyAuthenticationRequiredError',
  408: 'RequestTimeoutError',
  409: 'ConflictError',
  410: 'GoneError',
  411: 'LengthRequiredError',
  412: 'PreconditionFailedError',
  413: 'RequestTooLargeError',
  414: 'URLTooLongError',
  415: 'UnsupportedMediaTypeError',
  416: 'RequestedRangeNotSatisfiableError',
  417: 'ExpectationFailedError',
  418: 'ImATeapotError',
  419: 'AuthenticationTimeoutError',
  420: 'PolicyNotFulfilledError',
  421: 'MisdirectedRequestError',
  422: 'UnprocessableEntityError',
  423: 'LockedError',
  424: 'FailedDependencyError',
  426: 'UpgradeRequiredError',
  428: 'PreconditionRequiredError',
  429: 'TooManyRequestsError',
  431: 'RequestHeaderTooLargeError',
  451: 'UnavaliableForLegalReasonsError',
  500: 'InternalServerError',
  501: 'NotImplementedError',
  502: 'BadGatewayError',
  503: 'ServiceUnavaliableError',
  504: 'GatewayTimeoutError',
  505: 'VersionNotSupportedError',
  507: 'InsufficientStorageError',
  508: 'LoopDetectedError',
  509: 'BandwithLimitExceededError',
  511: 'NetworkAuthenticationRequiredError',
};

const CLASSES_BY_STATUS: ReadonlyMap<number, ErrorClass> = new Map([
  [400, BadRequestError],
  [401, UnauthorizedError],
  [403, ForbiddenError],
  [404, NotFoundError],
  [405, MethodNotAllowedError],
  [408, RequestTimeoutError],
  [409, RequestConflictError],
  [410, GoneError],
  [413, RequestTooLargeError],
  [415, UnsupportedMediaTypeError],
  [422, UnprocessableEntityError],
  [423, LockedError],
  [429, TooManyRequestsError],
  [500, InternalServerError],
  [501, NotImplementedError],
  [502, BadGatewayError],
  [503, ServiceUnavaliableError],
  [504, GatewayTimeoutError],
]);

/** The error of a status; a status without a class of its own gives a plain `ProcessEngineError` of the right name. */
export function errorOfStatus(status: number, message: string, options?: ErrorOptionsWithReason): ProcessEngineError {
  const ErrorOfStatus = CLASSES_BY_STATUS.get(status);
  if (ErrorOfStatus !== undefined) return new ErrorOfStatus(message, options);
  return new ProcessEngineError(NAMES_BY_STATUS[status] ?? 'InternalServerError', status, message, options);
}

/** Reads an error answer: an `ErrorBody`, the older `{message, additionalInformation?}`, a JSON string or plain text. */
export function errorFromResponse(status: number, body: unknown): ProcessEngineError {
  if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string') {
    const { message, reason, additionalInformation } = body as Partial<ErrorBody> & { message: string };
    return errorOfStatus(status, message, { ...(reason === undefined ? {} : { reason }), additionalInformation });
  }
  const text = typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body);
  return errorOfStatus(status, text);
}

export function isProcessEngineError(error: unknown): error is ProcessEngineError {
  return error instanceof Error && 'isEssentialProjectsError' in error && error.isEssentialProjectsError === true;
}
