import type { ReaderOptions, ReadingContext, RootHandler } from 'bpmn-moddle';
import { ModelSyntaxError } from './model-syntax-error.js';

/** For each warning the parser counts the lines of the text: so many characters in all are a fraction of a second. */
const CHARACTERS_LOOKED_AT = 1e8;
/** What the end of a line costs, in characters. */
const LINE = 50;
const MOST = 1_000;

/**
 * Ends the reading of a file in which too much is wrong, before the warnings take longer than the file itself.
 *
 * @param xml what is going to be read
 */
export function limitedReading(xml: string): ReaderOptions {
  const most = Math.max(1, Math.min(MOST, Math.floor(CHARACTERS_LOOKED_AT / (xml.length + LINE * linesOf(xml)))));
  return {
    handler(name) {
      const reader = Object.getPrototypeOf(this) as ReaderOptions;
      return watched(reader.handler.call(this, name), most);
    },
  };
}

function linesOf(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** The handler is given the context when the reading begins. */
function watched(root: RootHandler, most: number): RootHandler {
  let current: ReadingContext | undefined;
  return Object.defineProperty(root, 'context', {
    get: () => current,
    set(context: ReadingContext) {
      current = context;
      context.addWarning = (warning) => {
        context.warnings.push(warning);
        if (context.warnings.length > most) {
          const [first] = context.warnings;
          throw new ModelSyntaxError(
            `more than ${most} parts of it cannot be read; the first: ${firstLine(first!.message)}`,
          );
        }
      };
    },
  });
}

function firstLine(text: string): string {
  return text.slice(0, 200).split('\n', 1)[0]!;
}
