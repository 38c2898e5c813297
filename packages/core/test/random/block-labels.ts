/** What occurred in a run of a block tree, by the words of BPMN: which flow node stands for which element. */
import { allBlocks, type Block, type Boundary, type Leaf, type Repeat } from './blocks.js';

const LEAVES: Readonly<Record<Leaf['does'], string>> = {
  user: 'user task',
  manual: 'manual task',
  untyped: 'task without type',
  external: 'external service task',
  rule: 'business rule task',
  receive: 'receive task',
  message: 'message catch event',
  signal: 'signal catch event',
  timer: 'timer catch event',
  auto: 'inline service task',
  script: 'script task',
  send: 'send task',
  throwMessage: 'message throw event',
  throwSignal: 'signal throw event',
  throwNone: 'none throw event',
  link: 'link events',
};

const CATCHING = ['message', 'signal', 'timer', 'escalation'] as const;
const LOOPS = ['standard loop', 'multi-instance, sequential', 'multi-instance, parallel'] as const;

/** Everything that a table of occurrences lists, even if it never occurred. */
export const LABELS: readonly string[] = [
  ...Object.values(LEAVES),
  ...['exclusive', 'inclusive', 'parallel', 'complex', 'event-based'].map((kind) => `${kind} gateway`),
  ...['message', 'signal', 'timer', 'receive'].map((on) => `event-based gateway: ${on}`),
  ...['boundary event', 'event sub-process'].flatMap((where) => [
    ...CATCHING.flatMap((on) => ['interrupting', 'not interrupting'].map((how) => `${where}, ${on}, ${how}`)),
    `${where}, error, interrupting`,
  ]),
  ...LOOPS.flatMap((loop) => [`${loop}, task`, `${loop}, sub-process`]),
  'multi-instance, completion condition',
  'loop of flows',
  'sub-process',
  'call activity',
  'transaction, cancelled',
  'compensation throw event',
  'compensation end event',
  'compensation handler',
  'ad-hoc sub-process, sequential',
  'ad-hoc sub-process, parallel',
  'error thrown by a service',
  'error end event',
  'escalation throw event',
  'terminate end event',
  'asynchronous before',
  'asynchronous after',
];

/** The labels of flow nodes by their ids. */
export function labelsOf(tree: Block): ReadonlyMap<string, readonly string[]> {
  const labels = new Map<string, string[]>();
  const add = (id: string, ...names: readonly string[]): void =>
    void labels.set(id, [...(labels.get(id) ?? []), ...names]);
  for (const block of allBlocks(tree)) {
    addBlock(block, add);
    if (block.kind === 'guarded' || block.kind === 'sub' || block.kind === 'call')
      if (block.boundary !== undefined) add(block.boundary.id, handlerLabel('boundary event', block.boundary));
  }
  return labels;
}

type Add = (id: string, ...names: readonly string[]) => void;

function addBlock(block: Block, add: Add): void {
  switch (block.kind) {
    case 'leaf':
      return addLeaf(block, add);
    case 'choice':
      return add(block.id, 'exclusive gateway');
    case 'inclusive':
      return add(`${block.id}-merge`, 'inclusive gateway');
    case 'fork':
      return add(`${block.id}-join`, 'parallel gateway');
    case 'complex':
      return add(`${block.id}-join`, 'complex gateway');
    case 'race':
      add(block.id, 'event-based gateway');
      return block.events.forEach(({ id, on }) => add(id, `event-based gateway: ${on}`));
    case 'loop':
      return add(`${block.id}-again`, 'loop of flows');
    case 'repeat':
      return addLoop(block, add);
    case 'sub':
      add(block.id, 'sub-process');
      if (block.eventSub !== undefined) add(block.eventSub.id, handlerLabel('event sub-process', block.eventSub));
      return;
    case 'call':
      return add(`call-${block.id}`, 'call activity');
    default:
      return addRest(block, add);
  }
}

function addRest(block: Block, add: Add): void {
  switch (block.kind) {
    case 'throw': {
      const labels = { service: 'error thrown by a service', 'end error': 'error end event' };
      return add(block.id, block.by === 'escalation' ? 'escalation throw event' : labels[block.by]);
    }
    case 'terminate':
      return add(block.id, 'terminate end event');
    case 'undo':
      for (const step of block.steps) add(`undo-${step.id}`, 'compensation handler');
      if (block.how === 'cancel') add(`${block.id}-cancelled`, 'transaction, cancelled');
      else if (block.how === 'throw') add(`${block.id}-undo`, 'compensation throw event');
      else add(`end-${block.id}`, 'compensation end event');
      return;
    case 'adhoc':
      return add(block.id, `ad-hoc sub-process, ${block.sequential ? 'sequential' : 'parallel'}`);
    default:
      return;
  }
}

function addLeaf({ id, does, asyncBefore, asyncAfter }: Leaf, add: Add): void {
  add(id, LEAVES[does]);
  if (asyncBefore) add(id, 'asynchronous before');
  if (asyncAfter) add(id, 'asynchronous after');
}

function addLoop({ id, how, body, enough }: Repeat, add: Add): void {
  const [first, ...others] = body;
  const host = others.length === 0 ? first!.id : id;
  const loop = how === 'standard' ? 'standard loop' : `multi-instance, ${how}`;
  add(host, `${loop}, ${others.length === 0 ? 'task' : 'sub-process'}`);
  if (enough !== undefined) add(host, 'multi-instance, completion condition');
}

function handlerLabel(where: string, { on, interrupting }: Boundary): string {
  return `${where}, ${on}, ${interrupting ? 'interrupting' : 'not interrupting'}`;
}
