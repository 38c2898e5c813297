/** The dialect of Camunda 8: elements of the namespace `zeebe:`; texts with a leading `=` are FEEL. */
import type { CallBinding, CompiledText, DataMapping } from '../../graph.js';
import type { ExtensionElement } from '../../parse/bpmn-element.js';
import { object, variable } from '../composed-expressions.js';
import { assignDefined, attributeOf, childrenOf, type Extensions, type ExtensionSource } from '../extensions.js';
import { names, noteUnknown } from './unknown-extensions.js';

/** Extension elements that would change what runs. */
const UNSUPPORTED: ReadonlySet<string> = new Set([
  'zeebe:executionListeners',
  'zeebe:taskListeners',
  'zeebe:calledDecision',
  'zeebe:adHoc',
  'zeebe:linkedResources',
]);

const KNOWN = {
  elements: names(`taskDefinition ioMapping taskHeaders properties calledElement subscription loopCharacteristics script
    formDefinition assignmentDefinition taskSchedule priorityDefinition versionTag userTask
    executionListeners taskListeners calledDecision adHoc linkedResources`),
  attributes: names('modelerTemplate modelerTemplateVersion modelerTemplateIcon'),
};

export function readZeebe(source: ExtensionSource, extensions: Extensions): void {
  for (const { $type } of source.values) {
    if (UNSUPPORTED.has($type)) source.refuse($type, 'model it in BPMN, or name it in ignoredExtensions');
  }
  noteUnknown(source, 'zeebe:', KNOWN);
  readNames(source, extensions);
  readTask(source, extensions);
  readMappings(source, extensions);
  switch (source.element.$type) {
    case 'bpmn:UserTask':
      readUserTask(source, extensions);
      break;
    case 'bpmn:CallActivity':
      readCall(source, extensions);
      break;
    case 'bpmn:MultiInstanceLoopCharacteristics':
      readLoop(source, extensions);
      break;
    case 'bpmn:Message':
      readMessage(source, extensions);
      break;
  }
}

/** Properties, and the headers for the worker. */
function readNames(source: ExtensionSource, { properties }: Extensions): void {
  const named = [
    ...source.elements('zeebe:properties').flatMap((element) => childrenOf(element, 'zeebe:property')),
    ...source.elements('zeebe:taskHeaders').flatMap((element) => childrenOf(element, 'zeebe:header')),
  ];
  for (const element of named) {
    const name = attributeOf(element, 'name') ?? attributeOf(element, 'key');
    if (name) properties[name] = attributeOf(element, 'value') ?? '';
  }
}

function readTask(source: ExtensionSource, extensions: Extensions): void {
  const [definition] = source.elements('zeebe:taskDefinition');
  const [script] = source.elements('zeebe:script');
  assignDefined(extensions, {
    versionTag: attributeOf(source.elements('zeebe:versionTag')[0], 'value'),
    topic: source.text('job type', attributeOf(definition, 'type') || undefined),
    taskPriority: source.text('priority', attributeOf(source.elements('zeebe:priorityDefinition')[0], 'priority')),
    retries: furtherAttempts(attributeOf(definition, 'retries')),
    resultVariable: attributeOf(script, 'resultVariable'),
    script: script && { text: attributeOf(script, 'expression') ?? '', language: 'feel' },
  });
}

/** `retries` counts the attempts, the first one included; the next follows at once. */
function furtherAttempts(text: string | undefined): readonly number[] | undefined {
  if (text === undefined || !/^\d{1,3}$/.test(text)) return undefined;
  return Array<number>(Math.max(0, Number(text) - 1)).fill(0);
}

function readMappings(source: ExtensionSource, extensions: Extensions): void {
  const [mapping] = source.elements('zeebe:ioMapping');
  if (mapping === undefined) return;
  const inputs = nested(childrenOf(mapping, 'zeebe:input').map((input) => dataMapping(source, input)));
  const outputs = childrenOf(mapping, 'zeebe:output').map((output) => dataMapping(source, output));
  if (outputs.some(({ target }) => target.includes('.'))) {
    source.refuse('an output mapping to a part of a variable', 'write whole variables');
  }
  if (inputs.length > 0) extensions.inputs = inputs;
  if (outputs.length > 0) extensions.outputs = outputs;
}

/** Inputs to `from.name` and `from.email` make one variable `from`. */
function nested(mappings: readonly DataMapping[]): readonly DataMapping[] {
  const groups = new Map<string, DataMapping[]>();
  for (const mapping of mappings) {
    const [root = ''] = mapping.target.split('.');
    groups.set(root, [...(groups.get(root) ?? []), mapping]);
  }
  return [...groups].map(([target, group]) => {
    const whole = group.findLast((mapping) => mapping.target === target);
    if (whole !== undefined) return whole;
    const parts = group.map((mapping) => ({ ...mapping, target: mapping.target.slice(target.length + 1) }));
    return { target, source: object(nested(parts).map((part) => [part.target, part.source])) };
  });
}

function dataMapping(source: ExtensionSource, element: ExtensionElement): DataMapping {
  const { compilation, element: owner } = source;
  const target = attributeOf(element, 'target') ?? '';
  if (target === '') compilation.report('invalid-value', owner, `A ${element.$type} of '${owner.id}' has no target.`);
  const text = attributeOf(element, 'source') ?? '';
  return { target, source: compilation.text({ element: owner, what: `mapping to '${target}'`, text }) };
}

function readUserTask(source: ExtensionSource, extensions: Extensions): void {
  const value = (element: string, attribute: string, what: string): CompiledText | undefined =>
    source.text(what, attributeOf(source.elements(element)[0], attribute));
  extensions.userTask = { ...extensions.userTask };
  assignDefined(extensions.userTask, {
    formKey: value('zeebe:formDefinition', 'formKey', 'form key') ?? value('zeebe:formDefinition', 'formId', 'form id'),
    assignee: value('zeebe:assignmentDefinition', 'assignee', 'assignee'),
    candidateUsers: value('zeebe:assignmentDefinition', 'candidateUsers', 'candidate users'),
    candidateGroups: value('zeebe:assignmentDefinition', 'candidateGroups', 'candidate groups'),
    dueDate: value('zeebe:taskSchedule', 'dueDate', 'due date'),
    followUpDate: value('zeebe:taskSchedule', 'followUpDate', 'follow-up date'),
    priority: extensions.taskPriority,
  });
}

/**
 * Unless it says otherwise the called process sees all variables and hands all of its own back. Without the former it
 * gets the input mappings; output mappings are taken over what it hands back.
 */
function readCall(source: ExtensionSource, extensions: Extensions): void {
  const [called] = source.elements('zeebe:calledElement');
  if (called === undefined) return;
  const { inputs = [], outputs } = extensions;
  const handsAllDown = attributeOf(called, 'propagateAllParentVariables') !== 'false';
  const handsAllUp = attributeOf(called, 'propagateAllChildVariables') !== 'false';
  extensions.call = { ...extensions.call };
  assignDefined(extensions.call, {
    calledElement: source.text('called process', attributeOf(called, 'processId')),
    binding: callBinding(source, called),
    inMappings: handsAllDown ? 'all' : inputs.map(({ target }) => ({ target, source: variable(target) })),
    outMappings: outputs ?? (handsAllUp ? 'all' : []),
  });
  // They read the called process's variables, not those of the call.
  delete extensions.outputs;
}

function callBinding(source: ExtensionSource, called: ExtensionElement): CallBinding | undefined {
  const kind = attributeOf(called, 'bindingType');
  const versionTag = source.text('version tag', attributeOf(called, 'versionTag'));
  if (kind === undefined || kind === 'latest' || kind === 'deployment') return kind && { kind };
  if (kind === 'versionTag' && versionTag !== undefined) return { kind, versionTag };
  const { compilation, element } = source;
  compilation.report(
    'invalid-value',
    element,
    `The binding '${kind}' of '${element.id}' is unknown or lacks its version.`,
  );
  return undefined;
}

function readLoop(source: ExtensionSource, extensions: Extensions): void {
  const [loop] = source.elements('zeebe:loopCharacteristics');
  if (loop === undefined) return;
  const outputElement = attributeOf(loop, 'outputElement');
  extensions.loop = { ...extensions.loop };
  assignDefined(extensions.loop, {
    collection: source.text('input collection', attributeOf(loop, 'inputCollection')),
    elementVariable: attributeOf(loop, 'inputElement'),
    outputCollection: attributeOf(loop, 'outputCollection'),
    outputElement: outputElement === undefined ? undefined : source.text('output element', outputElement),
  });
}

function readMessage(source: ExtensionSource, extensions: Extensions): void {
  const key = attributeOf(source.elements('zeebe:subscription')[0], 'correlationKey');
  assignDefined(extensions, { correlationKey: source.text('correlation key', key) });
}
