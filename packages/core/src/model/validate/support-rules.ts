import type { Compilation } from '../compile/compilation.js';
import { isInstantiating } from '../compile/implicit-starts.js';
import type { FlowNode, ProcessGraph, ProcessNode } from '../graph.js';
import { SUPPORTED_ELEMENTS } from './supported-elements.js';

/** Everything that this release does not run is an error: nothing is deployed and then ignored. */
export function checkSupport(compilation: Compilation, { root, nodesById }: ProcessGraph): void {
  const supported: Readonly<Record<string, boolean>> = compilation.options.supportedElements ?? SUPPORTED_ELEMENTS;
  const check = (
    element: { readonly id?: string | undefined; readonly name?: string | undefined },
    key: string,
  ): void => {
    // What the table does not know is a combination BPMN forbids, which has a rule of its own.
    if (supported[key] !== false) return;
    const name = element.name ? ` ("${element.name}")` : '';
    compilation.report('unsupported-element', element, `'${element.id}'${name}: ${spoken(key)} is not supported yet.`);
  };
  for (const node of [root, ...nodesById.values()]) {
    for (const key of new Set(keysOf(node))) check(node, key);
    for (const flow of node.outgoing) {
      if (flow.condition !== undefined) check(flow, 'conditional flow');
      if (flow.isDefault) check(flow, 'default flow');
    }
  }
}

function spoken(key: string): string {
  const readable = key.replace(/^(\S+-event|event-sub-process-start) (.*)$/, '$1 ($2)').replaceAll('-', ' ');
  return `${/^[aeiou]/.test(readable) ? 'an' : 'a'} ${readable}`;
}

function keysOf(node: FlowNode | ProcessNode): string[] {
  const keys: (string | false)[] = [
    node.lanes !== '[]' && 'lane',
    node.loop !== undefined && `${node.loop.kind} loop`,
    node.isForCompensation && 'compensation activity',
    node.inputs.length > 0 && 'input mapping',
    node.outputs.length > 0 && 'output mapping',
    node.kind === 'external-task' && node.errorMappings.length > 0 && 'error mapping',
    'data' in node && node.data.length > 0 && 'data object',
    usesCorrelation(node) && 'message correlation',
    ...(node.kind === 'process' ? [] : kindKeys(node)),
  ];
  return keys.filter((key) => key !== false);
}

function kindKeys(node: FlowNode): string[] {
  if (!('eventDefinitions' in node)) return [isInstantiating(node) ? `instantiating ${node.kind}` : node.kind];
  const position = eventPosition(node);
  return triggersOf(node).map((trigger) => `${position} ${trigger}`);
}

/** The kinds of an event's definitions, and what several of them make of it. */
function triggersOf(node: Extract<FlowNode, { eventDefinitions: unknown }>): string[] {
  const kinds = node.eventDefinitions.map(({ kind }) => kind);
  if (kinds.length === 0) return ['none'];
  if (kinds.length === 1) return kinds;
  const isParallel = 'parallelMultiple' in node && node.parallelMultiple;
  return [isParallel ? 'parallel-multiple' : 'multiple', ...kinds];
}

/** Where an event stands: its kind, or that it starts an event sub-process. */
export function eventPosition({ kind, scope }: FlowNode): string {
  return kind === 'start-event' && scope?.kind === 'event-sub-process' ? 'event-sub-process-start' : kind;
}

function usesCorrelation(node: FlowNode | ProcessNode): boolean {
  if (node.kind === 'send-task' || node.kind === 'receive-task') return node.message.correlation !== undefined;
  if (!('eventDefinitions' in node)) return false;
  return node.eventDefinitions.some(
    (definition) => definition.kind === 'message' && definition.correlation !== undefined,
  );
}
