/** The part of bpmn-moddle (version 10, which ships without usable types) that the parser calls. */
declare module 'bpmn-moddle' {
  export interface ParseWarning {
    readonly message: string;
    /** Of an unresolved reference: the element that refers … */
    readonly element?: unknown;
    /** … the property with its namespace prefix … */
    readonly property?: string;
    /** … and the id that was looked for. */
    readonly value?: string;
  }

  export interface ParseResult {
    readonly rootElement: unknown;
    readonly elementsById: Readonly<Record<string, unknown>>;
    readonly warnings: readonly ParseWarning[];
  }

  /** What the reader of a file keeps while it reads. */
  export interface ReadingContext {
    readonly warnings: ParseWarning[];
    addWarning(warning: ParseWarning): void;
  }

  export interface RootHandler {
    context?: ReadingContext;
  }

  /** Replaces methods of the reader, which is `this`. */
  export interface ReaderOptions {
    handler(name: string): RootHandler;
  }

  export class BpmnModdle {
    /** `nsMap`: prefixes by namespace URI; names of these namespaces come out with these prefixes. */
    constructor(packages?: object, options?: { readonly nsMap?: Record<string, string> });
    /** The descriptions of the package's elements, as it was given. */
    getPackage(prefix: string): object;
    fromXML(xml: string, options?: ReaderOptions): Promise<ParseResult>;
  }
}
