/** Options of calls that may wait. */
export interface CallOptions {
  /** Gives the wait up. The call rejects with the signal's reason; an aborted fetch locks nothing afterwards. */
  readonly signal?: AbortSignal | undefined;
}
