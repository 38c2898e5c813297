import type { ExternalTaskNode } from '../graph.js';
import type { NodeSource } from './node-base.js';

/** Work fetched by an external worker: any task, or a throw event, for which a dialect names a topic. */
export function externalTask({ compilation, extensions, base }: NodeSource): ExternalTaskNode | undefined {
  const { topic, taskPriority, payload, errorMappings = [] } = extensions;
  if (topic === undefined) return undefined;
  return {
    ...base,
    kind: 'external-task',
    topic,
    payload,
    priority: taskPriority ?? compilation.taskPriority,
    errorMappings,
  };
}
