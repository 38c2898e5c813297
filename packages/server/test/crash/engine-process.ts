/**
 * A process of its own with one engine. Commands come as JSON lines on standard input, answers go as
 * JSON lines to standard output, in the order in which they are ready. It ends with its parent.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { silentLogger, type ProcessEngineError } from '@process-engine/contracts';
import type { Storage } from '@process-engine/contracts/storage';
import { createEngine, service, type ProcessEngine, type ServiceContext } from '@process-engine/core';
import { createStorage } from '@process-engine/repository';
import { AdjustableClock } from './adjustable-clock.js';
import { auditStorage } from './audit-storage.js';
import { DyingStorage, type Death } from './dying-storage.js';
import type { Answer, EngineControl, EngineCounts, EngineSettings, Request } from './engine-control.js';
import { Ledger } from './ledger.js';
import { MachineClock } from './machine-clock.js';

interface Running {
  readonly engine: ProcessEngine;
  readonly storage: Storage;
  readonly dying: DyingStorage;
  readonly clock: AdjustableClock | MachineClock;
}

class EngineProcess implements EngineControl {
  readonly #errors: string[] = [];
  readonly #held = new Set<() => void>();
  #conflicts = 0;
  #running: Running | undefined;

  async open({ database, ledger, nodeId, ahead, machineWrongBy, engine: options }: EngineSettings): Promise<void> {
    const dying = new DyingStorage(createStorage(database));
    const { storage } = dying;
    const clock = machineWrongBy === undefined ? new AdjustableClock(ahead) : new MachineClock(machineWrongBy);
    const logger = {
      ...silentLogger,
      error: (fields: object, message: string) => this.#log(fields, message),
      debug: (_: object, message: string) => this.#count(message),
    };
    const services = this.#services(new Ledger(ledger));
    const engine = createEngine({
      ...options,
      ...(clock instanceof AdjustableClock ? { clock } : {}),
      storage,
      logger,
      nodeId,
      services,
    });
    await engine.start();
    this.#running = { engine, storage, dying, clock };
  }

  async idle(): Promise<void> {
    await this.#opened.engine.idle();
  }

  advanceTo(time: number): Promise<number> {
    const { clock } = this.#opened;
    clock.jump(Math.max(0, time - clock.now()));
    return Promise.resolve(clock.ahead);
  }

  jump(milliseconds: number): Promise<number> {
    const { clock } = this.#opened;
    clock.jump(milliseconds);
    return Promise.resolve(clock.ahead);
  }

  dieAt(death: Death): Promise<void> {
    this.#opened.dying.dieAt(death);
    return Promise.resolve();
  }

  release(): Promise<void> {
    for (const release of this.#held) release();
    return Promise.resolve();
  }

  async audit(): Promise<string[]> {
    return [...(await auditStorage(this.#opened.storage)), ...this.#errors];
  }

  counts(): Promise<EngineCounts> {
    return Promise.resolve({ conflicts: this.#conflicts });
  }

  errors(): Promise<string[]> {
    return Promise.resolve([...this.#errors]);
  }

  /** The answer to one line. */
  async answer({ id, target, method, args }: Request): Promise<Answer> {
    try {
      const receiver: object = target === 'control' ? this : this.#target(target);
      const called = Reflect.get(receiver, method, receiver) as (...args: unknown[]) => Promise<unknown>;
      return { id, result: await Reflect.apply(called, receiver, args) };
    } catch (error) {
      const { message, code, reason } = error as ProcessEngineError;
      return { id, error: { message, code, reason } };
    }
  }

  #target(target: Exclude<Request['target'], 'control'>): object {
    const { engine, storage } = this.#opened;
    return target === 'storage' ? storage : engine[target];
  }

  get #opened(): Running {
    if (this.#running === undefined) throw new Error('the engine is not open');
    return this.#running;
  }

  /** `note` runs inside the step, `work` after the commit, `hold` until it is released. */
  #services(ledger: Ledger) {
    return {
      note: service((context) => ledger.append(context), { inline: true }),
      work: (context: ServiceContext) => {
        ledger.append(context);
        return { worked: true };
      },
      hold: async (context: ServiceContext) => {
        ledger.append(context);
        await new Promise<void>((resolve) => this.#held.add(resolve));
        return { held: true };
      },
    };
  }

  #count(message: string): void {
    if (message.startsWith('conflict with another commit')) this.#conflicts += 1;
  }

  #log(fields: object, message: string): void {
    const { error } = fields as { error?: unknown };
    this.#errors.push(`${message}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

const engineProcess = new EngineProcess();

createInterface({ input: process.stdin })
  .on('line', (line) => {
    engineProcess.answer(JSON.parse(line) as Request).then(
      // Synchronous: the parent has the answer even if this process dies next.
      (answer) => writeSync(1, `${JSON.stringify(answer)}\n`),
      (error: unknown) => {
        throw error;
      },
    );
  })
  .on('close', () => process.exit(0));
