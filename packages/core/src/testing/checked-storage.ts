/**
 * A storage for tests: passes everything on to another and checks every commit. What is wrong is noted, not thrown, so
 * that the engine goes on as it would; the test asks for `violations` at its end.
 *
 * 1. A change set is frozen: whoever changes a committed value in place is found by a TypeError.
 * 2. Every value is JSON, so a storage with tables gives back what went in.
 * 3. It has no part and no list without a row.
 * 4. The instance as it stands after the commit is consistent (instance-invariants.ts).
 */
import type { ChangeSet, Storage } from '@process-engine/contracts/storage';
import { brokenInvariants } from './instance-invariants.js';

export interface CheckedStorage extends Storage {
  /** What was found wrong so far, in words. */
  readonly violations: readonly string[];
  /** Every change set that was committed, in order. */
  readonly commits: readonly ChangeSet[];
}

export function checkedStorage(storage: Storage): CheckedStorage {
  const violations: string[] = [];
  const commits: ChangeSet[] = [];
  const committed = async (changes: ChangeSet): Promise<void> => {
    commits.push(changes);
    for (const id of instancesOf(changes)) violations.push(...(await violationsOf(storage, id)));
  };
  const checked = (changes: ChangeSet): ChangeSet => {
    violations.push(...notJson(changes), ...emptyParts(changes));
    return deepFreeze(changes);
  };
  const commit = async (changes: ChangeSet): Promise<void> => {
    await storage.commit(checked(changes));
    await committed(changes);
  };
  const changeInstance: Storage['changeInstance'] = async (id, step) => {
    let changes: ChangeSet | undefined;
    await storage.changeInstance(id, async (stored) => {
      changes = await step(stored);
      return changes === undefined ? undefined : checked(changes);
    });
    if (changes !== undefined) await committed(changes);
  };
  return new Proxy(storage, {
    get(target, name): unknown {
      if (name === 'violations') return violations;
      if (name === 'commits') return commits;
      if (name === 'commit') return commit;
      if (name === 'changeInstance') return changeInstance;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  }) as CheckedStorage;
}

function instancesOf({ processInstances, flowNodeInstances }: ChangeSet): ReadonlySet<string> {
  return new Set([
    ...(processInstances?.insert ?? []).map(({ id }) => id),
    ...(processInstances?.update ?? []).map(({ id }) => id),
    ...(flowNodeInstances?.insert ?? []).map(({ processInstanceId }) => processInstanceId),
  ]);
}

async function violationsOf(storage: Storage, id: string): Promise<string[]> {
  const stored = await storage.loadInstance(id);
  if (stored === undefined) return [];
  if (stored.instance.state === 'running') return brokenInvariants(stored);
  return leftOver(storage, id);
}

/** An ended instance has no live flow node instance and no open row. */
async function leftOver(storage: Storage, processInstanceId: string): Promise<string[]> {
  const filter = { tenantId: '', processInstanceId };
  const nodes = (await storage.findFlowNodeInstances(filter)).items.filter(({ leftAt }) => leftAt === null);
  const open = [
    ...nodes.map(({ flowNodeId, state }) => `flow node instance of '${flowNodeId}' in state ${state}`),
    ...(await storage.findUserTasks(filter)).items.map(({ flowNodeId }) => `task of '${flowNodeId}'`),
    ...(await storage.findExternalTasks(filter)).items.map(({ flowNodeId }) => `external task of '${flowNodeId}'`),
    ...(await storage.findSubscriptions(filter)).items.map(({ flowNodeId }) => `subscription of '${flowNodeId}'`),
    ...(await storage.findIncidents(filter)).items.map(({ flowNodeId }) => `incident of '${flowNodeId}'`),
    ...(await storage.findJobs({ ...filter, kinds: ['timer', 'retry', 'call'] })).items.map(
      ({ kind }) => `job ${kind}`,
    ),
  ];
  return open.map((what) => `ended instance ${processInstanceId} still has a ${what}`);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
  return value;
}

function emptyParts(changes: ChangeSet): string[] {
  return Object.entries(changes)
    .filter(([, part]: [string, unknown]) => isEmpty(part) || Object.values(part ?? {}).some(isEmptyList))
    .map(([name]) => `the change set has an empty part '${name}'`);
}

function isEmpty(part: unknown): boolean {
  return typeof part === 'object' && part !== null && Object.keys(part).length === 0;
}

function isEmptyList(rows: unknown): boolean {
  return Array.isArray(rows) && rows.length === 0;
}

/** Columns that hold JSON. */
const JSON_COLUMNS = ['payload', 'result', 'trail', 'local', 'value', 'error', 'config', 'correlationKeys'];

function notJson(changes: ChangeSet): string[] {
  const found: string[] = [];
  const look = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      const isJson = !JSON_COLUMNS.includes(name) || inner === undefined || isPlainJson(inner);
      if (isJson) look(inner, `${path}.${name}`);
      else found.push(`${path}.${name} is not JSON`);
    }
  };
  look(changes, 'change set');
  return found;
}

function isPlainJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every(isPlainJson);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  // A field without a value is as good as none.
  return Object.values(value).every((inner) => inner === undefined || isPlainJson(inner));
}
