import type { Compilation } from '../compile/compilation.js';
import { isInstantiating } from '../compile/implicit-starts.js';
import type { ProcessGraph, ScopeNode } from '../graph.js';

/** Something has to begin in every container that holds anything (BPMN 13.2, 13.3.4). */
export function checkStarts(compilation: Compilation, { root, nodesById }: ProcessGraph): void {
  checkTriggers(compilation, root);
  checkScope(compilation, root);
  for (const node of nodesById.values()) {
    if (node.kind === 'ad-hoc-sub-process') checkAdHoc(compilation, node);
    if (!('startEvents' in node)) continue;
    if (node.kind === 'event-sub-process') checkEventSubProcess(compilation, node);
    else if (node.nodes.length > 0) checkScope(compilation, node);
    if (node.kind === 'sub-process' || node.kind === 'transaction') checkSingleStart(compilation, node);
  }
}

/** What starts a process is known before there is an instance with data. */
function checkTriggers(compilation: Compilation, { startEvents }: ScopeNode): void {
  for (const { id, eventDefinitions } of startEvents) {
    for (const definition of eventDefinitions) {
      const text = definition.kind === 'timer' ? definition.value : 'name' in definition ? definition.name : undefined;
      if (text === undefined || typeof text === 'string' || text.language === 'literal') continue;
      const message = `The ${definition.kind} of the start event '${id}' is an expression (${text.source}); before the start there is no data for it.`;
      compilation.report('dynamic-start', { id }, message);
    }
  }
}

/** It offers its activities; where it begins and ends is not drawn (BPMN 10.3.5). */
function checkAdHoc(compilation: Compilation, { id, nodes }: ScopeNode): void {
  for (const node of nodes) {
    if (node.kind !== 'start-event' && node.kind !== 'end-event') continue;
    const message = `The ad-hoc sub-process '${id}' cannot contain the ${node.kind.replace('-', ' ')} '${node.id}'.`;
    compilation.report('ad-hoc-content', node, message);
  }
}

function checkScope(compilation: Compilation, scope: ScopeNode): void {
  const starts = scope.startEvents.length + scope.implicitStarts.length;
  if (starts > 0 || scope.nodes.some(isInstantiating) || hasFailedNodes(compilation)) return;
  const what = scope.kind === 'process' ? 'process' : 'sub-process';
  const message = `The ${what} '${scope.id}' cannot begin: it has neither a start event nor a node without incoming flow.`;
  compilation.report('no-start', scope, message);
}

/** The token that reaches a sub-process goes to its one start event (BPMN 13.3.4). */
function checkSingleStart(compilation: Compilation, { id, startEvents }: ScopeNode): void {
  if (startEvents.length < 2) return;
  const names = startEvents.map((start) => `'${start.id}'`).join(', ');
  const message = `The sub-process '${id}' has several start events (${names}): it begins at one only.`;
  compilation.report('ambiguous-start', { id }, message);
}

/** The missing start may be one that could not be compiled, and is reported. */
function hasFailedNodes({ failed }: Compilation): boolean {
  return failed.size > 0;
}

function checkEventSubProcess(compilation: Compilation, scope: ScopeNode): void {
  const [start] = scope.startEvents;
  if (start === undefined || scope.startEvents.length > 1) {
    const message = `The event sub-process '${scope.id}' needs exactly one start event.`;
    compilation.report('event-sub-process-start', scope, message);
  } else if (start.eventDefinitions.length === 0) {
    const message = `The start event '${start.id}' of the event sub-process '${scope.id}' has no trigger.`;
    compilation.report('event-sub-process-start', start, message);
  }
  if (scope.incoming.length + scope.outgoing.length > 0 || scope.boundaryEvents.length > 0) {
    const message = `The event sub-process '${scope.id}' is started by its event: it can have neither flows nor boundary events.`;
    compilation.report('event-sub-process-with-flows', scope, message);
  }
}
