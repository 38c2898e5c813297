import type { Finding } from '@process-engine/contracts';
import type { ParseWarning } from 'bpmn-moddle';
import type { BpmnElement } from './bpmn-element.js';
import { ModelSyntaxError } from './model-syntax-error.js';

/** References without which the model would run otherwise than it reads; other broken ones are only warned about. */
const NEEDED_REFERENCES: ReadonlySet<string> = new Set([
  'bpmn:sourceRef',
  'bpmn:targetRef',
  'bpmn:attachedToRef',
  'bpmn:default',
  'bpmn:messageRef',
  'bpmn:signalRef',
  'bpmn:errorRef',
  'bpmn:escalationRef',
  'bpmn:activityRef',
  'bpmn:eventDefinitionRef',
  'bpmn:loopDataInputRef',
  'bpmn:loopDataOutputRef',
  'bpmn:dataObjectRef',
  'bpmn:correlationKeyRef',
  'bpmn:correlationPropertyRef',
]);

/** Attributes outside the standard that the engine reads without a namespace. */
const KNOWN_ATTRIBUTES: ReadonlySet<string> = new Set(['bpmn:Error message', 'bpmn:Expression language']);

const PARSER_CONTEXT =
  /^unparsable content ([\s\S]*?) ?detected\n\tline: (\d+)\n\tcolumn: (\d+)\n\tnested error: ([\s\S]*)$/;

/** What bpmn-moddle warned about, as findings. It drops the elements it warns about: almost all of it is an error. */
export function parseFindings(warnings: readonly ParseWarning[]): Finding[] {
  return warnings.map(toFinding).filter((finding) => finding !== undefined);
}

/** The reason why bpmn-moddle could not read the file at all. */
export function syntaxErrorOf(error: unknown): ModelSyntaxError {
  const message = error instanceof Error ? error.message : String(error);
  const nested = warningsOf(error)[0]?.message ?? message;
  const context = PARSER_CONTEXT.exec(nested);
  if (context === null) return new ModelSyntaxError(nested);
  const [, content, line, column, reason] = context;
  const place = content === '' ? '' : ` at ${content?.slice(0, 80)}`;
  return new ModelSyntaxError(`${reason}${place}`, Number(line) + 1, Number(column) + 1);
}

/** The finding `model-syntax` for a file that cannot be read. */
export function syntaxFinding(error: ModelSyntaxError): Finding {
  const place =
    error.line === undefined
      ? ''
      : `line ${error.line}${error.column === undefined ? '' : `, column ${error.column}`}: `;
  return {
    severity: 'error',
    code: 'model-syntax',
    message: `The file is not readable BPMN XML: ${place}${error.message}.`,
  };
}

function warningsOf(error: unknown): readonly ParseWarning[] {
  const warnings = typeof error === 'object' && error !== null && 'warnings' in error ? error.warnings : undefined;
  return Array.isArray(warnings) ? (warnings as ParseWarning[]) : [];
}

function toFinding(warning: ParseWarning): Finding | undefined {
  if (warning.message.startsWith('unresolved reference')) return unresolvedReference(warning);
  if (warning.message.startsWith('unknown attribute')) return unknownAttribute(warning);
  // The text is already decoded: the declared encoding says nothing any more.
  if (warning.message.startsWith('unsupported document encoding')) return undefined;
  return droppedContent(warning.message);
}

function unresolvedReference({ element, property = '', value = '' }: ParseWarning): Finding {
  const owner = elementWithId(element as BpmnElement);
  return {
    severity: NEEDED_REFERENCES.has(property) ? 'error' : 'warning',
    code: 'unresolved-reference',
    message: `${describe(owner)} refers to '${value}' (${property.replace(/^bpmn:/, '')}), which is not in the file.`,
    ...(owner?.id === undefined ? {} : { elementId: owner.id }),
    clause: '8.4',
  };
}

function unknownAttribute({ element, property = '' }: ParseWarning): Finding | undefined {
  const owner = element as BpmnElement;
  if (KNOWN_ATTRIBUTES.has(`${owner.$type} ${property}`)) return undefined;
  const named = elementWithId(owner);
  return {
    severity: 'warning',
    code: 'unknown-attribute',
    message: `${describe(named)} has an attribute '${property}' that BPMN does not know; it has no effect.`,
    ...(named?.id === undefined ? {} : { elementId: named.id }),
  };
}

const DROPPED: readonly (readonly [pattern: RegExp, code: string, text: (subject: string) => string])[] = [
  [/^duplicate ID <(.*)>$/, 'duplicate-id', (id) => `The id '${id}' occurs more than once.`],
  [
    /^illegal ID <(.*)>$/,
    'invalid-id',
    (id) =>
      `The id '${id}' is not accepted: an id starts with a letter or _ and goes on with letters a-z, digits, '_', '-' or '.'.`,
  ],
  [/^unknown type <bpmn:(.*)>$/, 'unknown-element', (type) => `BPMN has no element '${type}'.`],
];

/** Content that is only ornament: losing it changes nothing that runs. */
const HARMLESS = /^unexpected body text/;

function droppedContent(message: string): Finding {
  const [, content = '', line = '0', , reason = message] = PARSER_CONTEXT.exec(message) ?? [];
  const place = `Line ${Number(line) + 1}`;
  for (const [pattern, code, text] of DROPPED) {
    const subject = pattern.exec(reason)?.[1];
    if (subject === undefined) continue;
    const elementId = code === 'unknown-element' ? {} : { elementId: subject };
    return { severity: 'error', code, message: `${place}: ${text(subject)}`, ...elementId, clause: '8.2' };
  }
  return {
    severity: HARMLESS.test(reason) ? 'warning' : 'error',
    code: 'unreadable-content',
    message: `${place}: ${content.slice(0, 80)} is left out: ${reason}.`,
  };
}

/** Event definitions and expressions often have no id: the finding is about the element around them. */
function elementWithId(element: BpmnElement | undefined): BpmnElement | undefined {
  let current = element;
  while (current !== undefined && (current.id === undefined || isPartOfNode(current))) current = current.$parent;
  return current ?? element;
}

function isPartOfNode(element: BpmnElement): boolean {
  return (
    /EventDefinition$|Expression$|LoopCharacteristics$/.test(element.$type) &&
    element.$parent?.id !== undefined &&
    element.$parent.$type !== 'bpmn:Definitions'
  );
}

function describe(element: BpmnElement | undefined): string {
  if (element === undefined) return 'An element';
  const type = element.$type.replace(/^bpmn:/, '');
  return element.id === undefined ? `A ${type} without id` : `${type} '${element.id}'`;
}
