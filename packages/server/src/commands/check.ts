import { checkModels } from '@process-engine/core';
import type { Command } from 'commander';
import { findingLine, readModels } from '../deployment-files.js';

export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('say what a deployment of models would say, without an engine; ends with 1 where it would be refused')
    .argument('<files...>', 'BPMN files; of a folder its *.bpmn files')
    .action(check);
}

async function check(paths: readonly string[]): Promise<void> {
  const files = await readModels(paths);
  if (files.length === 0) throw new Error(`there are no *.bpmn files in ${paths.join(', ')}`);
  const findings = await checkModels(files);
  for (const finding of findings) console.log(findingLine(finding));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) throw new Error(`${errors} finding(s) refuse the deployment`);
  console.log(`${files.length} file(s) can be deployed`);
}
