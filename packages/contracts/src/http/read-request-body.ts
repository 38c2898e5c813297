import type { ZodType } from 'zod';
import { BadRequestError } from '../errors.js';

/**
 * The body of a request as its schema reads it; fields the schema does not know are gone.
 * BadRequestError (`invalid-request-body`) naming the fields; `additionalInformation.issues` `[{field, message}]`.
 */
export function readRequestBody(schema: ZodType, body: unknown): unknown {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new BadRequestError('the request body must be a JSON object');
  }
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
