import { ServiceUnavaliableError } from '@process-engine/contracts';

/** Requests under way at once: what comes beyond it is turned away before it costs anything. */
export class RequestBound {
  #underWay = 0;

  /** @throws RangeError */
  constructor(private readonly maximum: number) {
    if (!(maximum > 0)) throw new RangeError('limits.concurrentRequests must be greater than 0');
  }

  /** ServiceUnavaliableError (`overloaded`): too many are under way. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#underWay >= this.maximum) {
      throw new ServiceUnavaliableError('too many requests are under way', { reason: 'overloaded' });
    }
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
    }
  }
}
