import type { CompiledExpression } from '../expressions/expression.js';
import type { CallBinding, CompiledText, DataMapping, ExternalTaskNode, FormField } from '../graph.js';
import type { BpmnElement, ExtensionElement } from '../parse/bpmn-element.js';
import type { Compilation } from './compilation.js';
import type { ServiceBinding } from './compile-options.js';

/** What the dialects say about one element, in one vocabulary. Absent: the element does not say it. */
export interface Extensions {
  properties: Record<string, string>;
  versionTag?: string;
  asyncBefore?: boolean;
  asyncAfter?: boolean;
  /** Delays in ms before each further attempt. */
  retries?: readonly number[];
  resultVariable?: string;
  inputs?: readonly DataMapping[];
  outputs?: readonly DataMapping[];
  /** The element's work is done by an external worker. */
  topic?: CompiledText;
  taskPriority?: CompiledText;
  errorMappings?: ExternalTaskNode['errorMappings'];
  /** The element's work is done by a service in the process. */
  service?: ServiceBinding;
  params?: CompiledExpression;
  /** What is sent or handed over instead of the current payload. */
  payload?: CompiledExpression;
  script?: { readonly text: string; readonly language: string };
  userTask?: UserTaskExtensions;
  loop?: LoopExtensions;
  call?: CallExtensions;
  /** Of a message: what its correlation key is compared with. */
  correlationKey?: CompiledExpression;
}

export interface UserTaskExtensions {
  formFields?: readonly FormField[];
  formKey?: CompiledText;
  preferredControl?: CompiledText;
  description?: string;
  finishedMessage?: string;
  assignee?: CompiledText;
  candidateUsers?: CompiledText;
  candidateGroups?: CompiledText;
  dueDate?: CompiledText;
  followUpDate?: CompiledText;
  priority?: CompiledText;
}

export interface LoopExtensions {
  collection?: CompiledExpression;
  elementVariable?: string;
  outputCollection?: string;
  outputElement?: CompiledExpression;
}

export interface CallExtensions {
  calledElement?: CompiledText;
  binding?: CallBinding;
  startEventId?: string;
  businessKey?: CompiledExpression;
  inMappings?: 'all' | readonly DataMapping[];
  outMappings?: 'all' | readonly DataMapping[];
}

/** One element as a dialect reads it. */
export class ExtensionSource {
  readonly attributes: Readonly<Record<string, string>>;
  readonly values: readonly ExtensionElement[];

  constructor(
    readonly compilation: Compilation,
    readonly element: BpmnElement,
  ) {
    this.attributes = element.$attrs ?? {};
    this.values = element.extensionElements?.values ?? [];
  }

  /** True where the element has anything of the dialect with this prefix. */
  speaks(prefix: string): boolean {
    return (
      this.values.some((value) => value.$type.startsWith(prefix)) ||
      Object.keys(this.attributes).some((name) => name.startsWith(prefix))
    );
  }

  elements(type: string): readonly ExtensionElement[] {
    return this.values.filter((value) => value.$type === type);
  }

  /** A text that may be an expression; undefined where there is no text. */
  text(what: string, text: string | undefined, literalUnless?: string): CompiledText | undefined {
    return text === undefined ? undefined : this.compilation.text({ element: this.element, what, text }, literalUnless);
  }

  expression(what: string, text: string, language?: string): CompiledExpression {
    return this.compilation.expression({ element: this.element, what, text, language });
  }

  /** For an extension that changes what runs and that this engine does not know: an error, unless it may be ignored. */
  refuse(name: string, remedy: string): void {
    const isIgnored = this.compilation.options.ignoredExtensions?.includes(name) === true;
    const code = isIgnored ? 'ignored-extension' : 'unsupported-extension';
    const message = isIgnored
      ? `'${this.element.id}' has ${name}, which is ignored as the options say.`
      : `'${this.element.id}' has ${name}, which this engine does not run; ${remedy}.`;
    this.compilation.report(code, this.element, message);
  }

  /** For an extension that is lost without harm. */
  note(name: string): void {
    this.compilation.report(
      'extension-without-effect',
      this.element,
      `'${this.element.id}' has ${name}, which has no effect.`,
    );
  }
}

export function childrenOf(element: ExtensionElement, type: string): readonly ExtensionElement[] {
  return element.$children?.filter((child) => child.$type === type) ?? [];
}

export function attributeOf(element: ExtensionElement | undefined, name: string): string | undefined {
  const value = element?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** Sets what is defined and leaves the rest absent. */
export function assignDefined<T extends object>(target: T, values: { [K in keyof T]?: T[K] | undefined }): void {
  for (const key of Object.keys(values) as (keyof T)[]) {
    const value = values[key];
    if (value !== undefined) target[key] = value;
  }
}
