import type {
  CompensateEventDefinition,
  EventDefinition,
  MessageEventDefinition,
  TimerEventDefinition,
} from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import type { Compilation } from './compilation.js';
import { constant } from './composed-expressions.js';
import { compileCorrelation } from './correlation.js';
import { errorDefinition } from './error-definition.js';

/** What an event throws or waits for (BPMN 10.5.5): its own definitions, then those of the file it refers to. */
export function compileEventDefinitions(compilation: Compilation, event: BpmnElement): EventDefinition[] {
  const definitions = [...(event.eventDefinitions ?? []), ...(event.eventDefinitionRef ?? [])];
  return definitions.flatMap((definition) => {
    const compile = DEFINITIONS[definition.$type];
    noteMappings(compilation, event, definition);
    return compile?.(compilation, event, definition) ?? [];
  });
}

/** A dialect may say which variables an event carries: here it carries the payload. */
function noteMappings(compilation: Compilation, event: BpmnElement, { extensionElements }: BpmnElement): void {
  for (const { $type } of extensionElements?.values ?? []) {
    if (!['camunda:in', 'camunda:out'].includes($type)) continue;
    const message = `An event definition of '${event.id}' has ${$type}, which has no effect; what it carries is its payload.`;
    compilation.report('extension-without-effect', event, message);
  }
}

/** The message of a send or receive task or of a message event; undefined, with a finding, where none is named. */
export function compileMessage(compilation: Compilation, owner: BpmnElement, message: BpmnElement | undefined) {
  const name = nameOf(compilation, owner, ['message', message]);
  if (name === undefined || message === undefined) return undefined;
  const definition: MessageEventDefinition = {
    kind: 'message',
    name,
    correlation: compileCorrelation(compilation, owner, message),
  };
  return definition;
}

type CompileDefinition = (
  compilation: Compilation,
  event: BpmnElement,
  definition: BpmnElement,
) => EventDefinition | undefined;

const DEFINITIONS: Readonly<Record<string, CompileDefinition>> = {
  'bpmn:MessageEventDefinition': (compilation, event, { messageRef }) => compileMessage(compilation, event, messageRef),
  'bpmn:SignalEventDefinition': (compilation, event, { signalRef }) => {
    const name = nameOf(compilation, event, ['signal', signalRef]);
    return name && { kind: 'signal', name };
  },
  'bpmn:TimerEventDefinition': timer,
  'bpmn:ErrorEventDefinition': (_compilation, _event, { errorRef }) => errorDefinition(errorRef),
  'bpmn:EscalationEventDefinition': (_compilation, _event, { escalationRef }) => ({
    kind: 'escalation',
    code: escalationRef?.escalationCode,
    name: escalationRef?.name ?? '',
  }),
  'bpmn:ConditionalEventDefinition': (compilation, event, { condition }) => {
    if (!condition?.body?.trim()) {
      compilation.report('missing-reference', event, `The conditional event '${event.id}' has no condition.`);
    }
    const compiled = condition && compilation.formalExpression(event, 'condition', condition);
    return { kind: 'conditional', condition: compiled ?? constant(undefined) };
  },
  'bpmn:LinkEventDefinition': (_compilation, event, { name }) => ({ kind: 'link', name: name ?? event.name ?? '' }),
  'bpmn:CompensateEventDefinition': (_compilation, _event, definition): CompensateEventDefinition => ({
    kind: 'compensation',
    activityId: definition.activityRef?.id,
    waitForCompletion: definition.waitForCompletion !== false,
  }),
  'bpmn:CancelEventDefinition': () => ({ kind: 'cancel' }),
  'bpmn:TerminateEventDefinition': () => ({ kind: 'terminate' }),
};

const TIMERS = [
  ['date', 'timeDate'],
  ['duration', 'timeDuration'],
  ['cycle', 'timeCycle'],
] as const;

function timer(
  compilation: Compilation,
  event: BpmnElement,
  definition: BpmnElement,
): TimerEventDefinition | undefined {
  const given = TIMERS.filter(([, property]) => definition[property]?.body?.trim());
  const [first] = given;
  if (first === undefined || given.length > 1) {
    const message = `The timer event '${event.id}' needs exactly one of timeDate, timeDuration and timeCycle with a value.`;
    compilation.report('invalid-timer', event, message);
    return undefined;
  }
  const [kind, property] = first;
  const text = definition[property]?.body?.trim() ?? '';
  const value = compilation.text({ element: event, what: 'timer', text }, 'token');
  return { kind: 'timer', timer: kind, value, enabled: true };
}

/** Messages and signals are matched by name; one without a name goes by its id. */
function nameOf(
  compilation: Compilation,
  owner: BpmnElement,
  [what, referenced]: readonly ['message' | 'signal', BpmnElement | undefined],
) {
  const text = referenced?.name?.trim() ? referenced.name : referenced?.id;
  if (text !== undefined) return compilation.text({ element: owner, what: `${what} name`, text });
  // One that is named but not in the file is already reported by the parser.
  if (!compilation.hasUnresolvedReference(owner)) {
    compilation.report('missing-reference', owner, `'${owner.id}' does not say which ${what} it is about.`);
  }
  return undefined;
}
