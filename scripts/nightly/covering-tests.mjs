/** Which files of tests run a place in the code, from what test-coverage-hooks.mjs wrote. */
export class CoveringTests {
  #files;

  constructor(coverage) {
    const files = Object.entries(coverage).map(([file, taken]) => ({ file, ...taken }));
    // `load` is what runs when the modules are loaded.
    this.#files = files.filter(({ file }) => file !== 'load');
    this.#files.sort((a, b) => a.duration - b.duration);
  }

  /** The quickest first; all files for a place none of them runs: it is run when the module is loaded, or when the cache evicts. */
  of(module, offset) {
    const runsIt = ({ ranges }) => (ranges[module] ?? []).some((taken) => isRun(taken, offset));
    const covering = this.#files.filter(runsIt);
    return (covering.length === 0 ? this.#files : covering).map(({ file }) => file);
  }

  /** In ms. */
  durationOf(files) {
    return this.#files.filter(({ file }) => files.includes(file)).reduce((sum, { duration }) => sum + duration, 0);
  }
}

/** The innermost range around the place says how often it was run; functions that were not called are no range. */
function isRun(ranges, offset) {
  let innermost;
  for (const range of ranges) {
    const [start, end] = range;
    if (start > offset || end <= offset) continue;
    if (innermost === undefined || end - start <= innermost[1] - innermost[0]) innermost = range;
  }
  return innermost !== undefined && innermost[2] > 0;
}
