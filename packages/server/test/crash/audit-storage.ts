/** Looks through all tables for what a half-written step would leave behind. */
import type {
  FlowNodeInstanceRecord,
  IncidentRecord,
  JobRecord,
  ProcessInstanceRecord,
  Storage,
  SubscriptionRecord,
} from '@process-engine/contracts/storage';

interface OpenRow {
  readonly what: string;
  readonly processInstanceId: string;
  /** The flow node instance, or the process instance, that must be alive for the row. */
  readonly ownerId: string;
}

interface Tables {
  readonly instances: ReadonlyMap<string, ProcessInstanceRecord>;
  /** By process instance. */
  readonly nodes: ReadonlyMap<string, readonly FlowNodeInstanceRecord[]>;
  /** By id: those that live. */
  readonly live: ReadonlyMap<string, FlowNodeInstanceRecord>;
  readonly openRows: readonly OpenRow[];
  /** Ids of the flow node instances that something will go on with: a row, a job, the end of a called process. */
  readonly found: ReadonlySet<string>;
  /** Ids of the flow node instances that a job goes on with. */
  readonly putOff: ReadonlySet<unknown>;
}

const EVERYTHING = { tenantId: '' };
/** Jobs that are one of the waits of a live flow node instance. */
const WAITS: readonly JobRecord['kind'][] = ['timer', 'retry', 'call'];

/** What is wrong, in words; nothing where every row belongs to something alive and everything alive can go on. */
export async function auditStorage(storage: Storage): Promise<string[]> {
  const tables = await readTables(storage);
  return [
    ...[...tables.nodes.values()].flat().flatMap((node) => nodeProblems(tables, node)),
    ...tables.openRows.flatMap((row) => rowProblems(tables, row)),
    ...[...tables.instances.values()].flatMap((instance) => instanceProblems(tables, instance)),
    ...[...tables.live.values()].flatMap((node) => waitProblems(tables, node)),
  ];
}

async function readTables(storage: Storage): Promise<Tables> {
  const { items: instances } = await storage.findProcessInstances(EVERYTHING);
  const { items: nodes } = await storage.findFlowNodeInstances(EVERYTHING);
  const { items: userTasks } = await storage.findUserTasks(EVERYTHING);
  const { items: externalTasks } = await storage.findExternalTasks(EVERYTHING);
  const { items: subscriptions } = await storage.findSubscriptions({ ...EVERYTHING, start: false });
  const { items: incidents } = await storage.findIncidents(EVERYTHING);
  const { items: jobs } = await storage.findJobs(EVERYTHING);
  const ofInstances = jobs.filter(({ kind }) => kind !== 'start-timer');
  const openRows = [
    ...userTasks.map((row) => openRow('user task', row, row.id)),
    ...externalTasks.map((row) => openRow('external task', row, row.id)),
    ...subscriptions.map((row) => openRow('subscription', row, row.flowNodeInstanceId)),
    ...incidents.map((row) => openRow('incident', row, row.flowNodeInstanceId)),
    ...ofInstances.filter(isWait).map((row) => openRow(`job '${row.kind}'`, row, row.flowNodeInstanceId)),
  ];
  return {
    instances: new Map(instances.map((instance) => [instance.id, instance])),
    nodes: byInstance(nodes),
    live: new Map(nodes.filter(({ leftAt }) => leftAt === null).map((node) => [node.id, node])),
    openRows,
    found: new Set([
      ...openRows.map(({ ownerId }) => ownerId),
      ...ofInstances.map(({ flowNodeInstanceId }) => flowNodeInstanceId ?? ''),
      ...instances.map(({ parentFlowNodeInstanceId }) => parentFlowNodeInstanceId ?? ''),
    ]),
    putOff: new Set(ofInstances.flatMap(({ payload }) => idsOf(payload?.['flowNodeInstanceIds']))),
  };
}

function byInstance(nodes: readonly FlowNodeInstanceRecord[]): Map<string, FlowNodeInstanceRecord[]> {
  const groups = new Map<string, FlowNodeInstanceRecord[]>();
  for (const node of nodes) {
    const group = groups.get(node.processInstanceId);
    if (group === undefined) groups.set(node.processInstanceId, [node]);
    else group.push(node);
  }
  return groups;
}

function isWait({ kind }: JobRecord): boolean {
  return WAITS.includes(kind);
}

function openRow(
  kind: string,
  row: Pick<SubscriptionRecord | JobRecord | IncidentRecord, 'id' | 'processInstanceId' | 'flowNodeId'>,
  ownerId: string | null,
): OpenRow {
  const what = `${kind} ${row.id} of '${row.flowNodeId ?? 'no flow node'}'`;
  return { what, processInstanceId: row.processInstanceId ?? '', ownerId: ownerId ?? '' };
}

function nodeProblems({ instances, live }: Tables, node: FlowNodeInstanceRecord): string[] {
  const { flowNodeId, processInstanceId, scopeId, leftAt } = node;
  const instance = instances.get(processInstanceId);
  if (instance === undefined) return [`'${flowNodeId}' belongs to the unknown instance ${processInstanceId}`];
  if (leftAt !== null) return [];
  if (instance.state !== 'running') return [`'${flowNodeId}' lives in an instance that is ${instance.state}`];
  return scopeId === instance.id || live.has(scopeId) ? [] : [`'${flowNodeId}' lives in a scope that does not`];
}

function rowProblems({ instances, live }: Tables, { what, processInstanceId, ownerId }: OpenRow): string[] {
  const instance = instances.get(processInstanceId);
  if (instance === undefined) return [`${what} belongs to the unknown instance ${processInstanceId}`];
  if (instance.state !== 'running') return [`${what} is open in an instance that is ${instance.state}`];
  return ownerId === instance.id || live.has(ownerId) ? [] : [`${what} belongs to nothing alive`];
}

/** A running instance has a token, and what has ended in an instance is numbered without a gap. */
function instanceProblems({ nodes }: Tables, { id, state, completedCount }: ProcessInstanceRecord): string[] {
  const own = nodes.get(id) ?? [];
  const problems: string[] = [];
  if (state === 'running' && own.every(({ leftAt }) => leftAt !== null)) problems.push(`${id} runs without a token`);
  const numbers = own.flatMap(({ completedSeq }) => (completedSeq === null ? [] : [completedSeq]));
  const distinct = new Set(numbers);
  if (
    distinct.size !== completedCount ||
    numbers.length !== completedCount ||
    numbers.some((n) => n > completedCount)
  ) {
    problems.push(`${id} counts ${completedCount} ends, and its history has the numbers ${numbers.join(', ')}`);
  }
  return problems;
}

/** Whoever waits can be found: by a row, or by the process it called; what was put off is in a job. */
function waitProblems({ found, putOff }: Tables, { id, flowNodeId, state }: FlowNodeInstanceRecord): string[] {
  if (state === 'waiting') return found.has(id) ? [] : [`'${flowNodeId}' waits for nothing`];
  if (state !== 'ready' || putOff.has(id)) return [];
  return [`'${flowNodeId}' is ready, and no job goes on with it`];
}

function idsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
