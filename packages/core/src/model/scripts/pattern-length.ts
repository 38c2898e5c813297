/**
 * Whether a regular expression would take too long to be compiled. Self-contained: the sandbox evaluates its text.
 *
 * @param pattern without slashes and flags
 */
export function isTooLongPattern(pattern: string): boolean {
  let properties = 0;
  for (let index = pattern.indexOf('\\'); index >= 0; index = pattern.indexOf('\\', index + 2)) {
    if (pattern[index + 1] === 'p' || pattern[index + 1] === 'P') properties += 1;
  }
  return pattern.length > 5000 || properties > 100;
}
