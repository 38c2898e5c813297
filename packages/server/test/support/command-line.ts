import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const CLI = path.join(import.meta.dirname, '..', '..', 'dist', 'cli.js');
const DEADLINE = 20_000;

export interface CommandLineOptions {
  /** Another version's program. */
  readonly cli?: string;
  /** ms after which the process is killed. */
  readonly deadline?: number;
}

/** One run of the command line in a process of its own. */
export class CommandLine {
  output = '';
  errors = '';
  /** Resolves with the exit code, or with the signal that ended the process. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Resolves with the address a started server tells its parent. */
  readonly ready: Promise<string>;
  readonly #child: ChildProcess;

  constructor(
    args: readonly string[],
    environment: Record<string, string> = {},
    { cli = CLI, deadline = DEADLINE }: CommandLineOptions = {},
  ) {
    this.#child = spawn(process.execPath, [cli, ...args], {
      env: { ...process.env, CONFIG_PATH: '', NODE_ENV: '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      timeout: deadline,
      killSignal: 'SIGKILL',
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.ended = once(this.#child, 'close').then(
      ([code, signal]: unknown[]) => (code ?? signal) as number | NodeJS.Signals,
    );
    const told = once(this.#child, 'message').then(([message]) => (message as { ready: string }).ready);
    const endedBefore = this.ended.then((code) => {
      throw new Error(`ended with ${code} before it was ready: ${this.output}${this.errors}`);
    });
    this.ready = Promise.race([told, endedBefore]);
    this.ready.catch(() => undefined);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals> {
    this.#child.kill(signal);
    return this.ended;
  }
}
