/** The structure of a regular expression. Single characters are tests; everything that can repeat is a node. */
export type PatternNode =
  | { readonly kind: 'character'; readonly test: CharacterTest }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'group'; readonly index: number; readonly item: PatternNode }
  | { readonly kind: 'repeat'; readonly item: PatternNode; readonly repetition: Repetition };

/** Whether a code point matches. */
export type CharacterTest = (codePoint: number) => boolean;

export type Assertion = 'start' | 'end' | 'line-start' | 'line-end' | 'word-boundary' | 'no-word-boundary';

export interface Repetition {
  readonly min: number;
  /** `Infinity` if unbounded. */
  readonly max: number;
  readonly lazy: boolean;
}
