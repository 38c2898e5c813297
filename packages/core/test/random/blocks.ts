/** Block-structured processes as trees: what they mean can be told without an engine. */

export type Block =
  | Sequence
  | Leaf
  | Choice
  | Inclusive
  | Fork
  | Complex
  | Race
  | Loop
  | Repeat
  | Guarded
  | Sub
  | Call
  | Throw
  | Terminate
  | Undo
  | AdHoc;

export interface Sequence {
  readonly kind: 'sequence';
  readonly blocks: readonly Block[];
}

/** Activities that wait for somebody. */
export type Work = 'user' | 'manual' | 'untyped' | 'external' | 'rule' | 'receive';
/** Events that wait. */
export type Catch = 'message' | 'signal' | 'timer';
/** What is done at once. */
export type Automatic = 'auto' | 'script' | 'send' | 'throwMessage' | 'throwSignal' | 'throwNone' | 'link';

/** One activity or event. Those that wait for somebody, and the automatic ones, write the number of their runs to `v<id>`. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly id: string;
  readonly does: Work | Catch | Automatic;
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

/** Inclusive gateways around the branches; none taken: the default flow straight to the join. */
export interface Inclusive {
  readonly kind: 'inclusive';
  readonly id: string;
  readonly branches: readonly Block[];
  readonly taken: readonly boolean[];
}

/** Parallel gateways around the branches. */
export interface Fork {
  readonly kind: 'fork';
  readonly id: string;
  readonly branches: readonly Block[];
}

/** Complex gateways around the branches: goes on when as many as needed have come, and takes in the rest. */
export interface Complex {
  readonly kind: 'complex';
  readonly id: string;
  readonly branches: readonly Block[];
  readonly needed: number;
}

/** An event-based gateway: of its events the first to occur decides which branch is run. */
export interface Race {
  readonly kind: 'race';
  readonly id: string;
  readonly events: readonly RaceEvent[];
}

export interface RaceEvent {
  readonly id: string;
  readonly on: Catch | 'receive';
  readonly duration: number;
  readonly branch: Block;
}

/** The body again and again, by an exclusive gateway that leads back. */
export interface Loop {
  readonly kind: 'loop';
  readonly id: string;
  readonly body: Block;
  readonly times: number;
}

/** A standard loop or multi-instance activity: one task, or a sub-process of several in a row. */
export interface Repeat {
  readonly kind: 'repeat';
  readonly id: string;
  readonly how: 'standard' | 'sequential' | 'parallel';
  readonly body: readonly Leaf[];
  readonly times: number;
  /** The completion condition holds when so many have ended. */
  readonly enough: number | undefined;
}

export interface Boundary {
  readonly id: string;
  readonly on: Catch | 'error' | 'escalation';
  readonly interrupting: boolean;
  readonly duration: number;
  readonly handler: Block;
}

/** An activity with a boundary event. */
export interface Guarded {
  readonly kind: 'guarded';
  readonly leaf: Leaf & { readonly does: Work };
  readonly boundary: Boundary;
}

/** An embedded sub-process, which may have an event sub-process in it. */
export interface Sub {
  readonly kind: 'sub';
  readonly id: string;
  readonly body: Block;
  readonly boundary: Boundary | undefined;
  readonly eventSub: Boundary | undefined;
}

/** A call activity and the process it calls. */
export interface Call {
  readonly kind: 'call';
  readonly id: string;
  readonly body: Block;
  readonly boundary: Boundary | undefined;
}

/** Throws what the event `catcher`, some levels up, catches. */
export interface Throw {
  readonly kind: 'throw';
  readonly id: string;
  readonly by: 'service' | 'end error' | 'escalation';
  readonly catcher: string;
}

/** Ends the sub-process it is in. */
export interface Terminate {
  readonly kind: 'terminate';
  readonly id: string;
}

/** Activities in a row that are undone at the end of their sub-process, or because it is a transaction that is cancelled. */
export interface Undo {
  readonly kind: 'undo';
  readonly id: string;
  readonly steps: readonly { readonly id: string; readonly by: 'auto' | 'user'; readonly undoneBy: 'auto' | 'user' }[];
  readonly how: 'throw' | 'end' | 'cancel';
}

/** Its user tasks are started by somebody, twice at most. */
export interface AdHoc {
  readonly kind: 'adhoc';
  readonly id: string;
  readonly activities: readonly string[];
  readonly sequential: boolean;
}

/** The blocks directly in a block. */
export function innerBlocks(block: Block): readonly Block[] {
  switch (block.kind) {
    case 'sequence':
      return block.blocks;
    case 'choice':
    case 'inclusive':
    case 'fork':
    case 'complex':
      return block.branches;
    case 'race':
      return block.events.map(({ branch }) => branch);
    case 'loop':
      return [block.body];
    case 'repeat':
      return block.body;
    case 'guarded':
      return [block.leaf, block.boundary.handler];
    case 'sub':
      return [block.body, ...handlersOf(block.boundary), ...handlersOf(block.eventSub)];
    case 'call':
      return [block.body, ...handlersOf(block.boundary)];
    case 'leaf':
    case 'throw':
    case 'terminate':
    case 'undo':
    case 'adhoc':
      return [];
  }
}

function handlersOf(boundary: Boundary | undefined): readonly Block[] {
  return boundary === undefined ? [] : [boundary.handler];
}

/** The block and all in it. */
export function allBlocks(block: Block): Block[] {
  return [block, ...innerBlocks(block).flatMap(allBlocks)];
}

/** The data that lets every choice of the tree go its way. */
export function choicesOf(tree: Block): Record<string, number | number[]> {
  const choices: Record<string, number | number[]> = {};
  for (const block of allBlocks(tree)) {
    if (block.kind === 'choice' && block.taken !== undefined) choices[block.id] = block.taken;
    if (block.kind === 'inclusive') choices[block.id] = block.taken.map(Number);
  }
  return choices;
}
