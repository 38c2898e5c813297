/** Values bound while a part of the expression runs: variables of a loop, parameters, entries, the item of a filter. */
export interface Frame {
  readonly values: unknown[];
  readonly parent: Frame | undefined;
}

/** Where the value of a name is found at run time. */
export interface Resolution {
  /** How many frames outward the contexts lie whose entries come first, from the inside. */
  readonly items: readonly number[];
  /** `undefined` for a name of the outside. */
  readonly slot: { readonly depth: number; readonly index: number } | undefined;
}

/** The compiler's picture of the frames. */
export class FeelScope {
  /**
   * @param names the names of the frame's values
   * @param isFilter the first value is an item whose entries are names as well
   */
  constructor(
    readonly names: string[],
    readonly parent: FeelScope | undefined,
    readonly isFilter = false,
  ) {}

  static resolve(start: FeelScope | undefined, name: string): Resolution {
    const items: number[] = [];
    let depth = 0;
    for (let scope = start; scope !== undefined; scope = scope.parent) {
      if (scope.isFilter) {
        items.push(depth);
      }
      const index = scope.names.lastIndexOf(name);
      if (index >= 0) {
        return { items, slot: { depth, index } };
      }
      depth += 1;
    }
    return { items, slot: undefined };
  }
}

export function frameAt(frame: Frame | undefined, depth: number): Frame | undefined {
  let found = frame;
  for (let level = 0; level < depth; level += 1) {
    found = found?.parent;
  }
  return found;
}
