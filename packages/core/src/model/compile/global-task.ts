import type { FlowNode, NodeBase } from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import type { CallExtensions, Extensions } from './extensions.js';
import type { NodeSource } from './node-base.js';
import { readExtensions } from './read-extensions.js';
import { emptyTask, manualTask, scriptTask, task, unboundTask, userTask } from './tasks.js';

type CompileNode = (source: NodeSource) => FlowNode | undefined;

/** Which task a global task is, and how that is compiled (BPMN 10.3.3, 10.3.4). */
const TASKS: Readonly<Record<string, readonly [type: string, compile: CompileNode]>> = {
  'bpmn:GlobalTask': ['bpmn:Task', emptyTask],
  'bpmn:GlobalManualTask': ['bpmn:ManualTask', manualTask],
  'bpmn:GlobalUserTask': ['bpmn:UserTask', userTask],
  'bpmn:GlobalScriptTask': ['bpmn:ScriptTask', scriptTask],
  'bpmn:GlobalBusinessRuleTask': ['bpmn:BusinessRuleTask', unboundTask],
};

/**
 * A call activity that calls a global task of its file is that task, with the call's id, flows, loop and boundary events
 * (BPMN 10.3.6); any other call is compiled by `callProcess`.
 */
export function globalTask(source: NodeSource, callProcess: CompileNode): FlowNode | undefined {
  const { compilation, element, extensions: call, base } = source;
  // The attribute is a qualified name.
  const called = compilation.model.elementsById[element.calledElement?.trim().replace(/^[^:]*:/, '') ?? ''];
  const kind = called && TASKS[called.$type];
  if (called === undefined || kind === undefined) return callProcess(source);
  const [type, compile] = kind;
  const own = asTask(called, { type, id: base.id });
  const extensions = readExtensions(compilation, own);
  return task(
    { ...source, element: own, extensions, base: { ...base, type, ...mappingsOf(call, extensions) } },
    compile,
  );
}

/** The global task as an element in the place of the call. */
function asTask(called: BpmnElement, { type, id }: { type: string; id: string }): BpmnElement {
  const { name, script, scriptLanguage, extensionElements, $attrs = {} } = called;
  return {
    $type: type,
    id,
    $attrs,
    ...(name !== undefined && { name }),
    ...(script !== undefined && { script }),
    ...(scriptLanguage !== undefined && { scriptFormat: scriptLanguage }),
    ...(extensionElements !== undefined && { extensionElements }),
  };
}

/** The call's mappings of variables are those of the task; "all" is what a task sees anyway. */
function mappingsOf(
  { call = {}, inputs, outputs }: Readonly<Extensions>,
  own: Readonly<Extensions>,
): Partial<Pick<NodeBase, 'inputs' | 'outputs'>> {
  const single = (mappings: CallExtensions['inMappings']) => (mappings === 'all' ? undefined : mappings);
  const taken = inputs ?? single(call.inMappings) ?? own.inputs;
  const given = outputs ?? single(call.outMappings) ?? own.outputs;
  return { ...(taken && { inputs: taken }), ...(given && { outputs: given }) };
}
