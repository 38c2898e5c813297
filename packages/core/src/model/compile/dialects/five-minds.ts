/**
 * The dialect of the engine's earlier releases: `camunda:property` entries of an element (name and value). Payloads and
 * parameters are JavaScript expressions over `token` and `identity`.
 */
import { constant } from '../composed-expressions.js';
import { assignDefined, type Extensions, type ExtensionSource, type UserTaskExtensions } from '../extensions.js';

/** A spelling of earlier releases. */
const MISSPELT = { retryInvervalInMs: 'retryIntervalInMs' } as const;

export function readFiveMinds(source: ExtensionSource, extensions: Extensions): void {
  const { properties } = extensions;
  if (Object.keys(properties).length === 0) return;
  for (const [wrong, right] of Object.entries(MISSPELT)) {
    if (properties[wrong] !== undefined) properties[right] ??= properties[wrong];
  }
  checkNumbers(source, properties);
  readPayload(source, extensions);
  readService(source, extensions);
  readUserTask(source, extensions);
  if (properties['startEventId']) extensions.call = { ...extensions.call, startEventId: properties['startEventId'] };
}

const NUMBERS = ['maxRetries', 'retryIntervalInMs'] as const;

function checkNumbers({ compilation, element }: ExtensionSource, properties: Readonly<Record<string, string>>): void {
  for (const name of NUMBERS) {
    const value = properties[name];
    if (value === undefined || /^-?\d+$/.test(value.trim())) continue;
    compilation.report(
      'invalid-value',
      element,
      `The property ${name} of '${element.id}' is not a whole number: '${value}'.`,
    );
  }
}

/** An empty text means an undefined payload, not the current one. */
function readPayload(source: ExtensionSource, extensions: Extensions): void {
  for (const name of ['payload', 'inputValues'] as const) {
    const text = extensions.properties[name];
    if (text === undefined) continue;
    extensions.payload = text.trim() === '' ? constant(undefined) : source.expression(name, text);
  }
}

function readService(source: ExtensionSource, extensions: Extensions): void {
  const { module, method, params } = extensions.properties;
  if (!module) return;
  extensions.service = method ? { module, method } : { module };
  // A method without parameters is called with none; without a method the service is a handler.
  if (params?.trim()) extensions.params = source.expression('params', params);
  else if (method) extensions.params = constant([]);
}

function readUserTask(source: ExtensionSource, extensions: Extensions): void {
  if (source.element.$type !== 'bpmn:UserTask') return;
  const { preferredControl, description, finishedMessage } = extensions.properties;
  const task: UserTaskExtensions = { ...extensions.userTask };
  assignDefined(task, {
    preferredControl: source.text('preferredControl', preferredControl),
    description,
    finishedMessage,
  });
  extensions.userTask = task;
}
