/** A file that cannot be read as BPMN XML. Inside the parser only: outside it is a finding `model-syntax`. */
export class ModelSyntaxError extends Error {
  override readonly name = 'ModelSyntaxError';

  constructor(
    message: string,
    /** From 1; undefined where it is not known. */
    readonly line?: number,
    readonly column?: number,
  ) {
    super(message);
  }
}
