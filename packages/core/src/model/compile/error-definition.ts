import type { ErrorEventDefinition } from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';

/** The error event definition for a `bpmn:Error`; without one it throws an error without code, and catches every error. */
export function errorDefinition(error: BpmnElement | undefined): ErrorEventDefinition {
  return {
    kind: 'error',
    code: error?.errorCode,
    name: error?.name ?? '',
    message: error?.$attrs?.['message'] ?? error?.$attrs?.['camunda:errorMessage'] ?? '',
  };
}
