/** Runs one of the repository's programs as its user would: as a process of its own, seen through what it prints. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const DEADLINE = 30_000;

export class Program {
  /** All it printed so far, errors included. */
  output = '';
  /** Resolves with the exit code; `null` if a signal ended it. */
  exited;
  #child;

  /**
   * @param {string[]} args script and arguments for Node
   * @param {{cwd?: string, env?: Record<string, string>}} [options] `env` is added to the environment
   */
  constructor(args, { cwd, env } = {}) {
    this.#child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.output += text));
    }
    this.exited = once(this.#child, 'close').then(([code]) => code);
  }

  /** The first match in the output. Rejects if the program ends without it, or after half a minute. */
  async printed(pattern) {
    const deadline = Date.now() + DEADLINE;
    let ended = false;
    void this.exited.then(() => (ended = true));
    for (;;) {
      const match = pattern.exec(this.output);
      if (match) return match;
      if (ended) throw new Error(`the program ended without printing ${pattern}:\n${this.output}`);
      if (Date.now() > deadline) throw new Error(`the program did not print ${pattern}:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Waits for the end. Rejects, and ends it, after half a minute. */
  async end() {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the program did not end:\n${this.output}`)), DEADLINE);
    });
    try {
      return await Promise.race([this.exited, late]);
    } finally {
      clearTimeout(timer);
      this.#child.kill('SIGKILL');
    }
  }

  /** Sends a signal and waits for the end. */
  async stop(signal = 'SIGTERM') {
    this.#child.kill(signal);
    return this.end();
  }
}
