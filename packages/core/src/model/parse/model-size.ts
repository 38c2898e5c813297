import { ModelSyntaxError } from './model-syntax-error.js';

/** A model is read and compiled at once, in about ten microseconds for an element: nothing else runs meanwhile. */
export const MAX_MODEL_ELEMENTS = 25_000;

const ATTRIBUTES_PER_ELEMENT = 8;
/** Each namespace that is declared somewhere inside makes the parser copy all that are known there. */
const ELEMENTS_PER_NAMESPACE = 10;
const MAX_DEPTH = 500;

/**
 * Refuses texts with more markup than can be read in moderate time. Texts and diagrams may be as long as they like.
 *
 * @param xml without diagrams
 * @throws ModelSyntaxError
 */
export function checkModelSize(xml: string, maxElements: number): void {
  const { elements, depth } = countElements(xml);
  if (elements > maxElements) refuse(`${maxElements} elements`);
  if (depth > MAX_DEPTH) refuse(`${MAX_DEPTH} levels of elements`);
  const attributes = maxElements * ATTRIBUTES_PER_ELEMENT;
  if (countAttributes(xml) > attributes) refuse(`${attributes} attributes`);
  const namespaces = maxElements / ELEMENTS_PER_NAMESPACE;
  if (count(xml, 'xmlns') > namespaces) refuse(`${namespaces} declarations of namespaces`);
}

function refuse(what: string): never {
  throw new ModelSyntaxError(`the model is too large: it has more than ${what} besides its diagram`);
}

/** For the marks that end comments and CDATA sections: where the next one is, -1 for nowhere. */
type NextEnds = Map<string, number>;

/** A comment and a CDATA section count as one element, whatever is in them. */
function countElements(xml: string): { elements: number; depth: number } {
  const ends: NextEnds = new Map();
  let [elements, depth, deepest] = [0, 0, 0];
  for (let at = xml.indexOf('<'); at !== -1; at = xml.indexOf('<', at + 1)) {
    const next = xml[at + 1] ?? '';
    if (next === '/') {
      depth -= 1;
    } else if (!' \n\t=<0123456789'.includes(next)) {
      elements += 1;
      if (next === '!') at = endOfSection(xml, at, ends);
      if (next === '!' || next === '?') continue;
      if (xml[endOfTag(xml, at) - 1] !== '/') depth += 1;
      deepest = Math.max(deepest, depth);
    }
  }
  return { elements, depth: deepest };
}

/** Where a comment or CDATA section that begins there ends; where it begins, if it does not end. */
function endOfSection(xml: string, start: number, next: NextEnds): number {
  const mark = xml.startsWith('<![CDATA[', start) ? ']]>' : '-->';
  const known = next.get(mark);
  // An end behind the start is the nearest one, and without one there is none for those that follow.
  const end = known === undefined || (known !== -1 && known < start) ? xml.indexOf(mark, start) : known;
  next.set(mark, end);
  return end === -1 ? start : end;
}

function endOfTag(xml: string, start: number): number {
  let end = start + 1;
  while (end < xml.length && xml[end] !== '>' && xml[end] !== '<') end += 1;
  return end;
}

function countAttributes(xml: string): number {
  let attributes = 0;
  for (let at = xml.indexOf('='); at !== -1; at = xml.indexOf('=', at + 1)) {
    while (' \n\t'.includes(xml[at + 1] ?? '.')) at += 1;
    if (xml[at + 1] === '"' || xml[at + 1] === "'") attributes += 1;
  }
  return attributes;
}

function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) found += 1;
  return found;
}
