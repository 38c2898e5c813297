import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { decodeXml } from '@process-engine/core';
import { isProcessEngineError, type Deployment, type DeploymentRequest, type Finding } from '@process-engine/contracts';

/**
 * Reads model files; of a folder its `*.bpmn` files, in order of their names.
 *
 * @throws Error naming the file that cannot be read.
 */
export async function readModels(paths: readonly string[]): Promise<DeploymentRequest['files']> {
  const files = (await Promise.all(paths.map(modelFiles))).flat();
  return Promise.all(files.map(async (file) => ({ name: path.basename(file), xml: await readText(file) })));
}

async function modelFiles(file: string): Promise<string[]> {
  const { isFolder } = await kindOf(file);
  if (!isFolder) return [file];
  const names = (await readdir(file)).filter((name) => name.endsWith('.bpmn')).sort();
  return names.map((name) => path.join(file, name));
}

async function kindOf(file: string): Promise<{ isFolder: boolean }> {
  try {
    return { isFolder: (await stat(file)).isDirectory() };
  } catch (error) {
    throw new Error(`'${file}' is neither a model file nor a folder of models: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function readText(file: string): Promise<string> {
  try {
    return decodeXml(await readFile(file));
  } catch (error) {
    throw new Error(`the model '${file}' cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** One line per model: `sample_process version 1 (new)`. */
export function deploymentLines({ definitions }: Deployment): string[] {
  return definitions.map(
    ({ processModelId, version, new: isNew }) =>
      `${processModelId} version ${version} (${isNew ? 'new' : 'unchanged'})`,
  );
}

/** `error: order.bpmn: UserTask_1: <message>` */
export function findingLine({ severity, file, elementId, message }: Finding): string {
  return [severity, file, elementId, message].filter((part) => part !== undefined).join(': ');
}

/** The findings a refused deployment carries. */
export function findingsOf(error: unknown): Finding[] {
  const information = isProcessEngineError(error) ? error.additionalInformation : undefined;
  const findings = (information as { findings?: unknown } | undefined)?.findings;
  return Array.isArray(findings) ? (findings as Finding[]) : [];
}
