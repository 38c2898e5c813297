import { fork, type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Bytes, after a collection of garbage. */
export interface ServerMemory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

export type ToServer = 'memory' | 'stop';
export interface FromServer {
  readonly port?: number;
  readonly memory?: ServerMemory;
  /** Something that must not happen. */
  readonly finding?: string;
}

const PROGRAM = fileURLToPath(new URL('./fuzz-server.js', import.meta.url));
/** Milliseconds the process has to answer, and to end. */
const PATIENCE = 30_000;

/** A server in a process of its own, so that its memory is not that of its attackers. */
export class FuzzedServer {
  /** What the server logged as an error, and how it ended where it should not have. */
  readonly findings: string[] = [];
  #stopping = false;
  #ended = false;

  private constructor(private readonly process: ChildProcess) {
    process.on('message', ({ finding }: FromServer) => finding !== undefined && this.findings.push(finding));
    process.once('exit', (code, signal) => {
      this.#ended = true;
      if (!this.#stopping || code !== 0) this.findings.push(`the server ended with ${signal ?? `code ${code}`}`);
    });
  }

  static async start(folder: string): Promise<{ server: FuzzedServer; port: number }> {
    const child = fork(PROGRAM, [folder], { execArgv: ['--expose-gc'] });
    const server = new FuzzedServer(child);
    const { port } = await server.#answer('port');
    return { server, port };
  }

  async memory(): Promise<ServerMemory> {
    this.#tell('memory');
    return (await this.#answer('memory')).memory;
  }

  /** Ends it, by force when it does not end in time. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#stopping = true;
    const exit = once(this.process, 'exit');
    const kill = setTimeout(() => this.process.kill('SIGKILL'), PATIENCE);
    this.#tell('stop');
    await exit;
    clearTimeout(kill);
  }

  /** A process that has just ended hears nothing more; its end is noticed by itself. */
  #tell(message: ToServer): void {
    if (!this.#ended) this.process.send(message, () => undefined);
  }

  /** The next message with the field. */
  async #answer<K extends keyof FromServer>(field: K): Promise<Required<Pick<FromServer, K>>> {
    if (this.#ended) throw this.#end();
    const waiting = new AbortController();
    const signal = AbortSignal.any([waiting.signal, AbortSignal.timeout(PATIENCE)]);
    const ended = once(this.process, 'exit', { signal }).then(() => {
      throw this.#end();
    });
    try {
      return await Promise.race([this.#message(field, signal), ended]);
    } finally {
      ended.catch(() => undefined);
      waiting.abort();
    }
  }

  async #message<K extends keyof FromServer>(field: K, signal: AbortSignal): Promise<Required<Pick<FromServer, K>>> {
    for await (const [message] of on(this.process, 'message', { signal }) as AsyncIterable<[FromServer]>) {
      if (message[field] !== undefined) return message as Required<Pick<FromServer, K>>;
    }
    throw this.#end();
  }

  #end(): Error {
    return new Error(`the server does not live any more:\n${this.findings.join('\n')}`);
  }
}
