/** A text that says of itself that it is an expression. */
export interface MarkedText {
  readonly language: 'feel' | 'juel';
  /** The text without its marker; blanks stand for it, so that positions stay the same. */
  readonly text: string;
}

/** Finds the marker: a leading `=`, or `${…}` or `#{…}` around the whole text. `undefined` if there is none. */
export function markedText(source: string): MarkedText | undefined {
  const text = source.trim();
  const start = source.indexOf(text);
  if (text.startsWith('=')) {
    return { language: 'feel', text: ' '.repeat(start + 1) + text.slice(1) };
  }
  const isWrapped = (text.startsWith('${') || text.startsWith('#{')) && closingBrace(text) === text.length - 1;
  return isWrapped ? { language: 'juel', text: ' '.repeat(start + 2) + text.slice(2, -1) } : undefined;
}

/** Index of the brace that closes the one at index 1, skipping quoted texts; -1 if there is none. */
function closingBrace(text: string): number {
  let depth = 0;
  let quote: string | undefined;
  for (let index = 1; index < text.length; index += 1) {
    const character = text[index];
    if (character === '\\') {
      index += 1;
    } else if (quote !== undefined) {
      quote = character === quote ? undefined : quote;
    } else if (character === '"' || character === "'" || character === '`') {
      quote = character;
    } else if (character === '{') {
      depth += 1;
    } else if (character === '}') {
      depth -= 1;
      if (depth === 0) {
        return index;
      }
    }
  }
  return -1;
}
