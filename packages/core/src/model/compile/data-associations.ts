import type { CompiledExpression } from '../expressions/expression.js';
import type { DataDeclaration, DataMapping } from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import type { Compilation } from './compilation.js';
import { constant, variable } from './composed-expressions.js';

/** Modelling tools draw an arrow to a whole task by giving it a property of this name, which means nothing. */
const DRAWN_TARGET = '__targetRef_placeholder';

export interface DataMappings {
  readonly inputs: readonly DataMapping[];
  readonly outputs: readonly DataMapping[];
}

/** Data input and output associations and properties of an activity or event (BPMN 10.4), as mappings of variables. */
export function readDataAssociations(compilation: Compilation, element: BpmnElement): DataMappings | undefined {
  const { dataInputAssociations = [], dataOutputAssociations = [], properties = [] } = element;
  if (dataInputAssociations.length + dataOutputAssociations.length + properties.length === 0) return undefined;
  const isScope = /(?:SubProcess|Transaction)$/.test(element.$type);
  const declared = isScope ? [] : properties.filter((property) => itemName(property) !== DRAWN_TARGET);
  return {
    inputs: [
      ...declared.map((property) => ({ target: itemName(property), source: constant(null) })),
      ...dataInputAssociations.flatMap((association) => mappings(compilation, element, association)),
    ],
    outputs: dataOutputAssociations.flatMap((association) => mappings(compilation, element, association)),
  };
}

/** Data objects and properties of a process or sub-process, and a process's data inputs and outputs. */
export function declaredData(scope: BpmnElement): DataDeclaration[] {
  const objects = (scope.flowElements ?? []).filter(({ $type }) => $type === 'bpmn:DataObject');
  const { dataInputs = [], dataOutputs = [] } = (scope.$type === 'bpmn:Process' && scope.ioSpecification) || {};
  const declared = [...objects, ...(scope.properties ?? []), ...dataInputs, ...dataOutputs];
  const names = declared.map(itemName).filter((name) => name !== DRAWN_TARGET && name !== '');
  return [...new Set(names)].map((name) => ({ name }));
}

/** The variable an item is kept in: a reference's data object, else its own, by name or, without one, by id. */
export function itemName(item: BpmnElement): string {
  const target = item.dataObjectRef ?? item;
  return target.name ?? target.id ?? '';
}

/** The collection of a loop may be a data input of the activity: then it is what flows into that. */
export function inputVariableOf(owner: BpmnElement, item: BpmnElement): string {
  const association = owner.dataInputAssociations?.find(({ targetRef }) => targetRef === item);
  return itemName(sourcesOf(association)[0] ?? item);
}

/** The same for a data output. */
export function outputVariableOf(owner: BpmnElement, item: BpmnElement): string {
  const association = owner.dataOutputAssociations?.find((candidate) => sourcesOf(candidate).includes(item));
  return itemName(association?.targetRef ?? item);
}

function sourcesOf(association: BpmnElement | undefined): readonly BpmnElement[] {
  const source = association?.sourceRef;
  return source === undefined
    ? []
    : Array.isArray(source)
      ? (source as readonly BpmnElement[])
      : [source as BpmnElement];
}

function mappings(compilation: Compilation, owner: BpmnElement, association: BpmnElement): DataMapping[] {
  const { targetRef, assignment = [], transformation } = association;
  if (assignment.length > 0) return assignment.flatMap((item) => assigned(compilation, owner, item));
  const target = targetRef && itemName(targetRef);
  if (target === DRAWN_TARGET) return [];
  const [source] = sourcesOf(association);
  if (isStore(source) || (isStore(targetRef) && source !== undefined)) {
    const message = `'${owner.id}' exchanges data with a data store, which is not supported; use a service.`;
    compilation.report('unsupported-element', owner, message);
    return [];
  }
  if (transformation !== undefined && target) {
    return [{ target, source: compilation.formalExpression(owner, 'transformation', transformation) }];
  }
  // An association drawn without its source or target says nothing that could run.
  if (source === undefined || !target) return [];
  return [{ target, source: variable(itemName(source)) }];
}

type Assignment = NonNullable<BpmnElement['assignment']>[number];

function isStore(item: BpmnElement | undefined): boolean {
  return item?.$type === 'bpmn:DataStoreReference' || item?.$type === 'bpmn:DataStore';
}

/** `to` names a variable. */
function assigned(compilation: Compilation, owner: BpmnElement, { from, to }: Assignment): DataMapping[] {
  const target: string | undefined = to?.body?.trim();
  if (!target || from === undefined) {
    const message = `An assignment of '${owner.id}' has no 'from' or no 'to'; it is left out.`;
    compilation.report('invalid-data-association', owner, message);
    return [];
  }
  const source: CompiledExpression = compilation.formalExpression(owner, 'assignment', from);
  return [{ target, source }];
}
