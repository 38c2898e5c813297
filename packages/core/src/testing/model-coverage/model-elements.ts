import { isFlowNode } from '../../model/compile/flow-nodes.js';
import type { BpmnElement } from '../../model/parse/bpmn-element.js';
import { parseModel } from '../../model/parse/parse-model.js';

export interface ModelFlowNode {
  readonly id: string;
  readonly name: string | undefined;
  /** `bpmn:UserTask`. */
  readonly type: string;
}

export interface ModelSequenceFlow {
  readonly id: string;
  /** Ids of the flow nodes it connects. */
  readonly source: string;
  readonly target: string;
}

/** What of a process can be executed, in the order of the file, in all depths. */
export interface ModelElements {
  readonly flowNodes: readonly ModelFlowNode[];
  readonly sequenceFlows: readonly ModelSequenceFlow[];
}

/**
 * Reads the file, not the compiled graph: whether a model compiles depends on options of the engine that deployed it
 * (its services, for example), which nothing here needs to know.
 */
export async function modelElements(xml: string, processModelId: string): Promise<ModelElements> {
  const { definitions } = await parseModel(xml);
  const process = definitions?.rootElements?.find(({ $type, id }) => $type === 'bpmn:Process' && id === processModelId);
  const elements = process === undefined ? [] : contentOf(process);
  return {
    flowNodes: elements.filter(isFlowNode).map(({ id = '', name, $type }) => ({ id, name, type: $type })),
    sequenceFlows: elements.filter(({ $type }) => $type === 'bpmn:SequenceFlow').map(sequenceFlow),
  };
}

function contentOf({ flowElements = [] }: BpmnElement): readonly BpmnElement[] {
  return flowElements.flatMap((element) => [element, ...contentOf(element)]);
}

/** A flow may lack an id, which BPMN does not ask of it. */
function sequenceFlow({ id, sourceRef, targetRef }: BpmnElement): ModelSequenceFlow {
  const source = (sourceRef as BpmnElement | undefined)?.id ?? '';
  const target = targetRef?.id ?? '';
  return { id: id ?? `${source}-${target}`, source, target };
}
