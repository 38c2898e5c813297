import { ModelSyntaxError, NO_DOCUMENT_TYPE } from './model-syntax-error.js';

/**
 * Where diagrams begin, and declarations of document types and entities, which are refused wherever they stand.
 * Comments and CDATA sections are skipped as a whole: what looks like a diagram there is part of a script or remark.
 * Nothing is looked at twice, so that a text made for it cannot take long.
 */
const MARKED =
  /<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<!--[\s\S]*?(?:-->|$)|<!(?:DOCTYPE|ENTITY)|<((?:[\w.-]+:)?)BPMNDiagram(?=[\s>])[^<>]*>/gi;

/** Numeric references that saxen, the parser below bpmn-moddle, would cut to 16 bits; CDATA sections are skipped. */
const LARGE_REFERENCE = /<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|&#(?:x0*([0-9a-f]{5,6})|0*(\d{5,7}));/gi;
const HAS_LARGE_REFERENCE = /&#(?:x0*[0-9a-f]{5}|0*\d{5})/i;

/**
 * The text as it is given to the parser: line ends normalised (XML 1.0, 2.11), characters beyond 16 bits written out,
 * the diagram left out (it takes half of the parser's time and nothing of it runs). Lines keep their numbers.
 */
export function prepareXml(text: string): string {
  const unixText = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return withoutDiagrams(withLargeCharacters(unixText));
}

function withLargeCharacters(text: string): string {
  if (!HAS_LARGE_REFERENCE.test(text)) return text;
  return text.replace(LARGE_REFERENCE, (match, hex: string | undefined, decimal: string | undefined) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0xffff && code <= 0x10ffff ? String.fromCodePoint(code) : match;
  });
}

function withoutDiagrams(text: string): string {
  let kept = '';
  let end = 0;
  for (const start of text.matchAll(MARKED)) {
    if (start.index < end) continue;
    if (/^<![DE]/i.test(start[0])) throw new ModelSyntaxError(NO_DOCUMENT_TYPE);
    if (start[0].startsWith('<!') || start[0].endsWith('/>')) continue;
    const endTag = `</${start[1] ?? ''}BPMNDiagram>`;
    const close = text.indexOf(endTag, start.index);
    if (close === -1) break; // the parser will tell
    kept += text.slice(end, start.index);
    end = close + endTag.length;
    kept += '\n'.repeat(countLines(text, start.index, end));
  }
  return end === 0 ? text : kept + text.slice(end);
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at += 1) if (text[at] === '\n') lines += 1;
  return lines;
}
