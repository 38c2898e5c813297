import type { SupportedElements } from '../validate/supported-elements.js';

/** What untyped tasks (`bpmn:task`) do: wait to be finished, or pass through as BPMN 13.3.3 has it. */
export type UntypedTasks = 'wait' | 'pass';

/** What expressions see: the token of the path, the scoped variables, or both. */
export type DataVisibility = 'both' | 'token' | 'variables';

/** A service in the engine's process: `module` as it was registered, `method` of it or none for the handler form. */
export interface ServiceBinding {
  readonly module: string;
  readonly method?: string;
}

/** Which services there are; without it modules are not checked. */
export interface KnownServices {
  isRegistered(module: string): boolean;
  /** Modules registered on other nodes only. */
  readonly remote: readonly string[];
}

export interface CompileOptions {
  /** Named in findings. */
  readonly fileName?: string;
  /** Default `wait`. A property `untypedTasks` of the process or of the task goes before it. */
  readonly untypedTasks?: UntypedTasks;
  /** Default `both`. A property `data` of the process goes before it. */
  readonly data?: DataVisibility;
  readonly services?: KnownServices;
  /** Default: what this release runs. */
  readonly supportedElements?: SupportedElements;
  /**
   * Services for `camunda:class`, `camunda:delegateExpression` and `camunda:expression`, by the attribute's text. Without
   * an entry such a binding is an error.
   */
  readonly bindings?: Readonly<Record<string, ServiceBinding>>;
  /**
   * Extensions that may be left out although they would change what runs, as `camunda:executionListener`; they are then
   * no errors but information.
   */
  readonly ignoredExtensions?: readonly string[];
}
