import type { Compilation } from '../compile/compilation.js';
import { isInstantiating } from '../compile/implicit-starts.js';
import type { ProcessGraph, ScopeNode } from '../graph.js';

/** Something has to begin in every container that holds anything (BPMN 13.2, 13.3.4). */
export function checkStarts(compilation: Compilation, { root, nodesById }: ProcessGraph): void {
  checkScope(compilation, root);
  for (const node of nodesById.values()) {
    if (!('startEvents' in node)) continue;
    if (node.kind === 'event-sub-process') checkEventSubProcess(compilation, node);
    else if (node.nodes.length > 0) checkScope(compilation, node);
  }
}

function checkScope(compilation: Compilation, scope: ScopeNode): void {
  const starts = scope.startEvents.length + scope.implicitStarts.length;
  if (starts > 0 || scope.nodes.some(isInstantiating) || hasFailedNodes(compilation)) return;
  const what = scope.kind === 'process' ? 'process' : 'sub-process';
  const message = `The ${what} '${scope.id}' cannot begin: it has neither a start event nor a node without incoming flow.`;
  compilation.report('no-start', scope, message);
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
