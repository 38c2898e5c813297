/** What holds of every running instance between two steps. */
import type { FlowNodeInstanceRecord, JobRecord, StoredInstance } from '@process-engine/contracts/storage';

interface Look {
  readonly stored: StoredInstance;
  readonly live: ReadonlyMap<string, FlowNodeInstanceRecord>;
}

type Rule = (look: Look) => string[];

/** Which of them do not hold, in words. */
export function brokenInvariants(stored: StoredInstance): string[] {
  const live = new Map(stored.flowNodeInstances.map((row) => [row.id, row]));
  const rules: readonly Rule[] = [something, scopes, waits, waiting, ready, active, failed, joins, variables, results];
  return rules.flatMap((rule) => rule({ stored, live })).map((found) => `instance ${stored.instance.id}: ${found}`);
}

/** A running instance has a token somewhere. */
const something: Rule = ({ live }) => (live.size > 0 ? [] : ['it runs, and nothing in it is alive']);

/** Every live instance lives in a live scope. */
const scopes: Rule = ({ stored, live }) =>
  [...live.values()]
    .filter(({ scopeId }) => scopeId !== stored.instance.id && live.get(scopeId)?.state !== 'active')
    .map(({ flowNodeId }) => `'${flowNodeId}' lives in a scope that does not`);

/** No wait without an instance that waits. */
const waits: Rule = ({ stored, live }) => {
  const owners = [
    ...stored.externalTasks.map(({ id }) => ({ what: 'an external task', id })),
    ...stored.userTasks.map(({ id }) => ({ what: 'a task', id })),
    ...stored.subscriptions.map((row) => ({
      what: `a subscription of '${row.flowNodeId}'`,
      id: row.flowNodeInstanceId,
    })),
    ...stored.jobs.filter(isWait).map((row) => ({ what: `a job ${row.kind}`, id: row.flowNodeInstanceId })),
  ];
  return owners
    .filter(({ id }) => id !== stored.instance.id && !isWaiting(live.get(id ?? '')) && !isArmed(live.get(id ?? '')))
    .map(({ what, id }) => `${what} belongs to ${live.get(id ?? '')?.state ?? 'nothing alive'}`);
};

const isWait = ({ kind, flowNodeInstanceId }: JobRecord): boolean =>
  flowNodeInstanceId !== null && ['timer', 'retry', 'call'].includes(kind);

const isWaiting = (row: FlowNodeInstanceRecord | undefined): boolean =>
  row?.state === 'waiting' || row?.state === 'active';

/** It failed, and its boundary events wait on. */
const isArmed = (row: FlowNodeInstanceRecord | undefined): boolean => row?.local?.['armed'] === true;

/** Whoever waits can be found: by a row, or by the process it called. */
const waiting: Rule = ({ stored, live }) => {
  const found = new Set([
    ...stored.externalTasks.map(({ id }) => id),
    ...stored.userTasks.map(({ id }) => id),
    ...stored.subscriptions.map(({ flowNodeInstanceId }) => flowNodeInstanceId),
    ...stored.jobs.map(({ flowNodeInstanceId }) => flowNodeInstanceId),
  ]);
  return [...live.values()]
    .filter(({ id, state, local }) => state === 'waiting' && !found.has(id) && local?.['childInstanceId'] === undefined)
    .map(({ flowNodeId }) => `'${flowNodeId}' waits for nothing`);
};

/** What was put off is in a job. */
const ready: Rule = ({ stored, live }) => {
  const inJobs = new Set(stored.jobs.flatMap(({ payload }) => (payload?.['flowNodeInstanceIds'] ?? []) as string[]));
  return [...live.values()]
    .filter(({ id, state }) => state === 'ready' && !inJobs.has(id))
    .map(({ flowNodeId }) => `'${flowNodeId}' is ready, and no job goes on with it`);
};

/** A scope that is open has something alive in it; an ad-hoc sub-process may wait for somebody to start something. */
const active: Rule = ({ live }) =>
  [...live.values()]
    .filter(({ state, flowNodeType }) => state === 'active' && flowNodeType !== 'bpmn:AdHocSubProcess')
    .filter(({ id }) => ![...live.values()].some(({ scopeId }) => scopeId === id))
    .map(({ flowNodeId }) => `the scope '${flowNodeId}' is open, and nothing in it is alive`);

/** Incidents and failed instances belong together. */
const failed: Rule = ({ stored, live }) => {
  const incidents = new Set(stored.incidents.map(({ flowNodeInstanceId }) => flowNodeInstanceId));
  return [
    ...[...live.values()]
      .filter(({ id, state }) => state === 'failed' && !incidents.has(id))
      .map(({ flowNodeId }) => `'${flowNodeId}' failed without an incident`),
    ...stored.incidents
      .filter(({ flowNodeInstanceId }) => live.get(flowNodeInstanceId)?.state !== 'failed')
      .map(({ flowNodeId }) => `an incident of '${flowNodeId}' stands without a failed instance`),
  ];
};

/** One open join for each gateway and scope. */
const joins: Rule = ({ live }) => {
  const open = [...live.values()]
    .filter(({ state }) => state === 'joining')
    .map((row) => `${row.scopeId} ${row.flowNodeId}`);
  return open.filter((key, index) => open.indexOf(key) !== index).map((key) => `several open joins of ${key}`);
};

/** Variables live in live scopes. */
const variables: Rule = ({ stored, live }) =>
  stored.variables
    .filter(({ scopeId }) => scopeId !== stored.instance.id && !live.has(scopeId))
    .map(({ name }) => `the variable '${name}' belongs to nothing alive`);

/** Whatever a token may read can be read. */
const results: Rule = ({ stored, live }) =>
  [...live.values()].flatMap(({ flowNodeId, payloadFrom, previousId, trail }) => {
    const ids = [
      ...Object.values(trail),
      ...(previousId?.split(';') ?? []),
      ...(payloadFrom === null ? [] : [payloadFrom]),
    ];
    return ids
      .filter((id) => !stored.results.has(id))
      .map((id) => `'${flowNodeId}' reads the result of ${id}, which is not stored`);
  });
