import type { CallActivityNode, CompiledText, DataMapping } from '../graph.js';
import { constant } from './composed-expressions.js';
import { readDataAssociations } from './data-associations.js';
import type { CallExtensions, Extensions } from './extensions.js';
import type { NodeSource } from './node-base.js';

/** A call of another process (BPMN 10.3.6). */
export function callActivity(source: NodeSource): CallActivityNode {
  const { base, extensions } = source;
  const { call = {} } = extensions;
  return {
    ...base,
    kind: 'call-activity',
    calledElement: calledElement(source, call),
    binding: call.binding ?? { kind: 'latest' },
    startEventId: call.startEventId,
    payload: extensions.payload,
    businessKey: call.businessKey,
    ...dataOf(source, extensions, call),
  };
}

function calledElement({ compilation, element }: NodeSource, call: CallExtensions): CompiledText {
  if (call.calledElement !== undefined) return call.calledElement;
  const text = element.calledElement?.trim() ?? '';
  if (text !== '') return compilation.text({ element, what: 'called element', text });
  compilation.report(
    'missing-called-element',
    element,
    `The call activity '${element.id}' does not say what it calls.`,
  );
  return constant('');
}

type CallData = Pick<CallActivityNode, 'inMappings' | 'outMappings' | 'inputs' | 'outputs'>;

const NO_MAPPINGS: readonly DataMapping[] = Object.freeze([]);

/** Data associations of a call activity connect with the data inputs and outputs of what it calls, not with its own. */
function dataOf(
  { compilation, element }: NodeSource,
  extensions: Readonly<Extensions>,
  call: CallExtensions,
): CallData {
  const { inMappings, outMappings } = call;
  const { inputs = NO_MAPPINGS, outputs = NO_MAPPINGS } = extensions;
  const associated = readDataAssociations(compilation, element);
  return {
    inputs,
    outputs,
    inMappings: inMappings ?? associated?.inputs,
    outMappings: outMappings ?? associated?.outputs,
  };
}
