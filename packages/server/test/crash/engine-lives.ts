import path from 'node:path';
import { expect } from 'chai';
import { TemporaryFolder } from '../support/temporary-folder.js';
import type { ChildEngine } from './child-engine.js';
import { Ledger } from './ledger.js';
import { takeSpareEngine } from './spare-engine.js';

export interface LifeOptions {
  /** The engine's name among those that share work. Default: always the same. */
  readonly nodeId?: string;
  /** Milliseconds that pass while no engine lives. */
  readonly later?: number;
}

/** One database file and the engine processes that live on it, one after the other. */
export class EngineLives {
  readonly ledger: Ledger;
  readonly #folder = new TemporaryFolder();
  readonly #ledgerFile: string;
  #engine = takeSpareEngine();
  #ahead = 0;

  constructor() {
    this.#ledgerFile = path.join(this.#folder.path, 'ledger.jsonl');
    this.ledger = new Ledger(this.#ledgerFile);
  }

  /** The engine that lives now. */
  get engine(): ChildEngine {
    return this.#engine;
  }

  get file(): string {
    return path.join(this.#folder.path, 'engine.sqlite');
  }

  async begin({ nodeId = 'engine', later = 0 }: LifeOptions = {}): Promise<void> {
    this.#ahead += later;
    await this.#engine.control.open({
      database: { dialect: 'sqlite', storage: this.file },
      ledger: this.#ledgerFile,
      nodeId,
      ahead: this.#ahead,
    });
  }

  /** SIGKILL, then the next life on the same file. */
  async killAndRevive(options?: LifeOptions): Promise<void> {
    await this.#engine.kill();
    await this.revive(options);
  }

  /** Waits until the engine is dead, then the next life on the same file; nothing may be half-written there. */
  async revive(options?: LifeOptions): Promise<void> {
    await this.#engine.ended;
    this.#engine = takeSpareEngine();
    await this.begin(options);
    expect(await this.#engine.control.audit(), 'what is wrong after the kill').to.deep.equal([]);
  }

  /** The time on the engine's clock. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Puts the clock of this life and of those to come forward. */
  async advanceTo(time: number): Promise<void> {
    this.#ahead = Math.max(this.#ahead, time - Date.now());
    await this.#engine.control.advanceTo(time);
  }

  async end(): Promise<void> {
    await this.#engine.kill();
    this.#folder.remove();
  }
}
