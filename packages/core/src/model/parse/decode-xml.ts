import { ModelSyntaxError, NO_DOCUMENT_TYPE } from './model-syntax-error.js';

const BYTE_ORDER_MARKS: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** How `<?` looks in UTF-16 without a byte order mark (XML 1.0, appendix F). */
const DECLARATION_STARTS: readonly (readonly [encoding: string, start: readonly number[]])[] = [
  ['utf-16le', [0x3c, 0x00, 0x3f, 0x00]],
  ['utf-16be', [0x00, 0x3c, 0x00, 0x3f]],
];

const DECLARED_ENCODING = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']+)["']/;

/** What may stand before the root element or a document type declaration. */
const PROLOG = /^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)*/;

/**
 * The text of an XML document: from bytes in the encoding they carry or declare, default UTF-8; a text is taken as it
 * is, whatever encoding it declares.
 *
 * @throws ModelSyntaxError if the encoding is unknown, does not fit the bytes, or there is a document type declaration
 */
export function decodeXml(xml: string | Uint8Array): string {
  const text = typeof xml === 'string' ? xml : decodeBytes(xml);
  const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const afterProlog = withoutMark.slice(PROLOG.exec(withoutMark)?.[0].length ?? 0);
  if (/^<!DOCTYPE/i.test(afterProlog)) {
    throw new ModelSyntaxError(NO_DOCUMENT_TYPE);
  }
  return withoutMark;
}

function decodeBytes(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    const reason = error instanceof RangeError ? 'is not supported' : 'does not fit the bytes of the file';
    throw new ModelSyntaxError(`the encoding '${encoding}' ${reason}; save the file as UTF-8`);
  }
}

function encodingOf(bytes: Uint8Array): string {
  const startsWith = ([, start]: readonly [string, readonly number[]]): boolean =>
    start.every((byte, index) => bytes[index] === byte);
  const detected = BYTE_ORDER_MARKS.find(startsWith) ?? DECLARATION_STARTS.find(startsWith);
  if (detected !== undefined) return detected[0];
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const declared = DECLARED_ENCODING.exec(head)?.[1] ?? 'utf-8';
  if (/^(?:utf-?16|ucs-?2|utf-?32|ucs-?4)/i.test(declared)) {
    throw new ModelSyntaxError(`the file declares the encoding '${declared}' but is not written in it`);
  }
  return declared;
}
