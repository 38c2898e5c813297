import { StorageUnavailableError } from '@process-engine/contracts/storage';

/** A row stayed locked for as long as one waits for it. Others of the batch may be better off. */
export class RowLockedError extends StorageUnavailableError {
  constructor(cause: unknown) {
    super(
      'another transaction kept a row of this instance locked for more than 5 s ' +
        '(a call inside a transaction that is not given this transaction waits for itself)',
      1,
      { cause },
    );
  }
}
