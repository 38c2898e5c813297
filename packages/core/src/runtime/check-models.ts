import type { Finding } from '@process-engine/contracts';
import { compileModel, parseModel, type CompileOptions } from '../model/index.js';

/**
 * Says what a deployment of these files would say, without an engine. Without `services` in the options, modules of
 * service tasks are not checked.
 */
export async function checkModels(
  files: readonly { readonly name: string; readonly xml: string | Uint8Array }[],
  options: CompileOptions = {},
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, xml } of files) {
    findings.push(...compileModel(await parseModel(xml), { ...options, fileName: name }).findings);
  }
  return findings;
}
