/**
 * What a block tree means, told by walking it: an evaluation that shares nothing with the engine. It knows who waits,
 * and what becomes of it when somebody goes on.
 */
import { isCaught, raise, Scope, type Waiting } from './block-scope.js';
import type {
  AdHoc,
  Block,
  Boundary,
  Call,
  Complex,
  Inclusive,
  Leaf,
  Loop,
  Race,
  Repeat,
  Sub,
  Undo,
} from './blocks.js';

export type { Waiting } from './block-scope.js';

type Wait = Pick<Waiting, 'id' | 'does'> & { readonly duration?: number; readonly times?: number };

const WRITING: ReadonlySet<string> = new Set(['user', 'external', 'rule', 'receive', 'message', 'signal']);
const COUNTING: ReadonlySet<string> = new Set(['auto', 'script']);
const PASSING: ReadonlySet<string> = new Set(['send', 'throwMessage', 'throwSignal', 'throwNone', 'link']);

export class BlockRun {
  readonly variables: Record<string, unknown> = {};
  readonly #root = new Scope(undefined, this.variables);
  #isFinished = false;
  now: number;

  constructor(tree: Block, now: number) {
    this.now = now;
    this.#root.open(() => (this.#isFinished = true));
    this.#run(tree, this.#root, () => this.#root.left());
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  get waiting(): Waiting[] {
    return this.#root.all;
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
      case 'inclusive':
        return this.#inclusive(block, scope, done);
      case 'fork':
        return this.#all(block.branches, scope, done);
      case 'complex':
        return this.#complex(block, scope, done);
      case 'race':
        return this.#race(block, scope, done);
      case 'loop':
        scope.variables[`v${block.id}`] = 0;
        return this.#loop(block, scope, done);
      case 'repeat':
        return this.#repeat(block, scope, done);
      case 'guarded':
        return this.#hosted(block.boundary, scope, { done }, (inner) =>
          this.#leaf(block.leaf, inner, () => inner.left()),
        );
      case 'sub':
        return this.#sub(block, scope, done);
      case 'call':
        return this.#call(block, scope, done);
      case 'throw':
        return this.#go(`${block.id}-go`, scope, () => {
          raise(block.catcher, scope);
          if (block.by === 'escalation' && scope.live) done();
        });
      case 'terminate':
        return this.#go(`${block.id}-go`, scope, () => scope.counted.complete());
      case 'undo':
        return this.#undo(block, scope, done);
      case 'adhoc':
        return this.#adHoc(block, scope, done);
    }
  }

  #sequence([first, ...rest]: readonly Block[], scope: Scope, done: () => void): void {
    if (first === undefined) return done();
    this.#run(first, scope, () => this.#sequence(rest, scope, done));
  }

  #all(branches: readonly Block[], scope: Scope, done: () => void): void {
    let open = branches.length;
    for (const branch of branches) this.#run(branch, scope, () => ((open -= 1) === 0 ? done() : undefined));
  }

  #inclusive({ branches, taken }: Inclusive, scope: Scope, done: () => void): void {
    const chosen = branches.filter((_, index) => taken[index]);
    if (chosen.length === 0) done();
    else this.#all(chosen, scope, done);
  }

  /** Goes on when enough have come; the others are a path of their own, which ends with the last of them. */
  #complex({ branches, needed }: Complex, scope: Scope, done: () => void): void {
    let come = 0;
    let rest: () => void = () => undefined;
    for (const branch of branches) {
      this.#run(branch, scope, () => {
        come += 1;
        if (come === needed) {
          if (needed < branches.length) rest = scope.beside();
          done();
        } else if (come === branches.length) rest();
      });
    }
  }

  #race({ events }: Race, scope: Scope, done: () => void): void {
    const waits: Waiting[] = events.map(({ id, on, duration, branch }) =>
      this.#wait(scope, { id, does: on, duration }, (n) => {
        for (const other of waits) scope.waiting.delete(other);
        if (on !== 'timer') scope.variables[`v${id}`] = n;
        this.#run(branch, scope, done);
      }),
    );
  }

  #leaf({ id, does, duration }: Leaf, scope: Scope, done: () => void): void {
    const { variables } = scope;
    if (COUNTING.has(does)) variables[`v${id}`] = Number(variables[`v${id}`] ?? 0) + 1;
    if (COUNTING.has(does) || PASSING.has(does)) return done();
    this.#wait(scope, { id, does: does as Waiting['does'], duration }, (n) => {
      if (WRITING.has(does)) variables[`v${id}`] = n;
      done();
    });
  }

  /** A user task. */
  #go(id: string, scope: Scope, done: () => void): void {
    this.#wait(scope, { id, does: 'user' }, (n) => {
      scope.variables[`v${id}`] = n;
      done();
    });
  }

  #wait(scope: Scope, { id, does, duration = 0, times = 0 }: Wait, go: (n: number) => void): Waiting {
    const waiting: Waiting = {
      id,
      does,
      due: this.now + duration,
      times,
      go: (n) => {
        if (scope.waiting.delete(waiting)) go(n);
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

  #repeat({ how, body, times, enough }: Repeat, scope: Scope, done: () => void): void {
    const around = new Scope(scope);
    let ended = 0;
    const end = (): void => {
      around.end();
      done();
    };
    const one = (): void => {
      if (around.live && ended >= Math.min(times, enough ?? times)) return end();
      if (around.live) this.#sequence(body, around, left);
    };
    const left = (): void => {
      ended += 1;
      if (how !== 'parallel' || ended >= Math.min(times, enough ?? times)) one();
    };
    if (how !== 'parallel' || times === 0) return one();
    for (let index = 0; index < times && around.live; index += 1) this.#sequence(body, around, left);
  }

  #sub({ body, boundary, eventSub }: Sub, scope: Scope, done: () => void): void {
    this.#hosted(boundary, scope, { done }, (inner) => {
      const content = new Scope(inner);
      if (eventSub !== undefined) this.#armEventSub(eventSub, inner, content);
      this.#run(body, content, () => inner.left());
    });
  }

  #call({ id, body, boundary }: Call, scope: Scope, done: () => void): void {
    const ended = (): void => {
      scope.variables[`v${id}`] = 'called';
      done();
    };
    this.#hosted(boundary, scope, { done, ended }, (inner) => {
      const called = new Scope(inner, {}).open(() => inner.left());
      this.#run(body, called, () => called.left());
    });
  }

  /** Runs something in a scope of its own that carries the boundary event, and all paths in it to their ends. */
  #hosted(
    boundary: Boundary | undefined,
    scope: Scope,
    { done, ended = done }: { done: () => void; ended?: () => void },
    run: (inner: Scope) => void,
  ): void {
    const inner = new Scope(scope).open(ended);
    if (boundary !== undefined) this.#armBoundary(boundary, inner, { scope, done });
    run(inner);
  }

  #armBoundary(boundary: Boundary, inner: Scope, around: { scope: Scope; done: () => void }): void {
    const { id, interrupting, handler } = boundary;
    const { scope, done } = around;
    const occur = (): void => {
      if (!interrupting) return this.#run(handler, scope, scope.beside());
      inner.end();
      this.#run(handler, scope, done);
    };
    if (isCaught(boundary)) inner.catchers.push({ id, handle: occur });
    else this.#armEvent(boundary, inner, { scope, occur });
  }

  /** Its data go to the scope around; a message or signal that does not interrupt may come again. */
  #armEvent(event: Boundary, inner: Scope, { scope, occur }: { scope: Scope; occur: () => void }, times = 0): Waiting {
    const { id, on, duration, interrupting } = event;
    const wait = this.#wait(inner, { id, does: on as Waiting['does'], duration, times }, (n) => {
      if (on !== 'timer') scope.variables[`v${id}`] = n;
      if (!interrupting && on !== 'timer') this.#armEvent(event, inner, { scope, occur }, times + 1);
      occur();
    });
    return wait;
  }

  #armEventSub(event: Boundary, inner: Scope, content: Scope): void {
    const { id, interrupting, handler } = event;
    inner.disarm = () => {
      for (const wait of [...inner.waiting]) if (wait.id === id) inner.waiting.delete(wait);
      content.catchers.length = 0;
    };
    const occur = (): void => {
      inner.handlers += 1;
      if (interrupting) {
        inner.disarm();
        content.end();
        inner.paths = 0;
      }
      const own = new Scope(inner).open(() => inner.handlerLeft());
      this.#run(handler, own, () => own.left());
    };
    if (isCaught(event)) content.catchers.push({ id, handle: occur });
    else this.#armEvent(event, inner, { scope: inner, occur });
  }

  /** What was completed is undone in reverse order; `log<id>` tells in which. */
  #undo({ id, steps }: Undo, scope: Scope, done: () => void): void {
    const inner = new Scope(scope).open(done);
    const undoFrom = (index: number): void => {
      const step = steps[index];
      if (step === undefined) return inner.left();
      if (step.undoneBy === 'user') return this.#go(`undo-${step.id}`, inner, () => undoFrom(index - 1));
      inner.variables[`log${id}`] = `${String(inner.variables[`log${id}`] ?? '')}${step.id} `;
      undoFrom(index - 1);
    };
    const stepFrom = (index: number): void => {
      const step = steps[index];
      if (step === undefined) return undoFrom(steps.length - 1);
      if (step.by === 'user') return this.#go(step.id, inner, () => stepFrom(index + 1));
      inner.variables[`v${step.id}`] = Number(inner.variables[`v${step.id}`] ?? 0) + 1;
      stepFrom(index + 1);
    };
    stepFrom(0);
  }

  /** It takes activities until nothing in it runs any more; two at most are started. */
  #adHoc({ id, activities, sequential }: AdHoc, scope: Scope, done: () => void): void {
    const inner = new Scope(scope).open(done);
    inner.paths = 0;
    const offer = (started: number): void => {
      if (started >= 2) return;
      this.#wait(inner, { id, does: 'activate', times: started }, (n) => {
        inner.paths! += 1;
        if (!sequential) offer(started + 1);
        this.#go(activities[n % activities.length]!, inner, () => inner.left());
      });
    };
    offer(0);
  }
}
