/**
 * Notes which flow nodes and sequence flows are executed by whom, seen at the memory storage: what is deployed and what is
 * committed. Everything a test runs on memory storage passes there, whatever it uses to get there.
 */
import { MemoryStorage } from '../../packages/core/dist/storage/memory-storage.js';
import { elementKeys } from './element-keys.mjs';

/** @typedef {{definitions: Map<string, object>, definitionOf: Map<string, string>, nodes: Map<string, object>}} Trace */

export class ExecutionRecorder {
  /** @type {Map<string, Trace[]>} */
  #traces = new Map();
  /** @type {WeakMap<object, Trace>} */
  #traceOf = new WeakMap();

  /** @param {() => string | undefined} runningTitle title of the test or case that runs now */
  constructor(runningTitle) {
    const { saveModels, commit } = MemoryStorage.prototype;
    const recorder = this;
    MemoryStorage.prototype.saveModels = async function (change) {
      await saveModels.call(this, change);
      noteModels(recorder.#open(this, runningTitle()), change);
    };
    MemoryStorage.prototype.commit = async function (changes) {
      await commit.call(this, changes);
      noteCommit(recorder.#traceOf.get(this), changes);
    };
  }

  /** A storage belongs to whoever first deploys to it. */
  #open(storage, title) {
    const known = this.#traceOf.get(storage);
    if (known !== undefined) return known;
    const trace = { definitions: new Map(), definitionOf: new Map(), nodes: new Map() };
    this.#traceOf.set(storage, trace);
    if (title !== undefined) this.#traces.set(title, [...(this.#traces.get(title) ?? []), trace]);
    return trace;
  }

  /** @returns {Promise<string[]>} keys of what was executed while this ran */
  async keysOf(title) {
    const keys = new Set();
    for (const trace of this.#traces.get(title) ?? []) for (const key of await keysOfTrace(trace)) keys.add(key);
    return [...keys].sort();
  }
}

function noteModels({ definitions }, change) {
  for (const { id, key, xml } of change.definitions) definitions.set(id, { key, xml });
}

function noteCommit(trace, { processInstances, flowNodeInstances }) {
  if (trace === undefined) return;
  for (const { id, definitionId } of processInstances?.insert ?? []) trace.definitionOf.set(id, definitionId);
  for (const { id, processInstanceId, flowNodeId, state, previousId } of flowNodeInstances?.insert ?? []) {
    trace.nodes.set(id, { processInstanceId, flowNodeId, state, previousId });
  }
  for (const { id, set } of flowNodeInstances?.update ?? []) {
    const node = trace.nodes.get(id);
    if (node === undefined) continue;
    node.state = set.state ?? node.state;
    if (set.previousId !== undefined) node.previousId = set.previousId;
  }
}

/** An external task whose error mapping held has thrown an error. */
const SHOWN_BY_FAILURE = 'error mapping';

/** A node counts when a token has left it; a flow when a node came along it; what the process has, when one was started. */
async function keysOfTrace({ definitions, definitionOf, nodes }) {
  const keys = [];
  for (const [definitionId, { key, xml }] of definitions) {
    const own = [...nodes.values()].filter(
      ({ processInstanceId }) => definitionOf.get(processInstanceId) === definitionId,
    );
    if (own.length === 0) continue;
    const idsOf = (state) => own.filter((node) => node.state === state).map(({ flowNodeId }) => flowNodeId);
    const left = new Set([key, ...idsOf('finished')]);
    const failed = new Set(idsOf('error'));
    const steps = stepsOf(own, nodes);
    for (const element of await elementKeys(xml, key)) {
      const { id, source, target } = element;
      const executed = element.key === SHOWN_BY_FAILURE ? failed : left;
      if (source === undefined ? executed.has(id) : steps.has(`${source} ${target}`)) keys.push(element.key);
    }
  }
  return keys;
}

function stepsOf(own, nodes) {
  const steps = new Set();
  for (const { flowNodeId, previousId, state } of own) {
    if (state === 'joining') continue;
    for (const id of previousId?.split(';') ?? []) steps.add(`${nodes.get(id)?.flowNodeId} ${flowNodeId}`);
  }
  return steps;
}
