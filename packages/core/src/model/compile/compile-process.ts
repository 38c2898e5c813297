import type { ProcessGraph, ProcessNode } from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import type { Compilation, Draft } from './compilation.js';
import type { DataVisibility } from './compile-options.js';
import { linkCompensation } from './compensation.js';
import { compileRoot } from './containers.js';
import { linkFlows } from './flows.js';
import { implicitStartsOf } from './implicit-starts.js';
import { assignLanes } from './lanes.js';
import { nodeSource } from './node-base.js';
import { computeReach } from './reach.js';

/**
 * Builds the graph of one process in two phases: first all nodes, then what connects them. What cannot be built is left
 * out and reported; the graph is whole only where no error was found.
 */
export function compileProcess(compilation: Compilation, element: BpmnElement): ProcessGraph {
  const source = nodeSource(compilation, element, undefined);
  const { properties, versionTag, taskPriority } = source.extensions;
  compilation.taskPriority = taskPriority;
  compilation.untypedTasks =
    choice(compilation, properties['untypedTasks'], UNTYPED) ?? compilation.options.untypedTasks ?? 'wait';
  const root: Draft<ProcessNode> = compileRoot(source);
  const containers = [
    element,
    ...[...compilation.entries.keys()].filter(({ flowElements }) => flowElements !== undefined),
  ];
  linkFlows(compilation, containers);
  assignLanes(compilation, containers);
  linkCompensation(compilation, containers);
  computeReach(compilation);
  root.implicitStarts = implicitStartsOf(root);
  for (const { node } of compilation.entries.values()) {
    if ('implicitStarts' in node) node.implicitStarts = implicitStartsOf(node);
  }
  return {
    processModelId: element.id ?? '',
    name: element.name,
    versionTag,
    isExecutable: element.isExecutable === true,
    root,
    nodesById: new Map([...compilation.entries.values()].map(({ node }) => [node.id, node])),
    historyIds: compilation.historyIds,
    data: choice(compilation, properties['data'], VISIBILITIES) ?? compilation.options.data ?? 'both',
    usesSandbox: compilation.usesSandbox,
    hasInclusiveJoins: [...compilation.entries.values()].some(({ node }) => 'reach' in node && node.reach.length > 1),
  };
}

const UNTYPED = ['wait', 'pass'] as const;
const VISIBILITIES: readonly DataVisibility[] = ['both', 'token', 'variables'];

function choice<T extends string>(
  compilation: Compilation,
  value: string | undefined,
  among: readonly T[],
): T | undefined {
  const chosen = among.find((candidate) => candidate === value);
  if (value !== undefined && chosen === undefined) {
    const message = `The process '${compilation.process.id}' has a property with the value '${value}', which should be one of ${among.join(', ')}.`;
    compilation.report('invalid-value', compilation.process, message);
  }
  return chosen;
}
