/** A server of one version in a process of its own, and clients of this version that call it. */
import path from 'node:path';
import {
  ConsumerApiClient,
  ExternalAccessor,
  ExternalTaskApiClient,
  ManagementApiClient,
} from '@process-engine/client';
import type { StorageConfig } from '@process-engine/repository';
import { CommandLine } from '../support/command-line.js';
import type { TemporaryFolder } from '../support/temporary-folder.js';

/** A server that is not stopped until then is killed, ms. */
const DEADLINE = 600_000;

export interface ServerOfVersion {
  readonly name: string;
  /** Where its packages are installed. Default: this version. */
  readonly build?: string;
  readonly database: StorageConfig;
  readonly engine: Readonly<Record<string, unknown>>;
}

export class UpgradedServer {
  readonly consumerApi: ConsumerApiClient;
  readonly externalTaskApi: ExternalTaskApiClient;
  readonly managementApi: ManagementApiClient;
  readonly #process: CommandLine;
  readonly #accessor: ExternalAccessor;

  private constructor(process: CommandLine, url: string) {
    this.#process = process;
    this.#accessor = new ExternalAccessor({ url });
    this.consumerApi = new ConsumerApiClient(this.#accessor);
    this.externalTaskApi = new ExternalTaskApiClient(this.#accessor);
    this.managementApi = new ManagementApiClient(this.#accessor);
  }

  /** Resolves when it can be called: its tables are as its version needs them. */
  static async start(folder: TemporaryFolder, { name, build, database, engine }: ServerOfVersion) {
    const config = folder.write(`${name}.json`, {
      process_engine: { database, engine: { nodeId: name, ...engine }, logging: { level: 'warn' } },
    });
    const cli = build === undefined ? {} : { cli: cliOf(build) };
    const args = ['start', '--config', config, '--port', '0', '--data', folder.path];
    const process = new CommandLine(args, {}, { deadline: DEADLINE, ...cli });
    return new UpgradedServer(process, await process.ready);
  }

  /** What it wrote to its log: warnings and errors. */
  get log(): string {
    return `${this.#process.output}${this.#process.errors}`;
  }

  /** As an operating system asks it to; requests under way may end. Answers the exit code. */
  async stop(): Promise<number | NodeJS.Signals> {
    const ended = await this.#process.stop();
    this.#accessor.close();
    return ended;
  }
}

function cliOf(build: string): string {
  return path.join(build, 'node_modules', '@process-engine', 'server', 'dist', 'cli.js');
}
