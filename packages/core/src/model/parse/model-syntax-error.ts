/** Entities could blow up the text or read files; BPMN has no use for them. */
export const NO_DOCUMENT_TYPE = 'the file has a document type declaration (<!DOCTYPE …>), which is not accepted';

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
