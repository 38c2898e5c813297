/** Parts of models that several tests of this folder need. */
import { escapeXml } from '../../../dist/testing/index.js';
import { ScopeBuilder } from '../../../dist/testing/process-builder.js';

export interface MultiInstance {
  readonly sequential?: boolean;
  readonly cardinality?: string;
  /** Name of the variable with the items. */
  readonly collection?: string;
  /** Name of the variable each instance finds its item in. */
  readonly item?: string;
  readonly outputCollection?: string;
  readonly outputItem?: string;
  readonly completionCondition?: string;
}

/** `multiInstanceLoopCharacteristics` in the standard's own words. */
export function multiInstance(loop: MultiInstance): string {
  const { sequential = false, collection, item, outputCollection, outputItem } = loop;
  return [
    `<bpmn:multiInstanceLoopCharacteristics isSequential="${sequential}">`,
    expression('loopCardinality', loop.cardinality),
    collection === undefined ? '' : `<bpmn:loopDataInputRef>${collection}</bpmn:loopDataInputRef>`,
    outputCollection === undefined ? '' : `<bpmn:loopDataOutputRef>${outputCollection}</bpmn:loopDataOutputRef>`,
    item === undefined ? '' : `<bpmn:inputDataItem id="item-${item}" name="${item}"/>`,
    outputItem === undefined ? '' : `<bpmn:outputDataItem id="output-${outputItem}" name="${outputItem}"/>`,
    expression('completionCondition', loop.completionCondition),
    '</bpmn:multiInstanceLoopCharacteristics>',
  ].join('');
}

export interface StandardLoop {
  readonly testBefore?: boolean;
  readonly condition?: string;
  readonly maximum?: number;
}

export function standardLoop({ testBefore = false, condition, maximum }: StandardLoop): string {
  const limit = maximum === undefined ? '' : ` loopMaximum="${maximum}"`;
  return `<bpmn:standardLoopCharacteristics testBefore="${testBefore}"${limit}>${expression('loopCondition', condition)}</bpmn:standardLoopCharacteristics>`;
}

function expression(element: string, text: string | undefined): string {
  if (text === undefined) return '';
  return `<bpmn:${element} xsi:type="bpmn:tFormalExpression">${escapeXml(text)}</bpmn:${element}>`;
}

/** Data objects of a scope, by name. */
export function dataObjects(...names: readonly string[]): string {
  return names.map((name) => `<bpmn:dataObject id="${name}" name="${name}"/>`).join('');
}

/** A service `show` whose result is what it was asked to show. */
export const show = { show: (...seen: unknown[]) => ({ seen }) };

/** A compensation handler of this host that shows `params` by the service `show`. */
export function showingHandler(host: string, params: string): string {
  const handler = new ScopeBuilder().serviceTask(`undo-${host}`, 'show', { method: 'show', params }).innerXml();
  return handler.replace('<bpmn:serviceTask ', '<bpmn:serviceTask isForCompensation="true" ');
}

/** Forks by `x` into A (x > 0), B (x > 1) and the default D; an inclusive gateway joins before Z. */
export function inclusiveBranches<S extends ScopeBuilder>(scope: S): S {
  return scope
    .node('inclusiveGateway', 'F', { default: 'F-D' })
    .from('F', 'x > 0')
    .userTask('A')
    .node('inclusiveGateway', 'J')
    .userTask('Z')
    .endEvent('E')
    .from('F', 'x > 1')
    .userTask('B')
    .to('J')
    .from('F')
    .userTask('D')
    .to('J');
}

/** An activity with a compensation handler, by default a user task `undo-<host>`. The builder goes on where it was. */
export function undoneBy<S extends ScopeBuilder>(scope: S, host: string, handler?: string): S {
  const id = `undo-${host}`;
  const activity = handler ?? `<bpmn:userTask id="${id}" name="${id}" isForCompensation="true"/>`;
  const event = `<bpmn:boundaryEvent id="compensate-${host}" attachedToRef="${host}"><bpmn:compensateEventDefinition/></bpmn:boundaryEvent>`;
  const association = `<bpmn:association id="association-${host}" sourceRef="compensate-${host}" targetRef="${id}" associationDirection="One"/>`;
  return scope.xml(event + activity + association);
}

export interface EventSubProcess {
  /** Id of its start event. */
  readonly start: string;
  readonly definition: string;
  readonly interrupting?: boolean;
}

/** An event sub-process; `build` goes on from its start event. What the builder adds next stands apart. */
export function eventSubProcess<S extends ScopeBuilder>(
  scope: S,
  id: string,
  { start, definition, interrupting = true }: EventSubProcess,
  build: (inner: ScopeBuilder) => ScopeBuilder,
): S {
  const inner = new ScopeBuilder().node('startEvent', start, { isInterrupting: interrupting }, definition);
  return scope.apart('subProcess', id, { triggeredByEvent: true }, build(inner).innerXml());
}
