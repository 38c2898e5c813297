/** The form in which suites of faults run: short as a part of `npm test`, long with the variable FAULTS=long. */
export const IS_LONG = process.env['FAULTS'] === 'long';

/** FAULT_SEED repeats a run; without it the short form is always the same one, and the long form a new one. */
export function chosenSeed(short: number): number {
  const given = process.env['FAULT_SEED'];
  if (given !== undefined) return Number(given);
  return IS_LONG ? Date.now() % 1_000_000 : short;
}

/** A line among the titles of the tests: what a suite counted. */
export function report(line: string): void {
  process.stdout.write(`      ${line}\n`);
}
