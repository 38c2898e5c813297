import { BadRequestError } from '@process-engine/contracts';
import type { ServiceOptions } from './service-options.js';

/** Refuses what cannot be a part of an application's transaction. @param what what it is, for the message */
export function ensureOutsideTransaction({ runtime }: Pick<ServiceOptions, 'runtime'>, what: string): void {
  if (!runtime.isWithinTransaction) return;
  throw new BadRequestError(`${what} cannot be a part of a transaction; call the engine itself`, {
    reason: 'within-transaction',
  });
}
