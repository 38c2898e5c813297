/** What a test may ask of an engine process, besides the engine's own API. */
import type { EngineOptions } from '@process-engine/core';
import type { StorageConfig } from '@process-engine/repository';
import type { Death } from './dying-storage.js';

export interface EngineSettings {
  readonly database: StorageConfig;
  /** The file in which services note their runs. */
  readonly ledger: string;
  readonly nodeId: string;
  /** Milliseconds by which the engine's clock is ahead of the machine's. */
  readonly ahead: number;
  /** Given: the engine has no clock of its own, and the machine's is wrong by so many milliseconds. */
  readonly machineWrongBy?: number;
  /** Options of the engine; its defaults where they are left out. */
  readonly engine?: Pick<EngineOptions, 'lockDuration' | 'pollInterval' | 'cacheSize' | 'step'>;
}

/** What an engine process counted. */
export interface EngineCounts {
  /** Steps that were run again because another node's commit came first. */
  readonly conflicts: number;
}

export interface EngineControl {
  open(settings: EngineSettings): Promise<void>;
  /** Resolves when nothing is under way in the engine. */
  idle(): Promise<void>;
  /** Puts the clock forward; answers by how much it is ahead now. */
  advanceTo(time: number): Promise<number>;
  /** Sets the clock on or back by so many milliseconds, as somebody does who corrects a machine's time. */
  jump(milliseconds: number): Promise<number>;
  dieAt(death: Death): Promise<void>;
  /** Lets the services that are being held come to their end. */
  release(): Promise<void>;
  /** What is wrong in the tables, and errors that were logged, in words. */
  audit(): Promise<string[]>;
  counts(): Promise<EngineCounts>;
  /** Errors that were logged, in words. */
  errors(): Promise<string[]>;
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
