import type { CompiledExpression } from '../expressions/expression.js';
import type { SequenceFlow } from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import type { Compilation, NodeEntry } from './compilation.js';
import { readExtensions } from './read-extensions.js';

/** Sources whose flows are all taken: a condition there would never be asked (BPMN 8.4.13). */
const UNCONDITIONAL: ReadonlySet<string> = new Set(['parallel-gateway', 'event-based-gateway']);

/** Links all nodes by the sequence flows of the process and its sub-processes, in the order of the file. */
export function linkFlows(compilation: Compilation, containers: readonly BpmnElement[]): void {
  for (const container of containers) {
    for (const element of container.flowElements ?? []) {
      if (element.$type !== 'bpmn:SequenceFlow') continue;
      // A flow has no extensions that run: reading them reports those that would have to.
      readExtensions(compilation, element);
      linkFlow(compilation, element);
    }
  }
  for (const entry of compilation.entries.values()) checkDefault(compilation, entry);
}

function linkFlow(compilation: Compilation, element: BpmnElement): void {
  const source = endOf(compilation, element, 'sourceRef');
  const target = endOf(compilation, element, 'targetRef');
  if (source === undefined || target === undefined) return;
  if (source.node.scope !== target.node.scope) {
    const message = `The sequence flow '${element.id}' leads from '${source.node.id}' to '${target.node.id}' across the border of a sub-process.`;
    compilation.report('flow-crosses-scope', element, message);
    return;
  }
  const isDefault = source.element.default === element;
  const flow: SequenceFlow = {
    // Arrivals at joins are counted by the id, so one that is missing is made up and unique.
    id: element.id ?? `${source.node.id}>${target.node.id}#${source.outgoing.length}`,
    name: element.name,
    source: source.node,
    target: target.node,
    condition: conditionOf(compilation, element, { source, isDefault }),
    isDefault,
  };
  source.outgoing.push(flow);
  target.incoming.push(flow);
}

function endOf(compilation: Compilation, flow: BpmnElement, end: 'sourceRef' | 'targetRef'): NodeEntry | undefined {
  const element = flow[end] as BpmnElement | undefined;
  if (element === undefined) {
    if (compilation.hasUnresolvedReference(flow)) return undefined;
    compilation.report('missing-reference', flow, `The sequence flow '${flow.id}' has no ${end}.`);
    return undefined;
  }
  const entry = compilation.entries.get(element);
  if (entry === undefined && !compilation.failed.has(element)) {
    const message = `The ${end} '${element.id}' of the sequence flow '${flow.id}' is no flow node of this process.`;
    compilation.report('unresolved-reference', flow, message);
  }
  return entry;
}

interface FlowStart {
  readonly source: NodeEntry;
  readonly isDefault: boolean;
}

function conditionOf(
  compilation: Compilation,
  flow: BpmnElement,
  { source, isDefault }: FlowStart,
): CompiledExpression | undefined {
  const { conditionExpression } = flow;
  const body = conditionExpression?.body?.trim();
  if (conditionExpression === undefined || !body) return undefined;
  if (isDefault) {
    const message = `The default flow '${flow.id}' has a condition; it is not asked.`;
    compilation.report('default-with-condition', flow, message);
    return undefined;
  }
  if (UNCONDITIONAL.has(source.node.kind)) {
    const message = `The condition of '${flow.id}' is not asked: all flows of '${source.node.id}' are taken.`;
    compilation.report('condition-without-effect', flow, message);
    return undefined;
  }
  // Models of earlier releases write statements: a closing semicolon belongs to none of the languages.
  const expression = { ...conditionFacts(conditionExpression), body: body.replace(/;$/, '') };
  return compilation.formalExpression(flow, 'condition', expression);
}

function conditionFacts({ $type, $attrs, language }: BpmnElement): BpmnElement {
  return { $type, ...($attrs === undefined ? {} : { $attrs }), ...(language === undefined ? {} : { language }) };
}

function checkDefault(compilation: Compilation, { element, node, outgoing }: NodeEntry): void {
  const flow = element.default;
  if (flow === undefined || outgoing.some(({ isDefault }) => isDefault)) return;
  const message = `The default flow '${flow.id}' of '${node.id}' does not leave it.`;
  compilation.report('unknown-default-flow', element, message);
}
