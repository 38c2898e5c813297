import type { Compilation } from '../compile/compilation.js';
import type { ProcessGraph, ServiceTaskNode } from '../graph.js';

/** What tasks need from outside the model: registered services; and a word about tasks that wait unexpectedly. */
export function checkBindings(compilation: Compilation, { nodesById }: ProcessGraph): void {
  for (const node of nodesById.values()) {
    if (node.kind === 'service-task') checkService(compilation, node);
    if (node.kind === 'empty-task' && !node.passThrough) {
      const message =
        `The untyped task '${node.id}' waits until it is finished through the API; ` +
        `with the option or process property untypedTasks = pass it would pass through as BPMN has it.`;
      compilation.report('untyped-task-waits', node, message);
    }
  }
}

function checkService(compilation: Compilation, node: ServiceTaskNode): void {
  const { services } = compilation.options;
  if (services === undefined || services.isRegistered(node.module) || services.remote.includes(node.module)) return;
  const message =
    `The service task '${node.id}' calls the service '${node.module}', which is not registered. ` +
    `Register it, or name it in the option services.remote if another node runs it.`;
  compilation.report('unregistered-service', node, message);
}
