/** The parts of an evaluated block tree that can be ended as a whole, and who waits in them. */
import type { Boundary, Leaf } from './blocks.js';

export interface Waiting {
  readonly id: string;
  /** `activate`: an ad-hoc sub-process that takes another activity; no row of the engine stands for it. */
  readonly does: Exclude<Leaf['does'], 'auto' | 'script' | 'send' | 'link' | `throw${string}`> | 'activate';
  /** Of timers. */
  readonly due: number;
  /** How often it has occurred already: events that do not interrupt may come again. */
  readonly times: number;
  /** Somebody did the work, with this number as its data. */
  readonly go: (n: number) => void;
}

export interface Catcher {
  readonly id: string;
  readonly handle: () => void;
}

export class Scope {
  readonly inner = new Set<Scope>();
  readonly waiting = new Set<Waiting>();
  /** Takes errors and escalations by the id of its event. */
  readonly catchers: Catcher[] = [];
  live = true;
  /** Of a scope whose paths are counted: those under way in it. */
  paths: number | undefined = undefined;
  /** Event sub-processes under way in it; when nothing else is, no more of them begin. */
  handlers = 0;
  /** Its event sub-process can no longer begin. */
  disarm: () => void = () => undefined;
  #ended: () => void = () => undefined;

  constructor(
    readonly outer: Scope | undefined,
    /** Called processes have variables of their own. */
    readonly variables: Record<string, unknown> = outer!.variables,
  ) {
    outer?.inner.add(this);
  }

  /** Counts its paths, beginning with one; `ended` follows when there are none left. */
  open(ended: () => void): this {
    this.paths = 1;
    this.#ended = ended;
    return this;
  }

  /** A path in it has come to its end. */
  left(): void {
    if (!this.live) return;
    this.paths! -= 1;
    this.#settle();
  }

  handlerLeft(): void {
    if (!this.live) return;
    this.handlers -= 1;
    this.#settle();
  }

  #settle(): void {
    if (this.paths! > 0) return;
    this.disarm();
    if (this.handlers === 0) this.complete();
  }

  /** Ends it with all that is in it, as if it had come to its end. */
  complete(): void {
    this.end();
    this.#ended();
  }

  end(): void {
    this.live = false;
    this.outer?.inner.delete(this);
    for (const scope of [...this.inner]) scope.end();
    this.waiting.clear();
  }

  get all(): Waiting[] {
    return [...this.waiting, ...[...this.inner].flatMap((scope) => scope.all)];
  }

  /** The nearest scope outward whose paths are counted. */
  get counted(): Scope {
    return this.paths === undefined ? this.outer!.counted : this;
  }

  /** Opens a path beside the others; answers what is called at its end. */
  beside(): () => void {
    const { counted } = this;
    counted.paths! += 1;
    return () => counted.left();
  }
}

/** Lets the nearest catcher outward take what was thrown. */
export function raise(id: string, from: Scope): void {
  for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer) {
    const catcher = scope.catchers.find((candidate) => candidate.id === id);
    if (catcher !== undefined) return catcher.handle();
  }
  throw new Error(`nobody catches '${id}'`);
}

export function isCaught({ on }: Boundary): boolean {
  return on === 'error' || on === 'escalation';
}
