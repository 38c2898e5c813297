import type { Finding } from '@process-engine/contracts';
import { compileExpression } from '../expressions/compile-expression.js';
import type { CompiledExpression } from '../expressions/expression.js';
import { ExpressionSyntaxError } from '../expressions/expression-errors.js';
import { compileText } from '../expressions/template.js';
import type { BoundaryEventNode, FlowNode, SequenceFlow } from '../graph.js';
import type { BpmnElement } from '../parse/bpmn-element.js';
import type { ParsedModel } from '../parse/parse-model.js';
import { compileScript, UnsupportedScriptFormat } from '../scripts/compile-script.js';
import type { CompiledScript } from '../scripts/script-sandbox.js';
import { finding, type FindingCodeName } from '../validate/finding-codes.js';
import type { CompileOptions, UntypedTasks } from './compile-options.js';
import { constant, unionOfHistoryIds } from './composed-expressions.js';

const KNOWN_LANGUAGE = /feel|javascript|ecmascript/i;

/** A node under construction: the same object as in the graph, still writable. */
export type Draft<T> = T extends unknown ? { -readonly [K in keyof T]: T[K] } : never;

/** A flow node with its element and its lists, which are filled after all nodes exist. */
export interface NodeEntry {
  readonly element: BpmnElement;
  readonly node: Draft<FlowNode>;
  readonly incoming: SequenceFlow[];
  readonly outgoing: SequenceFlow[];
  readonly boundaryEvents: BoundaryEventNode[];
}

/** A text and where it stands, for the finding if it does not parse. */
export interface SourceText {
  readonly element: BpmnElement;
  /** `condition`, `topic`, … */
  readonly what: string;
  readonly text: string;
  readonly language?: string | undefined;
}

/** The compilation of one process: what was built and found so far, and how texts are compiled. */
export class Compilation {
  readonly findings: Finding[] = [];
  /** In the order of the file, containers before their content. */
  readonly entries = new Map<BpmnElement, NodeEntry>();
  /** Flow nodes that could not be compiled, each with a finding: what is about them too need not be reported again. */
  readonly failed = new Set<BpmnElement>();
  /** Of the process's property or the options. */
  untypedTasks: UntypedTasks = 'wait';
  /** Of external tasks that name none of their own. */
  taskPriority: CompiledExpression | undefined = undefined;
  usesSandbox = false;
  historyIds: ReadonlySet<string> | 'all' = new Set();

  constructor(
    readonly model: ParsedModel,
    readonly options: CompileOptions,
    readonly process: BpmnElement,
  ) {}

  report(code: FindingCodeName, element: { readonly id?: string | undefined }, message: string): void {
    this.findings.push(finding(code, element.id, message));
  }

  /** True where the parser already reported that the element refers to something that is not in the file. */
  hasUnresolvedReference({ id }: { readonly id?: string }): boolean {
    return this.model.findings.some(({ code, elementId }) => code === 'unresolved-reference' && elementId === id);
  }

  /** An expression of the dialect its marks or `language` say. Invalid: a finding, and an expression without a value. */
  expression(source: SourceText): CompiledExpression {
    const language = source.language === undefined ? {} : { language: source.language };
    return this.#compile(source, () => compileExpression(source.text, language));
  }

  /**
   * A text that may hold an expression.
   *
   * @param literalUnless what an unmarked text has to contain to be an expression
   */
  text(source: SourceText, literalUnless?: string): CompiledExpression {
    const options = literalUnless === undefined ? {} : { literalUnless };
    const text = this.#compile(source, () => compileText(source.text, options));
    if (text.language === 'literal' && /[$#]\{/.test(source.text)) {
      const { element, what } = source;
      const message = `The ${what} of '${element.id}' is taken literally: '${source.text}' holds an expression but is not wholly one.`;
      this.report('partly-marked-text', element, message);
    }
    return text;
  }

  /** An expression of BPMN itself: its own language goes before the file's. */
  formalExpression(owner: BpmnElement, what: string, expression: BpmnElement): CompiledExpression {
    const language = expression.language ?? expression.$attrs?.['language'] ?? this.#fileLanguage();
    return this.expression({ element: owner, what, text: expression.body ?? '', language });
  }

  /** A script, with a finding where it does not parse or its language is unknown. */
  script(source: SourceText): CompiledScript {
    try {
      const script = compileScript(source.text, source.language);
      this.#note(script.historyIds, script.language !== 'feel');
      return script;
    } catch (error) {
      const code = error instanceof ExpressionSyntaxError ? 'invalid-script' : 'unsupported-script-format';
      this.report(code, source.element, `The script of '${source.element.id}' ${problem(error)}.`);
      return compileScript('');
    }
  }

  #compile(source: SourceText, compile: () => CompiledExpression): CompiledExpression {
    try {
      const expression = compile();
      this.#note(expression.historyIds, expression.usesSandbox);
      return expression;
    } catch (error) {
      this.report(
        'invalid-expression',
        source.element,
        `The ${source.what} of '${source.element.id}' ${problem(error)}.`,
      );
      return constant(undefined);
    }
  }

  /** Tools name a language for the file without meaning it (XPath): only one that is known counts. */
  #fileLanguage(): string | undefined {
    const language = this.model.definitions?.expressionLanguage;
    return language !== undefined && KNOWN_LANGUAGE.test(language) ? language : undefined;
  }

  #note(historyIds: ReadonlySet<string> | 'all', usesSandbox: boolean): void {
    if (historyIds === 'all' || historyIds.size > 0) this.historyIds = unionOfHistoryIds([this.historyIds, historyIds]);
    if (usesSandbox) this.usesSandbox = true;
  }
}

/** A TypeError says that the language is not known; anything else is no fault of the model. */
function problem(error: unknown): string {
  if (error instanceof TypeError || error instanceof UnsupportedScriptFormat)
    return `is not supported: ${error.message}`;
  if (!(error instanceof ExpressionSyntaxError)) throw error;
  const source = error.source.length > 80 ? `${error.source.slice(0, 80)}…` : error.source;
  return `does not parse: ${error.message} (at character ${error.position + 1} of '${source}')`;
}
