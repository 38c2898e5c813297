/** What this node has done since it started, as plain counts. */
export interface EngineStatistics {
  /** Commits that came after another one of the same instance and were tried again. */
  readonly conflicts: number;
  /** Reports of external tasks that were finished already, and were answered with 410. */
  readonly repeatedReports: number;
  /** Starts that gave the instance of an earlier start with the same idempotency key. */
  readonly repeatedStarts: number;
  /** Messages that were published before, known by their id. */
  readonly repeatedMessages: number;
  /** Commands refused because too many waited for the same instance. */
  readonly refusedCommands: number;
  /** Jobs carried out. */
  readonly jobs: number;
  /** Attempts at jobs that failed and are made again. */
  readonly failedJobs: number;
  /** Jobs that failed for good and became incidents. */
  readonly jobIncidents: number;
  /** Jobs whose lock was lost before they were carried out: another node was quicker, or this one too slow. */
  readonly lostJobs: number;
  /** Ended instances that were removed after their time. */
  readonly removedInstances: number;
}

type Counts = { -readonly [Name in keyof EngineStatistics]: number };

export class Statistics {
  readonly #counts: Counts = {
    conflicts: 0,
    repeatedReports: 0,
    repeatedStarts: 0,
    repeatedMessages: 0,
    refusedCommands: 0,
    jobs: 0,
    failedJobs: 0,
    jobIncidents: 0,
    lostJobs: 0,
    removedInstances: 0,
  };

  count(name: keyof EngineStatistics, by = 1): void {
    this.#counts[name] += by;
  }

  get snapshot(): EngineStatistics {
    return { ...this.#counts };
  }
}
