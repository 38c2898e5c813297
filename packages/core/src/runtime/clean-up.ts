/**
 * Removes what nobody needs any more, in the background: expired messages, idempotency keys after a week and, where a
 * time is set, ended instances with their history.
 *
 * 1. A round is made of small transactions with pauses for other work between them.
 * 2. Every node does it; each transaction takes rows that no other node is removing.
 */
import type { Logger } from '@process-engine/contracts';
import type { Storage } from '@process-engine/contracts/storage';
import { nextTurn, type Clock } from './clock.js';
import { isTransient } from './instance-runner.js';
import type { Statistics } from './statistics.js';

export interface CleanUpOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly statistics: Statistics;
  /** ms ended instances are kept; undefined: for ever. */
  readonly historyRetention: number | undefined;
  /** ms between two rounds. */
  readonly interval: number;
}

/** How long it is remembered which instance a key started, and which messages there were, in ms. */
export const IDEMPOTENCY_LIFETIME = 7 * 24 * 60 * 60 * 1_000;

const EXPIRED_BATCH = 500;
const INSTANCE_BATCH = 20;
/** Transactions of one round; what is left comes with the next look for work. */
const BATCHES = 50;

export class CleanUp {
  #nextRound = -Infinity;

  constructor(private readonly options: CleanUpOptions) {}

  /** Makes a round if it is time for one. Never rejects because the storage has no time. */
  async run(): Promise<void> {
    const { clock, interval, logger } = this.options;
    if (clock.now() < this.#nextRound) return;
    this.#nextRound = clock.now() + interval;
    try {
      for (let batch = 1; await this.#removeSome(); batch += 1) {
        if (batch === BATCHES) {
          this.#nextRound = clock.now();
          return;
        }
        await nextTurn();
      }
    } catch (error) {
      if (!isTransient(error)) throw error;
      logger.debug({ error }, 'nothing was cleaned up this time');
    }
  }

  /** True where there may be more. */
  async #removeSome(): Promise<boolean> {
    const { storage, clock, historyRetention, statistics } = this.options;
    const now = clock.now();
    const keysBefore = now - IDEMPOTENCY_LIFETIME;
    const endedBefore = historyRetention === undefined ? undefined : now - historyRetention;
    const expired = await storage.removeExpired({
      now,
      keysBefore,
      ...(endedBefore === undefined ? {} : { eventsBefore: endedBefore }),
      limit: EXPIRED_BATCH,
    });
    if (endedBefore === undefined) return expired >= EXPIRED_BATCH;
    const removed = await storage.removeFinished({ endedBefore, limit: INSTANCE_BATCH });
    statistics.count('removedInstances', removed);
    return expired >= EXPIRED_BATCH || removed >= INSTANCE_BATCH;
  }
}
