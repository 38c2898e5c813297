/** What a test may ask of an engine process, besides the engine's own API. */
import type { Death } from './dying-storage.js';

export interface EngineSettings {
  /** The SQLite file. */
  readonly file: string;
  /** The file in which services note their runs. */
  readonly ledger: string;
  readonly nodeId: string;
  /** Milliseconds by which the engine's clock is ahead of the machine's. */
  readonly ahead: number;
}

export interface EngineControl {
  open(settings: EngineSettings): Promise<void>;
  /** Resolves when nothing is under way in the engine. */
  idle(): Promise<void>;
  /** Puts the clock forward; answers by how much it is ahead now. */
  advanceTo(time: number): Promise<number>;
  dieAt(death: Death): Promise<void>;
  /** Lets the services that are being held come to their end. */
  release(): Promise<void>;
  /** What is wrong in the tables, and errors that were logged, in words. */
  audit(): Promise<string[]>;
}

/** One line on the process's standard input. */
export interface Request {
  readonly id: number;
  readonly target: 'consumerApi' | 'externalTaskApi' | 'managementApi' | 'storage' | 'control';
  readonly method: string;
  readonly args: readonly unknown[];
}

/** One line on its standard output. */
export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly code?: number; readonly reason?: string };
}
