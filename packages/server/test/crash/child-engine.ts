import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  errorOfStatus,
  type IConsumerApi,
  type IExternalTaskApi,
  type IManagementApi,
} from '@process-engine/contracts';
import type { Storage } from '@process-engine/contracts/storage';
import type { Answer, EngineControl, Request } from './engine-control.js';

const PROGRAM = fileURLToPath(new URL('./engine-process.js', import.meta.url));

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** An engine in a process of its own. Calls that the process does not live to answer reject. */
export class ChildEngine {
  readonly consumerApi = this.#remote<IConsumerApi>('consumerApi');
  readonly externalTaskApi = this.#remote<IExternalTaskApi>('externalTaskApi');
  readonly managementApi = this.#remote<IManagementApi>('managementApi');
  /** Only methods whose arguments and results are JSON. */
  readonly storage = this.#remote<Storage>('storage');
  readonly control = this.#remote<EngineControl>('control');
  /** Resolves when the process is gone. */
  readonly ended: Promise<unknown>;
  readonly #process: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #isGone = false;

  constructor() {
    const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = child;
    createInterface({ input: child.stdout }).on('line', (line) => this.#answered(JSON.parse(line) as Answer));
    // Writing to a process that has just died fails; its calls are rejected when it has ended.
    child.stdin.on('error', () => undefined);
    this.ended = once(child, 'close').then(() => this.#rejectAll());
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }

  /** SIGSTOP: it stands still until {@link thaw}, and knows nothing of the time in between. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process.kill('SIGCONT');
  }

  #remote<T extends object>(target: Request['target']): T {
    const call =
      (method: string) =>
      (...args: unknown[]): Promise<unknown> =>
        this.#call(target, method, args);
    return new Proxy({} as T, { get: (_, method) => call(String(method)) });
  }

  #call(target: Request['target'], method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#isGone) return Promise.reject(gone());
    const id = (this.#lastId += 1);
    const request: Request = { id, target, method, args };
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#process.stdin?.write(`${JSON.stringify(request)}\n`);
    });
  }

  #answered({ id, result, error }: Answer): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(result);
    else pending?.reject(errorOf(error));
  }

  #rejectAll(): void {
    this.#isGone = true;
    for (const { reject } of this.#pending.values()) reject(gone());
    this.#pending.clear();
  }
}

function gone(): Error {
  return new Error('the engine process is gone');
}

function errorOf({ message, code, reason }: NonNullable<Answer['error']>): Error {
  if (code === undefined) return new Error(message);
  return errorOfStatus(code, message, reason === undefined ? {} : { reason });
}
