import { setTimeout as pause } from 'node:timers/promises';

import { StorageUnavailableError } from '@process-engine/contracts/storage';

/** How a transaction ended: `running` may still become either, `unknown` is as much as the database can tell. */
export type Outcome = 'committed' | 'rolled-back' | 'running' | 'unknown';

/** How often the database is asked, and the time between two attempts in ms: it may be starting again. */
const ATTEMPTS = 40;
const PAUSE = 250;

/**
 * Finds out how a transaction ended whose commit was sent but not answered. Returns if it was committed.
 *
 * @throws StorageUnavailableError when it was not, or when that cannot be learnt (the text says which).
 */
export async function settleCommit(ask: () => Promise<Outcome>, cause: unknown): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await pause(PAUSE);
    const outcome = await ask().catch((): Outcome => 'running');
    if (outcome === 'committed') return;
    if (outcome === 'rolled-back') {
      throw new StorageUnavailableError('the connection was lost, the transaction was rolled back', 1, { cause });
    }
    if (outcome === 'unknown') break;
  }
  const text = 'the connection was lost while a transaction was committed: it is not known whether it was';
  throw new StorageUnavailableError(text, 5, { cause });
}
