/** Decides by the ledger of attempts what the database may hold after all that was done to the engine. */
import type { FlowNodeInstanceRecord, Storage } from '@process-engine/contracts/storage';
import { attemptsIn, type Attempt, type Attempts } from './attempts.js';
import { ORDER_PATH } from './chaos-models.js';

export interface Verdict {
  /** In words; empty: everything that was acknowledged happened once, everything else once or never. */
  readonly problems: readonly string[];
  readonly orders: number;
  readonly ticks: number;
}

const EVERYTHING = { tenantId: '' };
/** Where the attempts of workers, people and publishers leave their id. */
const RECEIVERS = ['pack', 'approve', 'payment'];

export async function verdictOf(
  storage: Storage,
  attempts: Attempts,
  path: readonly string[] = ORDER_PATH,
): Promise<Verdict> {
  const { items } = await storage.findProcessInstances({ ...EVERYTHING, processModelId: 'order' });
  // Others than the load's are the test's own.
  const orders = items.filter(({ correlationId }) => attemptsIn(correlationId).length > 0);
  const { items: ticks } = await storage.findProcessInstances({ ...EVERYTHING, processModelId: 'tick' });
  const { items: nodes } = await storage.findFlowNodeInstances(EVERYTHING);
  const { items: runs } = await storage.findCronRuns({});
  const kept = await storage.findMessages({ ...EVERYTHING, now: 0 });
  const happened = counted([
    ...orders.map(({ correlationId }) => correlationId),
    ...nodes.filter(({ flowNodeId }) => RECEIVERS.includes(flowNodeId)).flatMap(({ result }) => attemptsIn(result)),
    ...kept.flatMap(({ payload }) => attemptsIn(payload)),
  ]);
  const dueTimes = new Set(runs.map(({ dueAt }) => dueAt));
  const started = new Set(runs.map(({ processInstanceId }) => processInstanceId));
  return {
    problems: [
      ...attempts.all.flatMap((attempt) => attemptProblems(attempt, happened.get(attempt.id) ?? 0)),
      ...orderProblems(orders, nodes, path),
      ...(dueTimes.size === runs.length ? [] : ['a start timer fired twice for one time']),
      ...(started.size === runs.length && ticks.every(({ id }) => started.has(id)) && ticks.length === runs.length
        ? []
        : [`${runs.length} runs of the start timer are noted, and ${ticks.length} instances are there`]),
    ],
    orders: orders.length,
    ticks: ticks.length,
  };
}

function attemptProblems({ id, kind, outcome }: Attempt, times: number): string[] {
  const said = `the ${kind} ${id} was ${outcome === 'open' ? 'not answered' : outcome}`;
  const fits = outcome === 'acknowledged' ? times === 1 : outcome === 'refused' ? times === 0 : times <= 1;
  return fits ? [] : [`${said}, and happened ${times} times`];
}

/** Each order came to its end by the one way there is, with the work of one worker, one person and one payment. */
function orderProblems(
  orders: readonly { readonly id: string; readonly state: string }[],
  nodes: readonly FlowNodeInstanceRecord[],
  expected: readonly string[],
): string[] {
  const paths = new Map<string, string[]>(orders.map(({ id }) => [id, []]));
  for (const { processInstanceId, flowNodeId, state } of nodes) {
    paths.get(processInstanceId)?.push(state === 'finished' ? flowNodeId : `${flowNodeId} (${state})`);
  }
  return orders.flatMap(({ id, state }) => {
    const path = paths.get(id)?.sort().join(' ');
    return state === 'finished' && path === expected.join(' ') ? [] : [`order ${id} is ${state} after ${path}`];
  });
}

function counted(ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
