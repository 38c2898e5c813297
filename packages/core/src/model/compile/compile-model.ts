import type { Finding } from '@process-engine/contracts';
import type { ProcessGraph } from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import type { ParsedModel } from '../parse/parse-model.js';
import { finding } from '../validate/finding-codes.js';
import { RULES } from '../validate/rules.js';
import { Compilation } from './compilation.js';
import type { CompileOptions } from './compile-options.js';
import { compileProcess } from './compile-process.js';
import { freezeGraph } from './freeze-graph.js';

export interface CompiledModel {
  /** One graph per process of the file, in its order; none where a finding is an error. */
  readonly graphs: readonly ProcessGraph[];
  readonly findings: readonly Finding[];
}

/**
 * Compiles all processes of a file and checks them. Never throws because of the model: what is wrong is a finding, and an
 * `error` among them means that nothing of the file may be deployed. Findings about a process that is not executable are
 * information only.
 */
export function compileModel(parsed: ParsedModel, options: CompileOptions = {}): CompiledModel {
  const { definitions } = parsed;
  const processes = (definitions?.rootElements ?? []).filter(({ $type }) => $type === 'bpmn:Process');
  const findings: Finding[] = parsed.findings.map((found) => softened(parsed, found));
  if (definitions !== undefined && processes.length === 0) {
    findings.push(finding('no-process', definitions.id, 'The file contains no process.'));
  }
  if (definitions?.extensions?.some(({ mustUnderstand }) => mustUnderstand === true)) {
    const message = 'The file uses an extension that an engine must understand (mustUnderstand); this one knows none.';
    findings.push(finding('unsupported-extension', definitions.id, message));
  }
  const graphs: ProcessGraph[] = [];
  for (const process of processes) {
    const compilation = new Compilation(parsed, options, process);
    graphs.push(checkedGraph(compilation));
    findings.push(...softenedAll(compilation));
  }
  const hasErrors = findings.some(({ severity }) => severity === 'error');
  return {
    graphs: hasErrors ? [] : graphs.map(freezeGraph),
    findings: distinct(findings).map((found) =>
      options.fileName === undefined ? found : { ...found, file: options.fileName },
    ),
  };
}

function checkedGraph(compilation: Compilation): ProcessGraph {
  const { process } = compilation;
  if (!process.id) {
    compilation.report('missing-id', process, `A process${process.name ? ` '${process.name}'` : ''} has no id.`);
  }
  if (process.isExecutable !== true) {
    compilation.report(
      'not-executable',
      process,
      `The process '${process.id}' is not executable (isExecutable is not true): it cannot be started.`,
    );
  }
  const graph = compileProcess(compilation, process);
  for (const rule of RULES) rule(compilation, graph);
  return graph;
}

function softenedAll({ findings, process }: Compilation): readonly Finding[] {
  return process.isExecutable === true ? findings : findings.map(asInformation);
}

/** A finding of the parser belongs to the process its element is in. */
function softened(parsed: ParsedModel, found: Finding): Finding {
  let element: BpmnElement | undefined =
    found.elementId === undefined ? undefined : parsed.elementsById[found.elementId];
  // The id that occurs twice says nothing about where the lost element was.
  if (found.code === 'duplicate-id') return found;
  while (element !== undefined && element.$type !== 'bpmn:Process') element = element.$parent;
  return element === undefined || element.isExecutable === true ? found : asInformation(found);
}

function asInformation(found: Finding): Finding {
  return { ...found, severity: 'info' };
}

function distinct(findings: readonly Finding[]): readonly Finding[] {
  const byText = new Map(findings.map((found) => [`${found.code} ${found.elementId} ${found.message}`, found]));
  return [...byText.values()];
}
