import type { CompiledExpression } from '../expressions/expression.js';
import type { LoopCharacteristics, MultiInstanceLoop } from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import type { Compilation } from './compilation.js';
import { variable } from './composed-expressions.js';
import { inputVariableOf, itemName, outputVariableOf } from './data-associations.js';
import { readExtensions } from './read-extensions.js';

/** Multi-instance and standard loop characteristics (BPMN 10.3.8). */
export function compileLoop(compilation: Compilation, owner: BpmnElement): LoopCharacteristics | undefined {
  const loop = owner.loopCharacteristics;
  switch (loop?.$type) {
    case undefined:
      return undefined;
    case 'bpmn:MultiInstanceLoopCharacteristics':
      return multiInstance(compilation, owner, loop);
    case 'bpmn:StandardLoopCharacteristics':
      return {
        kind: 'standard',
        testBefore: loop.testBefore === true,
        condition: optional(compilation, owner, ['loop condition', loop.loopCondition]),
        maximum: maximum(compilation, owner, loop.loopMaximum),
      };
    default:
      compilation.report('invalid-loop', owner, `'${owner.id}' has a loop of an unknown kind.`);
      return undefined;
  }
}

function multiInstance(compilation: Compilation, owner: BpmnElement, loop: BpmnElement): MultiInstanceLoop {
  const { loop: dialect = {}, asyncBefore, asyncAfter, retries } = readExtensions(compilation, loop);
  if (asyncBefore || asyncAfter || retries !== undefined) {
    const message = `'${owner.id}' is asynchronous or retried per instance of its loop, which has no effect; set it on the activity.`;
    compilation.report('extension-without-effect', owner, message);
  }
  const compiled: MultiInstanceLoop = {
    kind: 'multi-instance',
    sequential: loop.isSequential === true,
    cardinality: optional(compilation, owner, ['loop cardinality', loop.loopCardinality]),
    ...standardItems(owner, loop),
    ...dialect,
    completionCondition: optional(compilation, owner, ['completion condition', loop.completionCondition]),
  };
  checkMultiInstance(compilation, owner, { loop, compiled });
  return compiled;
}

type LoopItems = Pick<MultiInstanceLoop, 'collection' | 'elementVariable' | 'outputCollection' | 'outputElement'>;

/** What the standard's own references name: variables that are visible where the activity is. */
function standardItems(owner: BpmnElement, loop: BpmnElement): LoopItems {
  const { loopDataInputRef, loopDataOutputRef, inputDataItem, outputDataItem } = loop;
  return {
    collection: loopDataInputRef && variable(inputVariableOf(owner, loopDataInputRef)),
    elementVariable: inputDataItem && itemName(inputDataItem),
    outputCollection: loopDataOutputRef && outputVariableOf(owner, loopDataOutputRef),
    outputElement: outputDataItem && variable(itemName(outputDataItem)),
  };
}

interface LoopPair {
  readonly loop: BpmnElement;
  readonly compiled: MultiInstanceLoop;
}

function checkMultiInstance(compilation: Compilation, owner: BpmnElement, { loop, compiled }: LoopPair): void {
  if (compiled.cardinality === undefined && compiled.collection === undefined) {
    const message = `The multi-instance activity '${owner.id}' has neither a loop cardinality nor a collection.`;
    compilation.report('invalid-loop', owner, message);
  }
  if (loop.behavior !== undefined && loop.behavior !== 'All') {
    const message = `The multi-instance activity '${owner.id}' throws events for its instances (behavior ${loop.behavior}), which is not supported.`;
    compilation.report('unsupported-element', owner, message);
  }
}

function optional(
  compilation: Compilation,
  owner: BpmnElement,
  [what, expression]: readonly [string, BpmnElement | undefined],
): CompiledExpression | undefined {
  return expression && compilation.formalExpression(owner, what, expression);
}

function maximum(compilation: Compilation, owner: BpmnElement, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= 0)) return value;
  compilation.report('invalid-loop', owner, `The loop maximum of '${owner.id}' is not a whole number.`);
  return undefined;
}
