/**
 * What a block tree means, told by walking it: an evaluation that shares nothing with the engine. It knows who waits,
 * and what becomes of it when somebody goes on.
 */
import type { Block, Boundary, Call, Leaf, Loop, Sub } from './block-tree.js';

export interface Waiting {
  readonly id: string;
  readonly does: 'user' | 'manual' | 'untyped' | 'external' | 'message' | 'timer';
  /** Of timers. */
  readonly due: number;
  /** How often it has occurred already: events that do not interrupt may come again. */
  readonly times: number;
  /** Somebody did the work, with this number as its data. */
  readonly go: (n: number) => void;
}

/** A part of the tree that can be interrupted as a whole. */
class Scope {
  readonly inner = new Set<Scope>();
  readonly waiting = new Set<Waiting>();
  live = true;

  constructor(
    readonly outer: Scope | undefined,
    /** Catches the errors of this name. */
    readonly catches?: { readonly name: string; readonly handle: () => void },
    /** Called processes have variables of their own. */
    readonly variables: Record<string, unknown> = outer!.variables,
  ) {
    outer?.inner.add(this);
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
}

export class BlockRun {
  readonly variables: Record<string, unknown> = {};
  readonly #root = new Scope(undefined, undefined, this.variables);
  /** Paths under way in the process itself: the main one, and those of events that did not interrupt. */
  #paths = 1;
  now: number;

  constructor(tree: Block, now: number) {
    this.now = now;
    this.#run(tree, this.#root, () => this.#ended());
  }

  get isFinished(): boolean {
    return this.#paths === 0;
  }

  get waiting(): Waiting[] {
    return this.#root.all;
  }

  #ended(): void {
    this.#paths -= 1;
  }

  #run(block: Block, scope: Scope, done: () => void): void {
    if (!scope.live) return;
    switch (block.kind) {
      case 'sequence':
        return this.#sequence(block.blocks, scope, done);
      case 'leaf':
        return this.#leaf(block, scope, done);
      case 'choice':
        return block.taken === undefined ? done() : this.#run(block.branches[block.taken]!, scope, done);
      case 'fork': {
        let open = block.branches.length;
        for (const branch of block.branches) this.#run(branch, scope, () => ((open -= 1) === 0 ? done() : undefined));
        return;
      }
      case 'loop':
        scope.variables[`v${block.id}`] = 0;
        return this.#loop(block, scope, done);
      case 'sub':
        return this.#sub(block, scope, done);
      case 'call':
        return this.#call(block, scope, done);
      case 'throw':
        this.#wait(scope, { id: `${block.id}-go`, does: 'user', duration: 0 }, (n) => {
          scope.variables[`v${block.id}-go`] = n;
          raise(block.catcher, scope);
        });
        return;
    }
  }

  #sequence([first, ...rest]: readonly Block[], scope: Scope, done: () => void): void {
    if (first === undefined) return done();
    this.#run(first, scope, () => this.#sequence(rest, scope, done));
  }

  #leaf({ id, does, duration }: Leaf, scope: Scope, done: () => void): void {
    const { variables } = scope;
    if (does === 'auto') {
      variables[`v${id}`] = Number(variables[`v${id}`] ?? 0) + 1;
      return done();
    }
    const writes = does === 'user' || does === 'external' || does === 'message';
    this.#wait(scope, { id, does, duration }, (n) => {
      if (writes) variables[`v${id}`] = n;
      done();
    });
  }

  #wait(
    scope: Scope,
    { id, does, duration, times = 0 }: Pick<Waiting, 'id' | 'does'> & { duration: number; times?: number },
    go: (n: number) => void,
  ): Waiting {
    const waiting: Waiting = {
      id,
      does,
      due: this.now + duration,
      times,
      go: (n) => {
        scope.waiting.delete(waiting);
        go(n);
      },
    };
    scope.waiting.add(waiting);
    return waiting;
  }

  #loop(loop: Loop, scope: Scope, done: () => void): void {
    this.#run(loop.body, scope, () => {
      const rounds = Number(scope.variables[`v${loop.id}`]) + 1;
      scope.variables[`v${loop.id}`] = rounds;
      if (rounds < loop.times) this.#loop(loop, scope, done);
      else done();
    });
  }

  #sub({ id, body, boundary }: Sub, scope: Scope, done: () => void): void {
    this.#hosted(boundary, scope, { name: id, done }, (inner, left) => this.#run(body, inner, left));
  }

  #call({ id, body, boundary }: Call, scope: Scope, done: () => void): void {
    const ended = (): void => {
      scope.variables[`v${id}`] = 'called';
      done();
    };
    this.#hosted(boundary, scope, { name: id, done, ended }, (inner, left) => {
      this.#run(body, new Scope(inner, undefined, {}), left);
    });
  }

  /** Runs something in a scope of its own that carries the boundary event, and all paths in it to their ends. */
  #hosted(
    boundary: Boundary | undefined,
    scope: Scope,
    { name, done, ended = done }: { name: string; done: () => void; ended?: () => void },
    run: (inner: Scope, left: () => void) => void,
  ): void {
    const handle = (): void => {
      inner.end();
      this.#run(boundary!.handler, scope, done);
    };
    const inner: Scope = new Scope(scope, boundary?.on === 'error' ? { name, handle } : undefined);
    if (boundary !== undefined && boundary.on !== 'error') this.#arm(boundary, { inner, scope, handle });
    const opened = { paths: 1 };
    this.#open.set(inner, { opened, ended });
    run(inner, () => this.#left(inner));
  }

  /** For each scope: the paths under way in it, and what follows when there are none. */
  readonly #open = new Map<Scope, { opened: { paths: number }; ended: () => void }>();

  #left(inner: Scope): void {
    const { opened, ended } = this.#open.get(inner)!;
    opened.paths -= 1;
    if (opened.paths > 0) return;
    inner.end();
    ended();
  }

  #arm(
    boundary: Boundary,
    { inner, scope, handle, times = 0 }: { inner: Scope; scope: Scope; handle: () => void; times?: number },
  ): void {
    const { id, on, duration, interrupting, handler } = boundary;
    const go = (n: number): void => {
      if (on === 'message') scope.variables[`v${id}`] = n;
      if (interrupting) return handle();
      if (on === 'message') this.#arm(boundary, { inner, scope, handle, times: times + 1 });
      const beside = this.#pathBeside(scope);
      this.#run(handler, scope, beside);
    };
    this.#wait(inner, { id, does: on === 'message' ? 'message' : 'timer', duration, times }, go);
  }

  /** A path that does not interrupt keeps the scope around it open. */
  #pathBeside(scope: Scope): () => void {
    for (let around: Scope | undefined = scope; around !== undefined; around = around.outer) {
      const open = this.#open.get(around);
      if (open === undefined) continue;
      open.opened.paths += 1;
      const host = around;
      return () => this.#left(host);
    }
    this.#paths += 1;
    return () => this.#ended();
  }
}

/** Nearest catcher of the name outward. */
function raise(name: string, from: Scope): void {
  for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer) {
    if (scope.catches?.name === name) return scope.catches.handle();
  }
  throw new Error(`nobody catches '${name}'`);
}
