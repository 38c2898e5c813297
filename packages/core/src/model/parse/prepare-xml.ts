const DIAGRAM_START = /<((?:[\w.-]+:)?)BPMNDiagram(?=[\s>])[^>]*>/g;

/** Numeric references that saxen, the parser below bpmn-moddle, would cut to 16 bits; CDATA sections are skipped. */
const LARGE_REFERENCE = /<!\[CDATA\[[\s\S]*?\]\]>|&#(?:x0*([0-9a-f]{5,6})|0*(\d{5,7}));/gi;
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
  for (const start of text.matchAll(DIAGRAM_START)) {
    if (start.index < end || start[0].endsWith('/>') || isInsideText(text, start.index)) continue;
    const endTag = `</${start[1] ?? ''}BPMNDiagram>`;
    const close = text.indexOf(endTag, start.index);
    if (close === -1) continue;
    kept += text.slice(end, start.index);
    end = close + endTag.length;
    kept += '\n'.repeat(countLines(text, start.index, end));
  }
  return end === 0 ? text : kept + text.slice(end);
}

/** In a CDATA section or comment: what looks like a diagram there is part of a script or remark. */
function isInsideText(text: string, index: number): boolean {
  const isOpen = (open: string, close: string): boolean => {
    const opened = text.lastIndexOf(open, index);
    return opened !== -1 && text.lastIndexOf(close, index) < opened;
  };
  return isOpen('<![CDATA[', ']]>') || isOpen('<!--', '-->');
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
