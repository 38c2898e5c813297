/** The two ways work goes wrong inside a step. Thrown by behaviours and evaluation, caught by the step alone. */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { ErrorData } from '@process-engine/contracts/storage';

/** A technical failure: script, expression, service, gateway without a way, unresolvable call. */
export class TechnicalFailure extends Error {
  override readonly name = 'TechnicalFailure';

  constructor(
    readonly error: ErrorData,
    /** False: trying again cannot help. */
    readonly retryable: boolean = true,
  ) {
    super(error.message);
  }
}

export interface FailureOptions {
  readonly name?: string;
  /** HTTP status that a waiting start call is answered with. */
  readonly status?: number;
  readonly additionalInformation?: JsonValue;
  readonly retryable?: boolean;
}

/** A failure the model or its data cause, with the HTTP status a waiting caller gets. */
export function failure(message: string, options: FailureOptions = {}): TechnicalFailure {
  const { name = 'InternalServerError', status = 500, additionalInformation, retryable = false } = options;
  return new TechnicalFailure(
    { name, code: '', message, status, ...(additionalInformation === undefined ? {} : { additionalInformation }) },
    retryable,
  );
}

/** What user code (service, script) threw, as data. A thrown object may carry `code` and `additionalInformation`. */
export function errorDataOf(thrown: unknown): ErrorData {
  if (!(thrown instanceof Error)) return { name: 'Error', code: '', message: String(thrown) };
  const { code, additionalInformation } = thrown as { code?: unknown; additionalInformation?: JsonValue };
  return {
    name: thrown.name,
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : '',
    message: thrown.message,
    ...(typeof code === 'number' && code >= 400 && code < 600 ? { status: code } : {}),
    ...(additionalInformation === undefined ? {} : { additionalInformation }),
    ...(thrown.stack === undefined ? {} : { stack: thrown.stack }),
  };
}

/** The error as the token of the path that handles it. */
export function errorPayload({ name, code, message, additionalInformation }: ErrorData): JsonObject {
  return { name, code, message, ...(additionalInformation === undefined ? {} : { additionalInformation }) };
}
