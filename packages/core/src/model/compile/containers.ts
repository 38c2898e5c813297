import type { FlowNode, ProcessNode, ScopeNode, StartEventNode, SubProcessNode } from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import type { Compilation, Draft } from './compilation.js';
import { declaredData } from './data-associations.js';
import { compileFlowNode, isBoundaryEvent, isFlowNode } from './flow-nodes.js';
import { type NodeSource, nodeSource } from './node-base.js';

const EMPTY_SCOPE = { nodes: [], startEvents: [], eventSubProcesses: [], data: [], implicitStarts: [] };

/** The root, with all its content; flows are linked afterwards. */
export function compileRoot({ compilation, element, base }: NodeSource): ProcessNode {
  const root: Draft<ProcessNode> = { ...base, ...EMPTY_SCOPE, kind: 'process' };
  fillScope(compilation, element, root);
  return root;
}

/** An embedded or event sub-process, transaction or ad-hoc sub-process, with all its content. */
function compileSubProcess({ compilation, element, base }: NodeSource): Draft<SubProcessNode> {
  const { completionCondition } = element;
  const isAdHoc = element.$type === 'bpmn:AdHocSubProcess';
  return {
    ...base,
    ...EMPTY_SCOPE,
    kind: subProcessKind(element),
    adHoc: isAdHoc
      ? {
          sequential: element.ordering === 'Sequential',
          completionCondition:
            completionCondition && compilation.formalExpression(element, 'completion condition', completionCondition),
          cancelRemaining: element.cancelRemainingInstances !== false,
        }
      : undefined,
  };
}

function subProcessKind(element: BpmnElement): SubProcessNode['kind'] {
  if (element.triggeredByEvent === true) return 'event-sub-process';
  if (element.$type === 'bpmn:Transaction') return 'transaction';
  return element.$type === 'bpmn:AdHocSubProcess' ? 'ad-hoc-sub-process' : 'sub-process';
}

/** Boundary events need their hosts: they come last. */
function fillScope(compilation: Compilation, element: BpmnElement, scope: Draft<ScopeNode>): void {
  const elements = (element.flowElements ?? []).filter(isFlowNode);
  const ordered = [...elements.filter((child) => !isBoundaryEvent(child)), ...elements.filter(isBoundaryEvent)];
  const nodes = ordered.map((child) => compileChild(compilation, child, scope)).filter((node) => node !== undefined);
  scope.nodes = nodes;
  scope.startEvents = nodes.filter((node): node is StartEventNode => node.kind === 'start-event');
  scope.eventSubProcesses = nodes.filter((node): node is SubProcessNode => node.kind === 'event-sub-process');
  scope.data = declaredData(element);
}

function compileChild(compilation: Compilation, element: BpmnElement, scope: ScopeNode): FlowNode | undefined {
  if (!element.id) {
    const name = element.name ? ` '${element.name}'` : '';
    const message = `A ${element.$type.replace('bpmn:', '')}${name} in '${scope.id}' has no id.`;
    compilation.report('missing-id', { id: scope.id }, message);
    compilation.failed.add(element);
    return undefined;
  }
  if (depthOf(scope) > DEEPEST) {
    compilation.report(
      'unsupported-element',
      element,
      `'${element.id}' is nested more than ${DEEPEST} sub-processes deep.`,
    );
    compilation.failed.add(element);
    return undefined;
  }
  const source = nodeSource(compilation, element, scope);
  const isContainer = SUB_PROCESSES.has(element.$type);
  const node: Draft<FlowNode> | undefined = isContainer ? compileSubProcess(source) : compileFlowNode(source);
  if (node === undefined) {
    compilation.failed.add(element);
    return undefined;
  }
  compilation.entries.set(element, { element, node, ...source.lists });
  if (isContainer) fillScope(compilation, element, node as Draft<SubProcessNode>);
  return node;
}

/** More than any model needs; what walks the tree may do so by recursion. */
const DEEPEST = 100;

function depthOf(scope: ScopeNode): number {
  let depth = 0;
  for (let around = scope.scope; around !== undefined; around = around.scope) depth += 1;
  return depth;
}

const SUB_PROCESSES: ReadonlySet<string> = new Set(['bpmn:SubProcess', 'bpmn:Transaction', 'bpmn:AdHocSubProcess']);
