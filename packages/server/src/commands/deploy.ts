import { ExternalAccessor, ManagementApiClient } from '@process-engine/client';
import { type Command, Option } from 'commander';
import { deploymentLines, findingLine, findingsOf, readModels } from '../deployment-files.js';

interface DeployOptions {
  readonly url: string;
  readonly token: string;
}

/** base64 of `dummy_token`, who may do everything while authentication is development. */
const DEVELOPMENT_TOKEN = 'ZHVtbXlfdG9rZW4=';

export function addDeployCommand(program: Command): void {
  program
    .command('deploy')
    .description('deploy models to a running engine, all of them or none')
    .argument('<files...>', 'BPMN files; of a folder its *.bpmn files')
    .option('--url <address>', 'address of the engine', 'http://127.0.0.1:8000')
    .addOption(
      new Option('--token <token>', 'bearer token')
        .env('PROCESS_ENGINE_TOKEN')
        .default(DEVELOPMENT_TOKEN, "the development user's"),
    )
    .action(deploy);
}

async function deploy(paths: readonly string[], { url, token }: DeployOptions): Promise<void> {
  const files = await readModels(paths);
  if (files.length === 0) throw new Error(`there are no *.bpmn files in ${paths.join(', ')}`);
  const accessor = new ExternalAccessor({ url });
  try {
    const deployment = await new ManagementApiClient(accessor).deploy({ token, userId: '' }, { files });
    for (const finding of deployment.findings) console.error(findingLine(finding));
    for (const line of deploymentLines(deployment)) console.log(`deployed ${line}`);
  } catch (error) {
    for (const finding of findingsOf(error)) console.error(findingLine(finding));
    throw error;
  } finally {
    accessor.close();
  }
}
