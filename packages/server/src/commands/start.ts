import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { loadConfiguration } from '../configuration/load-configuration.js';
import { createLogger } from '../create-logger.js';
import { createServer, type Server } from '../create-server.js';

interface StartOptions {
  readonly config?: string;
  readonly port?: number;
  readonly data: string;
  readonly deploy?: string;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** What a shell reports of a program that an interrupt has ended. */
const INTERRUPTED = 130;

export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('start an engine with its HTTP API; ctrl+c stops it')
    .option('--config <file>', 'one JSON file, {section: {name: {…}}}; default: the files below CONFIG_PATH')
    .option('--port <number>', 'port to listen on; default: the configured one, else 8000', port)
    .option('--data <folder>', 'where relative SQLite files lie', '.data')
    .option('--deploy <folder>', 'deploy the *.bpmn files in this folder')
    .action(start);
}

/** Resolves when a signal has stopped the server. */
async function start({ config, port, data, deploy }: StartOptions): Promise<void> {
  const configuration = loadConfiguration({ file: config });
  const server = createServer({
    configuration,
    dataFolder: data,
    logger: createLogger({ level: configuration.process_engine?.logging?.level }),
    ...(port === undefined ? {} : { port }),
    ...(deploy === undefined ? {} : { deployFolder: deploy }),
  });
  const stopped = stopOnSignal(server);
  await Promise.race([server.start(), stopped]);
  // Whoever has started this process with a channel wants to know when it can be called.
  if (process.connected) process.send?.({ ready: server.url });
  await stopped;
}

/** The first signal stops the server; a second one does not wait for it. */
async function stopOnSignal(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
  });
  for (const signal of SIGNALS) process.once(signal, () => process.exit(INTERRUPTED));
  await server.stop();
}

function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 65_535) return value;
  throw new InvalidArgumentError('a port is a number from 0 to 65535.');
}
