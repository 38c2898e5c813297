/** Which files of tests run a place in the code, from what test-coverage-hooks.mjs wrote. */
export class CoveringTests {
  #files;
  #load;

  constructor({ load, ...files }) {
    this.#load = load;
    this.#files = Object.entries(files).map(([file, coverage]) => ({ file, ...coverage }));
    this.#files.sort((a, b) => a.duration - b.duration);
  }

  /** The quickest first; all files for a place that is run when the module is loaded. */
  of(module, offset) {
    const runsIt = ({ ranges }) => (ranges[module] ?? []).some((taken) => isRun(taken, offset));
    const covering = this.#files.filter(runsIt);
    const files = covering.length === 0 && this.#load !== undefined && runsIt(this.#load) ? this.#files : covering;
    return files.map(({ file }) => file);
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
