/** Another commit came first: reload and try again. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** The row a guard names is gone, or its lock belongs to another. */
export class LockLostError extends Error {
  override readonly name = 'LockLostError';
}

/** A start with this idempotency key was committed before. */
export class IdempotencyConflictError extends Error {
  override readonly name = 'IdempotencyConflictError';

  constructor(readonly processInstanceId: string) {
    super(`the idempotency key was used to start process instance '${processInstanceId}'`);
  }
}

/** The storage cannot take the work now (queue full, database away). Nothing was committed. */
export class StorageUnavailableError extends Error {
  override readonly name = 'StorageUnavailableError';

  constructor(
    message: string,
    /** Seconds after which another try makes sense. */
    readonly retryAfter: number = 1,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
