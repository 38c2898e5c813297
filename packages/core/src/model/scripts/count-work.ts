import type { AnyNode, BlockStatement, Program } from 'acorn';
import { childNodes } from '../expressions/javascript/child-nodes.js';
import { isFunction } from '../expressions/javascript/javascript-scope.js';

/** Loop passes and calls between two looks at the clock, at most. */
export const TICK_PERIOD = 64;

/** A place in the source and what is written there. */
interface Insertion {
  readonly position: number;
  readonly text: string;
}

/** A script's text with counters in it, and the names of its counter and of the host function it calls. */
export interface CountedText {
  readonly text: string;
  readonly counter: string;
  readonly tick: string;
}

/**
 * Makes a script count its loop passes and calls, and tell the host every now and then; the host answers
 * where the counter goes on. The interpreter interrupts a script only every 10,000 passes, which is far too late where
 * each pass compares or writes texts of megabytes. A caught error counts as many passes: it has a description of the
 * whole stack. Lines stay where they are.
 */
export function countWork(tree: AnyNode, source: string): CountedText {
  const [counter, tick] = ['$count', '$tick'].map((name) => unusedName(name, source)) as [string, string];
  const insertions: Insertion[] = [];
  collect(tree, { counter, tick }, insertions);
  return { text: insertAll(source.slice(tree.start, tree.end), tree.start, insertions), counter, tick };
}

/** The script must not be able to name the counter. */
function unusedName(start: string, source: string): string {
  let name = start;
  while (source.includes(name)) {
    name += '_';
  }
  return name;
}

function collect(node: AnyNode, names: { counter: string; tick: string }, insertions: Insertion[]): void {
  const { counter, tick } = names;
  if (isFunction(node) && node.body.type !== 'BlockStatement') {
    insertions.push({ position: node.body.start, text: `(++${counter}>${TICK_PERIOD}&&(${counter}=${tick}()),` });
    insertions.push({ position: node.body.end, text: ')' });
  }
  const count = `if(++${counter}>${TICK_PERIOD})${counter}=${tick}();`;
  if (isFunction(node) && node.body.type === 'BlockStatement') {
    insertions.push({ position: bodyStart(node.body), text: `;${count}` });
  }
  if (isLoop(node)) {
    insertions.push({ position: node.body.start, text: `{${count}` });
    insertions.push({ position: node.body.end, text: '}' });
  }
  if (node.type === 'CatchClause') {
    insertions.push({ position: node.body.start + 1, text: `${counter}=${tick}();` });
  }
  childNodes(node).forEach((child) => collect(child, names, insertions));
}

type Loop = Extract<AnyNode, { type: `${'For' | 'ForIn' | 'ForOf' | 'While' | 'DoWhile'}Statement` }>;

function isLoop(node: AnyNode): node is Loop {
  return /^(For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type);
}

/** After directives such as `'use strict'`, which must come first and may lack their semicolon. */
function bodyStart({ start, body }: BlockStatement | Program): number {
  const directives = body.filter((statement) => statement.type === 'ExpressionStatement' && statement.directive);
  return directives.at(-1)?.end ?? start + 1;
}

/** At one place, what closes an inner part comes before what closes an outer one, and openings the other way round. */
function insertAll(text: string, offset: number, insertions: readonly Insertion[]): string {
  const ordered = insertions
    .map((insertion, order) => ({ ...insertion, order, closes: /^[)}]/.test(insertion.text) }))
    .sort(
      (a, b) =>
        a.position - b.position ||
        Number(b.closes) - Number(a.closes) ||
        (a.closes ? b.order - a.order : a.order - b.order),
    );
  let result = '';
  let position = 0;
  for (const insertion of ordered) {
    result += text.slice(position, insertion.position - offset) + insertion.text;
    position = insertion.position - offset;
  }
  return result + text.slice(position);
}
