import type { DataMapping, LoopCharacteristics, NodeBase, ScopeNode } from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import type { Compilation, NodeEntry } from './compilation.js';
import { readDataAssociations } from './data-associations.js';
import type { Extensions } from './extensions.js';
import { compileLoop } from './loops.js';
import { readExtensions } from './read-extensions.js';

/** What a compiler of one kind of flow node starts from. */
export interface NodeSource {
  readonly compilation: Compilation;
  readonly element: BpmnElement;
  readonly extensions: Readonly<Extensions>;
  readonly base: NodeBase;
  readonly lists: Omit<NodeEntry, 'element' | 'node'>;
}

const NO_MAPPINGS: readonly DataMapping[] = Object.freeze([]);

/** The parts that all flow nodes have. Flows, lanes, boundary events and compensation handlers are linked later. */
export function nodeSource(compilation: Compilation, element: BpmnElement, scope: ScopeNode | undefined): NodeSource {
  const extensions = readExtensions(compilation, element);
  const lists = { incoming: [], outgoing: [], boundaryEvents: [] };
  const data = readDataAssociations(compilation, element);
  const loop: LoopCharacteristics | undefined = compileLoop(compilation, element);
  checkQuantities(compilation, element);
  const base: NodeBase = {
    id: element.id ?? '',
    name: element.name,
    type: element.$type,
    scope,
    ...lists,
    lanes: '[]',
    asyncBefore: extensions.asyncBefore ?? false,
    asyncAfter: extensions.asyncAfter ?? false,
    loop,
    compensationHandler: undefined,
    isForCompensation: element.isForCompensation === true,
    inputs: extensions.inputs ?? data?.inputs ?? NO_MAPPINGS,
    outputs: extensions.outputs ?? data?.outputs ?? NO_MAPPINGS,
    resultVariable: extensions.resultVariable,
    retries: extensions.retries,
    properties: extensions.properties,
  };
  return { compilation, element, extensions, base, lists };
}

/** More tokens than one per activity are not counted (BPMN 13.3.2). */
function checkQuantities(
  compilation: Compilation,
  { id, startQuantity = 1, completionQuantity = 1 }: BpmnElement,
): void {
  if (startQuantity === 1 && completionQuantity === 1) return;
  const message = `'${id}' has a startQuantity or completionQuantity other than 1, which is not supported.`;
  compilation.report('unsupported-element', { id }, message);
}
