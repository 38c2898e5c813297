import { expect } from 'chai';
import { Evaluation } from '../../dist/model/expressions/evaluation.js';
import { findMatch } from '../../dist/model/expressions/pattern/find-match.js';
import { InvalidPattern, UnsupportedPattern } from '../../dist/model/expressions/pattern/parse-pattern.js';
import { compilePattern } from '../../dist/model/expressions/pattern/pattern-program.js';
import { contextOf, evaluate } from './evaluation-context.js';

/** Patterns with texts: each is matched by the host's own regular expressions as well. */
const PATTERNS: readonly (readonly [pattern: string, flags: string, ...texts: string[]])[] = [
  ['abc', '', 'abc', 'xabcx', 'ab', ''],
  ['a|b|cd', '', 'b', 'cd', 'c'],
  ['(a|ab)(c|bcd)(d*)', '', 'abcd', 'abcbcd'],
  ['a*', '', '', 'aaa', 'baa'],
  ['a+?b', '', 'aaab', 'b'],
  ['(a+)(a*)', '', 'aaaa'],
  ['(a*?)(a*)', '', 'aaaa'],
  ['a{2}', '', 'a', 'aa', 'aaa'],
  ['a{2,}', '', 'a', 'aaaa'],
  ['a{1,3}?', '', 'aaaa'],
  ['(a{0,2})b', '', 'aaab', 'b'],
  ['^a$', '', 'a', 'ab', 'a\n'],
  ['^a$', 'm', 'b\na\nc', 'ba'],
  ['a.c', '', 'abc', 'a\nc', 'a😀c'],
  ['a.c', 's', 'a\nc'],
  ['[a-c]+', '', 'xxabcabcx', 'd'],
  ['[^a-c]', '', 'abcd', 'abc'],
  ['[\\d\\-x]+', '', 'a1-x', '-'],
  ['\\d+\\.\\d+', '', '12.5', '125'],
  ['\\w+\\s\\W', '', 'ab !', 'ab'],
  ['\\bfoo\\b', '', 'a foo b', 'afoo', 'foo'],
  ['\\Bo', '', 'foo', 'o'],
  ['\\p{Lu}\\p{Ll}+', '', 'hello World', 'hello'],
  ['\\u0041|\\x42|\\u{43}', '', 'B', 'C', 'D'],
  ['ABC', 'i', 'xabcx', 'aBc'],
  ['[a-z]+', 'i', 'ABC'],
  ['äÖ', 'i', 'Äö'],
  ['(?:ab)+', '', 'ababa'],
  ['(?<year>\\d{4})-(?<month>\\d\\d)', '', '2020-11'],
  ['(a)|(b)', '', 'b'],
  ['(|a)+', '', 'aaa'],
  ['(a*)*', '', 'aaab'],
  ['(a|b)*c', '', 'abac', 'abab'],
  ['\\(\\[\\{\\*\\+\\?\\|\\^\\$\\\\', '', '([{*+?|^$\\'],
  ['', '', '', 'abc'],
  ['a||b', '', 'b', ''],
  ['x*$', '', 'axx', 'a'],
  ['((a)|(b)|(c))+', '', 'c'],
];

function find(pattern: string, flags: string, text: string): string[] | null {
  const program = compilePattern(pattern, flags);
  const match = findMatch(new Evaluation(contextOf({})), program, { text, from: 0 });
  if (match === undefined) {
    return null;
  }
  return Array.from({ length: program.groups + 1 }, (_unused, group) => {
    const [from, to] = [match[group * 2], match[group * 2 + 1]];
    return from === undefined || to === undefined ? '' : text.slice(from, to);
  });
}

describe('Regular expressions', () => {
  for (const [pattern, flags, ...texts] of PATTERNS) {
    it(`match as the host's own: /${pattern}/${flags}`, () => {
      for (const text of texts) {
        const expected = new RegExp(pattern, `u${flags}`).exec(text);
        const [whole, ...groups] = find(pattern, flags, text) ?? [];

        expect(whole, text).to.equal(expected?.[0]);
        if (!/\(\|a\)|\(a\*\)\*/.test(pattern)) {
          expect(groups, text).to.deep.equal(expected?.slice(1).map((group) => group ?? '') ?? []);
        }
      }
    });
  }

  it('ignore white space with the flag x', () => {
    expect(find('a b [ ] c', 'x', 'ab c')).to.deep.equal(['ab c']);
  });

  it('refuse invalid patterns and flags', () => {
    for (const pattern of [
      '(',
      ')',
      '[a',
      '*',
      'a**',
      'a{2,1}',
      '^*',
      '{',
      ']',
      '\\',
      '[z-a]',
      'a{5000}',
      '(?:a{900}){900}',
    ]) {
      expect(() => compilePattern(pattern, ''), pattern).to.throw(InvalidPattern);
    }
    expect(() => compilePattern('a', 'g')).to.throw(InvalidPattern);
    expect(() => compilePattern('('.repeat(500) + ')'.repeat(500), '')).to.throw(InvalidPattern);
    expect(() => compilePattern('a'.repeat(5_000), '')).to.throw(InvalidPattern);
  });

  it('refuse what cannot be matched in linear time', () => {
    for (const pattern of ['(a)\\1', '(?=a)', '(?!a)', '(?<=a)b', '(?<!a)b', '(?<n>a)\\k<n>']) {
      expect(() => compilePattern(pattern, ''), pattern).to.throw(UnsupportedPattern);
    }
    expect(() => evaluate('=matches("aa", "(a)\\1")')).to.throw(/back references/);
  });

  it('match in no time what others need ages for', () => {
    const text = `${'a'.repeat(30)}!`;
    for (const pattern of [
      '^(a+)+$',
      '^(a|a)*$',
      '^(a|aa)+$',
      '(.*a){12}$',
      '^(([a-z])+.)+[A-Z]([a-z])+$',
      '(x+x+)+y',
    ]) {
      expect(evaluate('=matches(text, pattern)', { text, pattern }), pattern).to.equal(false);
    }
  });
});
