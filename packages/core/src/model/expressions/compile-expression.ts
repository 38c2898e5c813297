import { compileFeel } from './feel/compile-feel.js';
import type { CompiledExpression, ExpressionLanguage } from './expression.js';
import { compileScriptExpression } from './script-expression.js';
import { markedText } from './marked-text.js';

export type { CompiledExpression, EvaluationContext, ExpressionLanguage } from './expression.js';

export interface CompileOptions {
  /**
   * The language as the model names it: `feel` or FEEL's namespace, `javascript`, `js`, `ecmascript`,
   * `text/javascript`, `juel`. Without it the text decides.
   */
  readonly language?: string | undefined;
  /** In a `template` a text without a marker is literal; see `compileText`. Default `expression`. */
  readonly mode?: 'expression' | 'template' | undefined;
}

/**
 * Compiles an expression once, to be evaluated many times. Without a named language a leading `=` means FEEL, a text
 * that is wholly `${…}` or `#{…}` the common subset with JUEL's words, and anything else JavaScript. Blank text
 * compiles to `undefined`.
 *
 * @throws ExpressionSyntaxError with the position of the error
 * @throws TypeError if the language is not known
 */
export function compileExpression(source: string, options: CompileOptions = {}): CompiledExpression {
  if (source.trim() === '') {
    return literalExpression(source, undefined);
  }
  const marked = markedText(source);
  if (options.mode === 'template' && marked === undefined) {
    return literalExpression(source, source);
  }
  const language = languageNamed(options.language) ?? marked?.language ?? 'javascript';
  const text = marked?.language === language ? marked.text : source;
  return language === 'feel' ? compileFeel(source, text) : compileScriptExpression(source, text, language);
}

/** An expression that is a constant. */
export function literalExpression(source: string, value: unknown): CompiledExpression {
  return {
    source,
    language: 'literal',
    names: new Set(),
    historyIds: new Set(),
    usesSandbox: false,
    evaluate: () => value,
  };
}

type NamedLanguage = Exclude<ExpressionLanguage, 'literal'>;

const LANGUAGES: readonly (readonly [RegExp, NamedLanguage])[] = [
  [/^(feel|https?:\/\/www\.omg\.org\/spec\/(FEEL|DMN)\/.*)$/i, 'feel'],
  [/^((text|application)\/)?(javascript|js|ecmascript)$/i, 'javascript'],
  [/^(https?:\/\/www\.ecma-international\.org\/.*)$/i, 'javascript'],
  [/^juel$/i, 'juel'],
];

/** Formal expressions of BPMN default to XPath, which modelling tools write without meaning it: it counts as not named. */
const UNSPECIFIC = /^(|https?:\/\/www\.w3\.org\/(1999\/XPath|TR\/xpath).*)$/i;

function languageNamed(name: string | undefined): NamedLanguage | undefined {
  if (name === undefined || UNSPECIFIC.test(name.trim())) {
    return undefined;
  }
  const known = LANGUAGES.find(([pattern]) => pattern.test(name.trim()));
  if (known === undefined) {
    throw new TypeError(`the expression language '${name}' is not supported; known are feel, javascript and juel`);
  }
  return known[1];
}
