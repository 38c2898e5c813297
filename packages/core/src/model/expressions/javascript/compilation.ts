import type { AnyNode } from 'acorn';
import type { Evaluation } from '../evaluation.js';

/** One piece of a compiled expression. */
export type Closure = (evaluation: Evaluation) => unknown;

/** Thrown by the compiler where the text leaves the subset; such an expression runs in the sandbox instead. */
export class OutsideSubset extends Error {
  constructor(readonly node: AnyNode) {
    super(`${node.type} is outside of the compiled subset`);
  }
}

/**
 * What the compiler knows while it walks the tree. Functions exist only as direct arguments of array methods, so none
 * can be called while it is running: every parameter has one fixed slot in `Evaluation.locals`.
 */
export class Compilation {
  /** Nodes compiled so far; the difference before and after a body is what one run of the body costs. */
  nodes = 0;
  private readonly slots = new Map<string, number[]>();
  private nextSlot = 0;

  constructor(
    readonly compile: (node: AnyNode, compilation: Compilation) => Closure,
    /** In `${…}` expressions `void` stands for the word `empty`. */
    readonly voidMeansEmpty: boolean,
  ) {}

  slotOf(name: string): number | undefined {
    return this.slots.get(name)?.at(-1);
  }

  /** Runs `work` while the names are bound; gives it their slots. */
  withLocals<T>(names: readonly string[], work: (slots: readonly number[]) => T): T {
    const slots = names.map((name) => {
      const slot = this.nextSlot++;
      this.slots.set(name, [...(this.slots.get(name) ?? []), slot]);
      return slot;
    });
    const result = work(slots);
    names.forEach((name) => this.slots.get(name)?.pop());
    return result;
  }
}
