import type { MessageCorrelation } from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import type { Compilation } from './compilation.js';
import { variable } from './composed-expressions.js';
import { readExtensions } from './read-extensions.js';

/** The one property of a dialect that knows a single correlation key per message. */
const DIALECT_KEY = 'correlationKey';

/**
 * How a message finds its instance (BPMN 8.4.2): by the properties of the correlation key of the process's
 * subscription, else of the first key of its conversation that reads all its properties from this message.
 */
export function compileCorrelation(
  compilation: Compilation,
  owner: BpmnElement,
  message: BpmnElement,
): MessageCorrelation | undefined {
  const { correlationKey } = readExtensions(compilation, message);
  if (correlationKey !== undefined) {
    return { properties: [{ name: DIALECT_KEY, fromMessage: variable(DIALECT_KEY), fromInstance: correlationKey }] };
  }
  for (const subscription of compilation.process.correlationSubscriptions ?? []) {
    const { correlationKeyRef } = subscription;
    const correlation =
      correlationKeyRef && correlationBy(compilation, owner, { key: correlationKeyRef, message, subscription });
    if (correlation !== undefined) return correlation;
  }
  for (const key of conversationKeys(compilation)) {
    const correlation = correlationBy(compilation, owner, { key, message });
    if (correlation !== undefined) return correlation;
  }
  return undefined;
}

/** Keys of the collaborations and conversations in which a participant stands for this process. */
function conversationKeys({ model, process }: Compilation): BpmnElement[] {
  const collaborations = (model.definitions?.rootElements ?? []).filter(({ participants }) =>
    participants?.some(({ processRef }) => processRef === process),
  );
  return collaborations.flatMap((collaboration) => {
    const isOurs = ({ processRef }: BpmnElement): boolean => processRef === process;
    const conversations = (collaboration.conversations ?? []).filter(({ participantRef }) =>
      participantRef?.some(isOurs),
    );
    return [collaboration, ...conversations].flatMap(({ correlationKeys = [] }) => correlationKeys);
  });
}

interface KeyUse {
  readonly key: BpmnElement;
  readonly message: BpmnElement;
  readonly subscription?: BpmnElement;
}

/** Undefined where the key says nothing about this message. */
function correlationBy(compilation: Compilation, owner: BpmnElement, use: KeyUse): MessageCorrelation | undefined {
  const read = asList(use.key.correlationPropertyRef).map((property) => ({
    property,
    path: property.correlationPropertyRetrievalExpression?.find(({ messageRef }) => messageRef === use.message)
      ?.messagePath,
  }));
  if (read.every(({ path }) => path === undefined)) return undefined;
  const properties = read.flatMap(({ property, path }) => {
    if (path === undefined) {
      const message = `The correlation property '${property.id}' cannot be read from the message '${use.message.id}'.`;
      compilation.report('message-correlation', owner, message);
      return [];
    }
    const binding = use.subscription?.correlationPropertyBinding?.find(
      (bound) => bound.correlationPropertyRef === property,
    );
    const dataPath = binding?.dataPath;
    return {
      name: property.name ?? property.id ?? '',
      fromMessage: compilation.formalExpression(owner, 'message path', path),
      fromInstance: dataPath && compilation.formalExpression(owner, 'data path', dataPath),
    };
  });
  return { properties };
}

function asList(value: BpmnElement | readonly BpmnElement[] | undefined): readonly BpmnElement[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly BpmnElement[]) : [value as BpmnElement];
}
