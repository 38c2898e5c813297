const MachineDate = Date;

/** The wall clock of this process, as if somebody had set the machine's; timers and monotonic time go on as they do. */
export class MachineClock {
  #ahead: number;

  /** @param ahead milliseconds by which the clock is ahead of what is right. */
  constructor(ahead: number) {
    this.#ahead = ahead;
    const now = (): number => this.now();
    globalThis.Date = class extends MachineDate {
      constructor(...args: [] | [number | string | Date]) {
        super(...((args.length === 0 ? [now()] : args) as [number]));
      }

      static override now(): number {
        return now();
      }
    } as DateConstructor;
  }

  get ahead(): number {
    return this.#ahead;
  }

  now(): number {
    return MachineDate.now() + this.#ahead;
  }

  /** Sets the clock on or back. */
  jump(milliseconds: number): void {
    this.#ahead += milliseconds;
  }
}
