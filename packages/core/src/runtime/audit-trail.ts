/**
 * The audit log: entries are written a moment after the outcome of their call is known, many in one commit.
 *
 * 1. No call waits for its entry. What was not yet written when the process dies is lost: a fifth of a second.
 * 2. While the storage is away entries wait, up to a limit; what is lost beyond it is counted and said.
 * 3. Whoever reads on this node sees what was done here before.
 */
import type { Logger } from '@process-engine/contracts';
import type { AuditRecord, Storage } from '@process-engine/contracts/storage';
import { systemClock } from './clock.js';

export interface AuditTrailOptions {
  readonly storage: Storage;
  readonly logger: Logger;
  readonly now: () => number;
  readonly newId: () => string;
  /** How long entries are kept, ms. */
  readonly retention: number;
}

export type AuditEntryDraft = Omit<AuditRecord, 'id' | 'createdAt'>;

const WRITE_AFTER = 200;
const RETRY_AFTER = 1_000;
const MAX_WAITING = 10_000;
const BATCH = 500;
const REMOVE_EVERY = 60 * 60 * 1000;

export class AuditTrail {
  readonly #waiting: AuditRecord[] = [];
  #cancelWrite: (() => void) | undefined;
  #writing: Promise<void> | undefined;
  #lost = 0;
  #nextRemoval = 0;

  constructor(private readonly options: AuditTrailOptions) {}

  note(entry: AuditEntryDraft): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push({ ...entry, id: this.options.newId(), createdAt: this.options.now() });
    this.#writeAfter(WRITE_AFTER);
  }

  /** Resolves when everything noted is written, or could not be. */
  async flush(): Promise<void> {
    this.#cancelWrite?.();
    this.#cancelWrite = undefined;
    while (this.#writing !== undefined) await this.#writing;
    if (this.#waiting.length > 0) await this.#write();
  }

  #writeAfter(delay: number): void {
    if (this.#cancelWrite !== undefined || this.#writing !== undefined) return;
    this.#cancelWrite = systemClock.wakeAt(systemClock.now() + delay, () => {
      this.#cancelWrite = undefined;
      void this.#write();
    });
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
      if (this.#waiting.length > 0) this.#writeAfter(RETRY_AFTER);
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    const { storage, logger } = this.options;
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting.slice(0, BATCH);
        await storage.commit({ audit: batch });
        this.#waiting.splice(0, batch.length);
      }
      await this.#removeOld();
    } catch (error) {
      logger.warn({ error, waiting: this.#waiting.length }, 'the audit log could not be written; it is tried again');
    }
    if (this.#lost > 0) logger.error({ lost: this.#lost }, 'entries of the audit log were lost: too many were waiting');
    this.#lost = 0;
  }

  async #removeOld(): Promise<void> {
    const now = this.options.now();
    if (now < this.#nextRemoval) return;
    this.#nextRemoval = now + REMOVE_EVERY;
    await this.options.storage.removeAudit(now - this.options.retention);
  }
}
