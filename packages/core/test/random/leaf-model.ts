/** Single activities and events of a block tree as BPMN. */
import { definitions, propertiesXml } from '../../dist/testing/index.js';
import type { Boundary, Leaf } from './blocks.js';

/** What is sent to nobody. */
export const NOBODY = 'nobody';

interface NodeParts {
  readonly element: string;
  readonly attributes: Readonly<Record<string, string | boolean>>;
  readonly inner: string;
}

export function leafParts(leaf: Leaf): NodeParts {
  const { element, attributes = {}, inner = '' } = partsOf(leaf);
  const { asyncBefore, asyncAfter } = leaf;
  const asynchronous = {
    ...(asyncBefore ? { 'camunda:asyncBefore': true } : {}),
    ...(asyncAfter ? { 'camunda:asyncAfter': true } : {}),
  };
  return { element, attributes: { ...asynchronous, ...attributes }, inner };
}

function partsOf({ id, does, duration }: Leaf): Partial<NodeParts> & Pick<NodeParts, 'element'> {
  const topic = { 'camunda:type': 'external', 'camunda:topic': id };
  switch (does) {
    case 'user':
      return { element: 'userTask' };
    case 'manual':
      return { element: 'manualTask' };
    case 'untyped':
      return { element: 'task' };
    case 'external':
      return { element: 'serviceTask', attributes: topic };
    case 'rule':
      return { element: 'businessRuleTask', attributes: topic };
    case 'receive':
      return { element: 'receiveTask', attributes: { messageRef: `message-${id}` } };
    case 'message':
    case 'signal':
    case 'timer':
      return { element: 'intermediateCatchEvent', inner: definitionOf({ id, on: does, duration }) };
    case 'auto': {
      const params = `['v${id}', (v${id} || 0) + 1]`;
      return { element: 'serviceTask', inner: propertiesXml({ module: 'set', method: 'set', params }) };
    }
    case 'script': {
      const script = `{ v${id}: if v${id} = null then 1 else v${id} + 1 }`;
      const inner = `<bpmn:script>${script}</bpmn:script>`;
      return { element: 'scriptTask', attributes: { scriptFormat: 'feel' }, inner };
    }
    case 'send':
      return { element: 'sendTask', attributes: { messageRef: `message-${NOBODY}` } };
    case 'throwMessage':
      return { element: 'intermediateThrowEvent', inner: definitions.message(`message-${NOBODY}`) };
    case 'throwSignal':
      return { element: 'intermediateThrowEvent', inner: definitions.signal(`signal-${NOBODY}`) };
    case 'throwNone':
      return { element: 'intermediateThrowEvent' };
    case 'link':
      return { element: 'intermediateThrowEvent', inner: definitions.link(`link-${id}`) };
  }
}

export function definitionOf({ id, on, duration }: Pick<Boundary, 'id' | 'on' | 'duration'>): string {
  switch (on) {
    case 'message':
      return definitions.message(`message-${id}`);
    case 'signal':
      return definitions.signal(`signal-${id}`);
    case 'timer':
      return definitions.timer('timeDuration', `PT${duration / 1_000}S`);
    case 'error':
      return definitions.error(`error-${id}`);
    case 'escalation':
      return definitions.escalation(`escalation-${id}`);
  }
}
