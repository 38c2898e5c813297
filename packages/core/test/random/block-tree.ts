/** Block-structured processes as trees, made at random: what they mean can be told without an engine. */
import type { Prng } from './prng.js';

export type Block = Sequence | Leaf | Choice | Fork | Loop | Sub | Call | Throw;

export interface Sequence {
  readonly kind: 'sequence';
  readonly blocks: readonly Block[];
}

/** One activity or event. Those that wait for somebody, and the automatic ones, write the number of their runs to `v<id>`. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly id: string;
  readonly does: 'user' | 'manual' | 'untyped' | 'external' | 'auto' | 'message' | 'timer';
  /** Of timers, ms; different for all of a tree. */
  readonly duration: number;
  readonly asyncBefore: boolean;
  readonly asyncAfter: boolean;
}

/** Exclusive gateways around the branches; undefined: the default flow straight to the merge. */
export interface Choice {
  readonly kind: 'choice';
  readonly id: string;
  readonly branches: readonly Block[];
  readonly taken: number | undefined;
}

/** Parallel gateways around the branches. */
export interface Fork {
  readonly kind: 'fork';
  readonly id: string;
  readonly branches: readonly Block[];
}

/** The body again and again, by an exclusive gateway that leads back. */
export interface Loop {
  readonly kind: 'loop';
  readonly id: string;
  readonly body: Block;
  readonly times: number;
}

export interface Boundary {
  readonly id: string;
  readonly on: 'message' | 'timer' | 'error';
  readonly interrupting: boolean;
  readonly duration: number;
  readonly handler: Block;
}

/** An embedded sub-process. */
export interface Sub {
  readonly kind: 'sub';
  readonly id: string;
  readonly body: Block;
  readonly boundary: Boundary | undefined;
}

/** A call activity and the process it calls. */
export interface Call {
  readonly kind: 'call';
  readonly id: string;
  readonly body: Block;
  readonly boundary: Boundary | undefined;
}

/** Throws the error that the sub-process `catcher`, some levels up, catches. */
export interface Throw {
  readonly kind: 'throw';
  readonly id: string;
  readonly catcher: string;
}

export interface TreeOptions {
  /** Process calls need more of the engine than single steps. */
  readonly calls: boolean;
}

/** Makes a tree of at most about 40 leaves. */
export function randomTree(prng: Prng, options: TreeOptions): Block {
  return new TreeMaker(prng, options).block(4, []);
}

/** The data that lets every choice of the tree go its way. */
export function choicesOf(block: Block, into: Record<string, number> = {}): Record<string, number> {
  if (block.kind === 'choice' && block.taken !== undefined) into[block.id] = block.taken;
  if (block.kind === 'sequence') for (const inner of block.blocks) choicesOf(inner, into);
  if (block.kind === 'choice' || block.kind === 'fork') for (const inner of block.branches) choicesOf(inner, into);
  if (block.kind === 'loop' || block.kind === 'sub' || block.kind === 'call') choicesOf(block.body, into);
  if ((block.kind === 'sub' || block.kind === 'call') && block.boundary !== undefined)
    choicesOf(block.boundary.handler, into);
  return into;
}

class TreeMaker {
  #count = 0;

  constructor(
    private readonly prng: Prng,
    private readonly options: TreeOptions,
  ) {}

  /** `catchers`: ids of the sub-processes around that catch an error. */
  block(depth: number, catchers: readonly string[]): Block {
    if (depth === 0 || this.#count > 30) return this.#leaf();
    const { prng } = this;
    const kind = prng.pick([
      'sequence',
      'sequence',
      'leaf',
      'choice',
      'fork',
      'fork',
      'loop',
      'sub',
      'sub',
      'call',
      'throw',
    ]);
    switch (kind) {
      case 'sequence':
        return { kind, blocks: this.#some(2, 3, depth, catchers) };
      case 'choice': {
        const branches = this.#some(2, 3, depth, catchers);
        return {
          kind,
          id: this.#id('X'),
          branches,
          taken: prng.chance(0.25) ? undefined : prng.int(0, branches.length - 1),
        };
      }
      case 'fork':
        return { kind, id: this.#id('F'), branches: this.#some(2, 3, depth, catchers) };
      case 'loop':
        return { kind, id: this.#id('L'), body: this.block(depth - 1, catchers), times: prng.int(1, 3) };
      case 'sub':
        return this.#sub(depth, catchers);
      case 'call':
        return this.options.calls ? this.#call(depth, catchers) : this.#leaf();
      case 'throw':
        return catchers.length > 0 ? { kind, id: this.#id('E'), catcher: prng.pick(catchers) } : this.#leaf();
      default:
        return this.#leaf();
    }
  }

  #sub(depth: number, catchers: readonly string[]): Sub {
    const id = this.#id('S');
    const on = this.prng.pick(['message', 'timer', 'error', 'none'] as const);
    const inner = on === 'error' ? [...catchers, id] : catchers;
    const body = this.block(depth - 1, inner);
    return { kind: 'sub', id, body, boundary: on === 'none' ? undefined : this.#boundary(on, depth, catchers) };
  }

  /** What a called process throws and does not catch is caught around the call. */
  #call(depth: number, catchers: readonly string[]): Call {
    const id = this.#id('C');
    const on = this.prng.pick(['message', 'timer', 'none'] as const);
    return {
      kind: 'call',
      id,
      body: this.block(depth - 1, catchers),
      boundary: on === 'none' ? undefined : this.#boundary(on, depth, catchers),
    };
  }

  #boundary(on: Boundary['on'], depth: number, catchers: readonly string[]): Boundary {
    const interrupting = on === 'error' || this.prng.chance(0.6);
    // What runs beside may run several times at once: a single leaf, so that it does not matter which of them goes on.
    const handler = interrupting ? this.block(Math.min(depth - 1, 1), catchers) : this.#leaf();
    return { id: this.#id('B'), on, interrupting, duration: this.#duration(), handler };
  }

  #leaf(): Leaf {
    const does = this.prng.pick([
      'user',
      'user',
      'manual',
      'untyped',
      'external',
      'auto',
      'auto',
      'message',
      'timer',
    ] as const);
    const [asyncBefore, asyncAfter] = [this.prng.chance(0.1), this.prng.chance(0.1)];
    return { kind: 'leaf', id: this.#id('T'), does, duration: this.#duration(), asyncBefore, asyncAfter };
  }

  #some(from: number, to: number, depth: number, catchers: readonly string[]): Block[] {
    return Array.from({ length: this.prng.int(from, to) }, () => this.block(depth - 1, catchers));
  }

  #id(prefix: string): string {
    return `${prefix}${(this.#count += 1)}`;
  }

  /** Whole seconds and as many milliseconds as no other timer has: no two are due at the same time. */
  #duration(): number {
    return this.prng.int(1, 50) * 1_000 + this.#count;
  }
}
