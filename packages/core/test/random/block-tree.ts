/** Trees of blocks made at random. */
import type { Automatic, Block, Boundary, Call, Catch, Guarded, Leaf, Repeat, Sub, Undo, Work } from './blocks.js';
import type { Prng } from './prng.js';

export interface TreeOptions {
  /** Process calls need more of the engine than single steps. */
  readonly calls: boolean;
}

/** Makes a tree of at most about 40 leaves. */
export function randomTree(prng: Prng, options: TreeOptions): Block {
  return new TreeMaker(prng, options).tree();
}

const WORK: readonly Work[] = ['user', 'manual', 'untyped', 'external', 'rule', 'receive'];
const CATCHES: readonly Catch[] = ['message', 'signal', 'timer'];
/** Work that is done at once, and leaves a count. */
const COUNTED: readonly Leaf['does'][] = ['auto', 'script'];
const AUTOMATIC: readonly Automatic[] = ['auto', 'script', 'send', 'throwMessage', 'throwSignal', 'throwNone', 'link'];

const KINDS = [
  ...(['sequence', 'sequence', 'sequence', 'leaf', 'choice', 'inclusive', 'fork', 'complex', 'race'] as const),
  ...([
    'loop',
    'repeat',
    'repeat',
    'guarded',
    'sub',
    'sub',
    'sub',
    'call',
    'throw',
    'terminate',
    'terminate',
    'terminate',
  ] as const),
  ...(['undo', 'adhoc'] as const),
];

/** Where a block stands. */
interface Place {
  /** Events around that catch what is thrown. */
  readonly catchers: readonly { readonly id: string; readonly on: 'error' | 'escalation' }[];
  /** It may be run again in the same scope while a part of it still runs. */
  readonly inLoop: boolean;
  /** Directly in a sub-process. */
  readonly inSub: boolean;
}

class TreeMaker {
  #count = 0;

  constructor(
    private readonly prng: Prng,
    private readonly options: TreeOptions,
  ) {}

  tree(): Block {
    const place = { catchers: [], inLoop: false, inSub: false };
    return { kind: 'sequence', blocks: Array.from({ length: 3 }, () => this.block(3, place)) };
  }

  block(depth: number, place: Place): Block {
    if (depth === 0 || this.#count > 60) return this.#leaf();
    const kind = this.prng.pick(KINDS);
    switch (kind) {
      case 'sequence':
        return { kind, blocks: this.#some(depth, place) };
      case 'choice':
      case 'inclusive':
      case 'fork':
      case 'complex':
        return this.#branching(kind, depth, place);
      case 'race':
        return this.#race(depth, place);
      case 'loop': {
        const id = this.#id('L');
        const body = this.block(depth - 1, { ...place, inLoop: true });
        return { kind, id, body, times: this.prng.int(1, 3) };
      }
      case 'call':
        return this.options.calls ? this.#call(depth, place) : this.#leaf();
      case 'sub':
        return this.#sub(depth, place);
      default:
        return this.#single(kind, depth, place);
    }
  }

  #single(
    kind: 'leaf' | 'repeat' | 'guarded' | 'throw' | 'terminate' | 'undo' | 'adhoc',
    depth: number,
    place: Place,
  ): Block {
    switch (kind) {
      case 'repeat':
        return this.#repeat();
      case 'guarded':
        return this.#guarded(depth, place);
      case 'throw':
        return this.#throw(place);
      case 'terminate':
        return place.inSub ? { kind, id: this.#id('E') } : this.#leaf();
      case 'undo':
        return this.#undo();
      case 'adhoc': {
        const id = this.#id('H');
        return { kind, id, activities: [this.#id('T'), this.#id('T')], sequential: this.prng.chance(0.5) };
      }
      default:
        return this.#leaf();
    }
  }

  #branching(kind: 'choice' | 'inclusive' | 'fork' | 'complex', depth: number, place: Place): Block {
    const { prng } = this;
    // A complex join that is entered again before its reset keeps what comes for its next round.
    if (kind === 'complex' && place.inLoop) return this.#leaf();
    const id = this.#id('G');
    const branches = this.#some(depth, place);
    switch (kind) {
      case 'choice':
        return { kind, id, branches, taken: prng.chance(0.25) ? undefined : prng.int(0, branches.length - 1) };
      case 'inclusive':
        return { kind, id, branches, taken: branches.map(() => prng.chance(0.6)) };
      case 'fork':
        return { kind, id, branches };
      case 'complex':
        return { kind, id, branches, needed: prng.int(1, branches.length) };
    }
  }

  #race(depth: number, place: Place): Block {
    const id = this.#id('V');
    const events = Array.from({ length: this.prng.int(2, 3) }, () => {
      const on = this.prng.pick([...CATCHES, 'receive'] as const);
      return { id: this.#id('W'), on, duration: this.#duration(), branch: this.block(Math.min(depth - 1, 2), place) };
    });
    return { kind: 'race', id, events };
  }

  /** Its tasks stand in a row: of parallel instances it does not matter which goes on. */
  #repeat(): Repeat {
    const { prng } = this;
    const id = this.#id('R');
    const how = prng.pick(['standard', 'sequential', 'parallel'] as const);
    const body = Array.from({ length: prng.int(1, 2) }, () => this.#task());
    const times = prng.int(how === 'standard' ? 1 : 0, 3);
    const enough = how !== 'standard' && prng.chance(0.3) ? prng.int(1, 2) : undefined;
    // How far parallel instances come in one step before the first of them ends is nowhere said.
    const isOpen = how === 'parallel' && body.length > 1 && body.every(({ does }) => COUNTED.includes(does));
    return { kind: 'repeat', id, how, body, times, enough: isOpen ? undefined : enough };
  }

  #guarded(depth: number, place: Place): Guarded {
    const leaf = { ...this.#task(this.prng.pick(WORK)), does: this.prng.pick(WORK) };
    return { kind: 'guarded', leaf, boundary: this.#handler('B', this.prng.pick(CATCHES), depth, place) };
  }

  #sub(depth: number, place: Place): Sub {
    const id = this.#id('S');
    const around = { ...place, inSub: false };
    const boundary = this.#maybe(['message', 'signal', 'timer', 'error', 'escalation', 'none'], 'B', depth, around);
    // Its events are caught inside, nearer than those of the boundary event.
    const eventSub = this.#maybe(['message', 'signal', 'timer', 'error', 'escalation', 'none'], 'P', depth, {
      catchers: [...place.catchers, ...caughtBy(boundary)],
      inLoop: false,
      inSub: false,
    });
    const catchers = [...place.catchers, ...caughtBy(boundary), ...caughtBy(eventSub)];
    const content = { catchers, inLoop: false, inSub: true };
    const own = { ...content, catchers: [...caughtBy(boundary), ...caughtBy(eventSub)] };
    const body = this.block(depth - 1, content);
    const thrown = own.catchers.length > 0 && this.prng.chance(0.8) ? [this.#throw(own)] : [];
    return { kind: 'sub', id, body: { kind: 'sequence', blocks: [...thrown, body] }, boundary, eventSub };
  }

  /** What a called process throws and does not catch is caught around the call. */
  #call(depth: number, place: Place): Call {
    const id = this.#id('C');
    const catchers = place.catchers.filter(({ on }) => on === 'error');
    const body = this.block(depth - 1, { catchers, inLoop: false, inSub: false });
    return {
      kind: 'call',
      id,
      body,
      boundary: this.#maybe(['message', 'signal', 'timer', 'none'], 'B', depth, { ...place, inSub: false }),
    };
  }

  #maybe(
    kinds: readonly (Boundary['on'] | 'none')[],
    prefix: string,
    depth: number,
    place: Place,
  ): Boundary | undefined {
    const on = this.prng.pick(kinds);
    return on === 'none' ? undefined : this.#handler(prefix, on, depth, place);
  }

  #handler(prefix: string, on: Boundary['on'], depth: number, place: Place): Boundary {
    const interrupting = on === 'error' || this.prng.chance(0.6);
    // What runs beside may run several times at once: a single leaf, so that it does not matter which of them goes on.
    const handler = interrupting ? this.block(Math.min(depth - 1, 1), { ...place, inSub: false }) : this.#leaf();
    return { id: this.#id(prefix), on, interrupting, duration: this.#duration(4), handler };
  }

  #throw({ catchers }: Place): Block {
    if (catchers.length === 0) return this.#leaf();
    const { id: catcher, on } = this.prng.pick(catchers);
    const by = on === 'escalation' ? on : this.prng.pick(['service', 'end error'] as const);
    return { kind: 'throw', id: this.#id('E'), by, catcher };
  }

  #undo(): Undo {
    const id = this.#id('U');
    const either = () => this.prng.pick(['auto', 'user'] as const);
    const steps = Array.from({ length: this.prng.int(1, 3) }, () => ({
      id: this.#id('T'),
      by: either(),
      undoneBy: either(),
    }));
    return { kind: 'undo', id, steps, how: this.prng.pick(['throw', 'end', 'cancel'] as const) };
  }

  #leaf(): Leaf {
    const does = this.prng.pick<Leaf['does']>([...WORK, ...CATCHES, ...AUTOMATIC, 'user', 'auto']);
    const [asyncBefore, asyncAfter] = [this.prng.chance(0.1), this.prng.chance(0.1)];
    return { kind: 'leaf', id: this.#id('T'), does, duration: this.#duration(), asyncBefore, asyncAfter };
  }

  /** An activity, not an event. */
  #task(does: Leaf['does'] = this.prng.pick([...WORK, 'auto', 'script'] as const)): Leaf {
    return { kind: 'leaf', id: this.#id('T'), does, duration: 0, asyncBefore: false, asyncAfter: false };
  }

  #some(depth: number, place: Place): Block[] {
    return Array.from({ length: this.prng.int(2, 3) }, () => this.block(depth - 1, place));
  }

  #id(prefix: string): string {
    return `${prefix}${(this.#count += 1)}`;
  }

  /** Whole seconds and as many milliseconds as no other timer has: no two are due at the same time. */
  #duration(most = 50): number {
    return this.prng.int(1, most) * 1_000 + (this.#count += 1);
  }
}

function caughtBy(handler: Boundary | undefined): Place['catchers'] {
  if (handler?.on !== 'error' && handler?.on !== 'escalation') return [];
  return [{ id: handler.id, on: handler.on }];
}
