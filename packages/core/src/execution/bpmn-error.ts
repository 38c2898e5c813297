/**
 * A BPMN error a service throws on purpose: a matching error event of the model catches it (BPMN 10.5.6). Any other
 * thrown value is a technical failure.
 */
export class BpmnError extends Error {
  override readonly name = 'BpmnError';

  constructor(
    readonly code: string,
    message = '',
  ) {
    super(message);
  }
}
