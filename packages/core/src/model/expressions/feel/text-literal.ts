const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '\\': '\\' };

/** The value of a string literal with its quotes. A backslash that starts no escape stays, as patterns need it. */
export function textLiteral(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(["'\\nrt]))/g, (escape, short, long, single) => {
      if (typeof single === 'string') {
        return ESCAPES[single] ?? escape;
      }
      const codePoint = Number.parseInt(String(short ?? long), 16);
      return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : escape;
    });
}
