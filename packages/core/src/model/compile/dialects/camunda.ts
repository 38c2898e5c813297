/** The dialect of Camunda 7: attributes and elements of the namespace `camunda:`. */
import type { CompiledExpression } from '../../expressions/expression.js';
import type { CallBinding, ErrorEventDefinition, ExternalTaskNode, FormField } from '../../graph.js';
import type { ExtensionElement } from '../../parse/bpmn-element.js';
import { variable } from '../composed-expressions.js';
import { errorDefinition } from '../error-definition.js';
import { assignDefined, attributeOf, childrenOf, type Extensions, type ExtensionSource } from '../extensions.js';
import { parseRetryDelays } from '../../retry-delays.js';
import { TimerSyntaxError } from '../../timers.js';
import { formConstraints } from './camunda-constraints.js';
import { callMappings, parameterMappings } from './camunda-mappings.js';
import { names, noteUnknown } from './unknown-extensions.js';

/** Extension elements that would change what runs. */
const UNSUPPORTED_ELEMENTS: ReadonlySet<string> = new Set([
  'camunda:executionListener',
  'camunda:taskListener',
  'camunda:connector',
  'camunda:field',
  'camunda:script',
]);

/** Attributes that would change what runs. */
const UNSUPPORTED_ATTRIBUTES: ReadonlySet<string> = new Set([
  'camunda:decisionRef',
  'camunda:caseRef',
  'camunda:variableMappingClass',
  'camunda:variableMappingDelegateExpression',
  'camunda:resource',
]);

const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'camunda:initiator',
  'camunda:jobPriority',
  'camunda:calledElementTenantId',
  'camunda:errorCodeVariable',
  'camunda:errorMessageVariable',
  'camunda:escalationCodeVariable',
  'camunda:formRef',
]);

const KNOWN = {
  elements: names(`properties inputOutput formData in out errorEventDefinition failedJobRetryTimeCycle
    executionListener taskListener connector field script`),
  attributes: names(`type topic taskPriority versionTag resultVariable async asyncBefore asyncAfter exclusive
    failedJobRetryTimeCycle formKey formRef assignee candidateUsers candidateGroups dueDate followUpDate priority
    calledElementBinding calledElementVersion calledElementVersionTag calledElementTenantId collection elementVariable
    class delegateExpression expression decisionRef caseRef variableMappingClass variableMappingDelegateExpression resource
    initiator jobPriority errorCodeVariable errorMessageVariable escalationCodeVariable
    historyTimeToLive isStartableInTasklist candidateStarterUsers candidateStarterGroups diagramRelationId
    modelerTemplate modelerTemplateVersion modelerTemplateIcon`),
};

/** Attributes that name code of the application. */
const BINDINGS = ['camunda:class', 'camunda:delegateExpression', 'camunda:expression'] as const;

export function readCamunda(source: ExtensionSource, extensions: Extensions): void {
  readProperties(source, extensions);
  refuseUnsupported(source);
  noteUnknown(source, 'camunda:', KNOWN);
  readBinding(source, extensions);
  readExecution(source, extensions);
  readExternalTask(source, extensions);
  switch (source.element.$type) {
    case 'bpmn:Process':
      // The default of its external tasks.
      assignDefined(extensions, { taskPriority: source.text('priority', source.attributes['camunda:taskPriority']) });
      break;
    case 'bpmn:UserTask':
      readUserTask(source, extensions);
      break;
    case 'bpmn:CallActivity':
      readCall(source, extensions);
      break;
    case 'bpmn:MultiInstanceLoopCharacteristics':
      readLoop(source, extensions);
      break;
  }
}

function readProperties(source: ExtensionSource, { properties }: Extensions): void {
  for (const element of source.elements('camunda:properties')) {
    for (const property of childrenOf(element, 'camunda:property')) {
      const name = attributeOf(property, 'name');
      if (name) properties[name] = attributeOf(property, 'value') ?? '';
    }
  }
}

function refuseUnsupported(source: ExtensionSource): void {
  const remedy = 'move the work into a task of its own, or name it in ignoredExtensions';
  for (const { $type } of source.values) if (UNSUPPORTED_ELEMENTS.has($type)) source.refuse($type, remedy);
  for (const name of Object.keys(source.attributes)) {
    if (UNSUPPORTED_ATTRIBUTES.has(name)) source.refuse(name, remedy);
    else if (WITHOUT_EFFECT.has(name)) source.note(name);
  }
}

function readBinding(source: ExtensionSource, extensions: Extensions): void {
  for (const name of BINDINGS) {
    const text = source.attributes[name];
    if (text === undefined) continue;
    const { bindings = {} } = source.compilation.options;
    const binding = Object.hasOwn(bindings, text) ? bindings[text] : undefined;
    if (binding === undefined) source.refuse(`${name}="${text}"`, 'map it in the option bindings, or use a topic');
    else extensions.service = binding;
  }
}

function readExecution(source: ExtensionSource, extensions: Extensions): void {
  const { attributes } = source;
  assignDefined(extensions, {
    versionTag: attributes['camunda:versionTag'],
    resultVariable: attributes['camunda:resultVariable'],
    asyncBefore: flag(attributes['camunda:asyncBefore'] ?? attributes['camunda:async']),
    asyncAfter: flag(attributes['camunda:asyncAfter']),
    retries: retries(source),
    inputs: parameterMappings(source, 'camunda:inputParameter'),
    outputs: parameterMappings(source, 'camunda:outputParameter'),
  });
}

function flag(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'true';
}

/** `R3/PT10M` (three further attempts), or one duration per attempt: `PT10S,PT1M,PT10M`. */
function retries(source: ExtensionSource): readonly number[] | undefined {
  const text =
    source.elements('camunda:failedJobRetryTimeCycle')[0]?.$body?.trim() ??
    source.attributes['camunda:failedJobRetryTimeCycle'];
  if (!text) return undefined;
  try {
    return parseRetryDelays(text);
  } catch (error) {
    if (!(error instanceof TimerSyntaxError)) throw error;
    const { compilation, element } = source;
    compilation.report(
      'invalid-value',
      element,
      `The retry time cycle of '${element.id}' is not valid: ${error.message}.`,
    );
    return undefined;
  }
}

function readExternalTask(source: ExtensionSource, extensions: Extensions): void {
  const { attributes, compilation, element } = source;
  const type = attributes['camunda:type'];
  if (type === undefined) return;
  const topic = attributes['camunda:topic'];
  if (type !== 'external') {
    source.refuse(`camunda:type="${type}"`, 'only external is known');
  } else if (!topic?.trim()) {
    compilation.report('missing-binding', element, `The external task '${element.id}' has no topic (camunda:topic).`);
  } else {
    assignDefined(extensions, {
      topic: source.text('topic', topic, 'token.'),
      taskPriority: source.text('priority', attributes['camunda:taskPriority']),
      errorMappings: source.elements('camunda:errorEventDefinition').map((mapping) => errorMapping(source, mapping)),
    });
  }
}

function errorMapping(source: ExtensionSource, mapping: ExtensionElement): ExternalTaskNode['errorMappings'][number] {
  const { compilation, element } = source;
  const reference = attributeOf(mapping, 'errorRef');
  const target = reference === undefined ? undefined : compilation.model.elementsById[reference];
  if (reference !== undefined && target === undefined) {
    const message = `An error definition of '${element.id}' refers to '${reference}', which is not in the file.`;
    compilation.report('unresolved-reference', element, message);
  }
  const error: ErrorEventDefinition = errorDefinition(target);
  return { condition: source.expression('error condition', attributeOf(mapping, 'expression') ?? 'false'), error };
}

function readUserTask(source: ExtensionSource, extensions: Extensions): void {
  const { attributes } = source;
  const formData = source.elements('camunda:formData')[0];
  extensions.userTask = { ...extensions.userTask };
  assignDefined(extensions.userTask, {
    formFields: formData && childrenOf(formData, 'camunda:formField').map((field) => formField(source, field)),
    formKey: source.text('form key', attributes['camunda:formKey']),
    assignee: source.text('assignee', attributes['camunda:assignee']),
    candidateUsers: source.text('candidate users', attributes['camunda:candidateUsers']),
    candidateGroups: source.text('candidate groups', attributes['camunda:candidateGroups']),
    dueDate: source.text('due date', attributes['camunda:dueDate']),
    followUpDate: source.text('follow-up date', attributes['camunda:followUpDate']),
    priority: source.text('priority', attributes['camunda:priority']),
  });
}

function formField(source: ExtensionSource, field: ExtensionElement): FormField {
  const { compilation, element } = source;
  const id = attributeOf(field, 'id') ?? '';
  if (id === '') compilation.report('invalid-value', element, `A form field of '${element.id}' has no id.`);
  const values = childrenOf(field, 'camunda:value');
  return {
    id,
    type: attributeOf(field, 'type'),
    label: source.text(`label of form field '${id}'`, attributeOf(field, 'label')),
    defaultValue: source.text(`default value of form field '${id}'`, attributeOf(field, 'defaultValue')),
    preferredControl: source.text(`preferred control of form field '${id}'`, attributeOf(field, 'preferredControl')),
    enumValues:
      values.length === 0
        ? undefined
        : values.map((value) => ({ id: attributeOf(value, 'id') ?? '', name: attributeOf(value, 'name') ?? '' })),
    constraints: formConstraints(source, field),
  };
}

function readCall(source: ExtensionSource, extensions: Extensions): void {
  const businessKey = source
    .elements('camunda:in')
    .map((element) => attributeOf(element, 'businessKey'))
    .find((key) => key !== undefined);
  extensions.call = { ...extensions.call };
  assignDefined(extensions.call, {
    binding: callBinding(source),
    businessKey: source.text('business key', businessKey),
    inMappings: callMappings(source, 'camunda:in'),
    outMappings: callMappings(source, 'camunda:out'),
  });
}

function callBinding(source: ExtensionSource): CallBinding | undefined {
  const { attributes, compilation, element } = source;
  const kind = attributes['camunda:calledElementBinding'];
  const version = source.text('version', attributes['camunda:calledElementVersion']);
  const versionTag = source.text('version tag', attributes['camunda:calledElementVersionTag']);
  if (kind === undefined || kind === 'latest' || kind === 'deployment') return kind && { kind };
  if (kind === 'version' && version !== undefined) return { kind, version };
  if (kind === 'versionTag' && versionTag !== undefined) return { kind, versionTag };
  compilation.report(
    'invalid-value',
    element,
    `The binding '${kind}' of '${element.id}' is unknown or lacks its version.`,
  );
  return undefined;
}

/** `camunda:collection` is the name of a variable or an expression. */
function readLoop(source: ExtensionSource, extensions: Extensions): void {
  const collection = source.attributes['camunda:collection'];
  extensions.loop = { ...extensions.loop };
  assignDefined(extensions.loop, {
    collection: collectionOf(source, collection),
    elementVariable: source.attributes['camunda:elementVariable'],
  });
}

function collectionOf(source: ExtensionSource, text: string | undefined): CompiledExpression | undefined {
  if (!text) return undefined;
  return text.includes('{') ? source.text('collection', text) : variable(text);
}
