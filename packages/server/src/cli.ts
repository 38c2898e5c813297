#!/usr/bin/env node
/** The command `process-engine`. Exits with 1 after an error, which it prints. */
import { Command } from 'commander';
import { APPLICATION } from './application.js';
import { addCheckCommand } from './commands/check.js';
import { addDeployCommand } from './commands/deploy.js';
import { addStartCommand } from './commands/start.js';

const program = new Command('process-engine').description(APPLICATION.description).version(APPLICATION.version);
addStartCommand(program);
addDeployCommand(program);
addCheckCommand(program);

program.parseAsync().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
