/** Drives one instance step by step, without an engine: commands are chosen from its open rows. */
import type { ChangeSet, ProcessInstanceRecord, StoredInstance } from '@process-engine/contracts/storage';
import type { JsonObject } from '@process-engine/contracts';
import type { Command } from '../../dist/execution/commands.js';
import {
  DEFAULT_STEP_OPTIONS,
  type StepEnvironment,
  type StepOptions,
  type StepServices,
} from '../../dist/execution/environment.js';
import { InstanceState } from '../../dist/execution/instance-state.js';
import { runStep } from '../../dist/execution/run-step.js';
import { compileModel, parseModel, type ProcessGraph } from '../../dist/model/index.js';
import { MemoryStorage } from '../../dist/storage/memory-storage.js';
import { checkedStorage } from '../../dist/testing/index.js';
import { BpmnError } from '../../dist/execution/bpmn-error.js';
import type { Prng } from './prng.js';

/** A step as it can be replayed. */
export interface RecordedStep {
  readonly command: Command;
  readonly env: StepEnvironment;
  readonly changes: ChangeSet;
}

const NODE = 'node';
const INSTANCE = '01900000-0000-7000-8000-000000000000';

/** `set` answers with what it is told to set, `throw` throws. */
const services: StepServices = {
  kindOf: () => 'inline',
  runInline: ({ method, args = [] }) => {
    if (method === 'throw') throw new BpmnError(String(args[0]), 'on purpose');
    return { [String(args[0])]: args[1] as never };
  },
};

export async function graphOf(xml: string): Promise<ProcessGraph> {
  const { graphs, findings } = compileModel(await parseModel(xml));
  if (graphs[0] === undefined) throw new Error(JSON.stringify(findings));
  return graphs[0];
}

export function newState(graph: ProcessGraph, payload: JsonObject): InstanceState {
  return new InstanceState(graph, recordOf(graph, payload));
}

export class StepDriver {
  readonly storage = checkedStorage(new MemoryStorage());
  readonly steps: RecordedStep[] = [];
  #now = Date.UTC(2030, 0, 1);

  constructor(
    private readonly graph: ProcessGraph,
    private readonly options: Partial<StepOptions> = {},
  ) {}

  environment(): StepEnvironment {
    const step = (this.steps.length + 1).toString(16).padStart(12, '0');
    const seed = `${step.slice(0, 8)}-${step.slice(8)}-7000-8000-000000000000`;
    return {
      now: this.#now,
      seed,
      nodeId: NODE,
      sandbox: undefined,
      services,
      options: { ...DEFAULT_STEP_OPTIONS, ...this.options },
      notify: true,
    };
  }

  /** Runs the command and commits it. Undefined: it was about something that is gone. */
  async run(state: InstanceState, command: Command): Promise<RecordedStep | undefined> {
    const env = this.environment();
    const outcome = runStep(state, command, env);
    if (outcome === undefined) return undefined;
    const step = { command, env, changes: outcome.changes };
    this.steps.push(step);
    await this.storage.commit(step.changes);
    return step;
  }

  /** The instance as a node reads it that knows nothing of it. */
  async load(): Promise<{ stored: StoredInstance; state: InstanceState }> {
    const stored = await this.storage.loadInstance(INSTANCE);
    return { stored: stored!, state: InstanceState.load(this.graph, stored!) };
  }

  /** A command for one of the open rows; undefined where there is none. Time goes on where only timers are left. */
  async choose(stored: StoredInstance, prng: Prng): Promise<Command | undefined> {
    const due = stored.jobs.filter(({ dueAt }) => dueAt <= this.#now);
    const n = this.steps.length;
    const choices: Command[] = [
      ...stored.userTasks.map(({ id, flowNodeId }): Command => ({
        type: 'complete',
        flowNodeInstanceId: id,
        result: { [`v${flowNodeId}`]: n },
      })),
      ...stored.externalTasks.map(({ id, flowNodeId }): Command => ({
        type: 'complete',
        flowNodeInstanceId: id,
        result: { [`v${flowNodeId}`]: n },
      })),
      ...stored.subscriptions.map((row): Command => ({
        type: 'trigger',
        flowNodeInstanceId: row.flowNodeInstanceId!,
        waitId: row.id,
        payload: { [`v${row.flowNodeId}`]: n },
        hasPayload: true,
      })),
    ];
    choices.push(...this.#activations(stored, prng));
    // What is due at once is done at once; otherwise boundary messages that do not interrupt could come for ever.
    if (due.length > 0) {
      const { id, kind } = prng.pick(due);
      if (kind !== 'publish') return this.#jobCommand(id);
      // Nobody waits for what is sent.
      await this.storage.commit({ jobs: { delete: [{ partition: INSTANCE, id }] } });
      return this.choose((await this.load()).stored, prng);
    }
    const finite = choices.filter(({ type }) => type === 'complete' || prng.chance(type === 'activate' ? 0.2 : 0.5));
    if (finite.length > 0 && (stored.jobs.length === 0 || prng.chance(0.7))) return prng.pick(finite);
    if (stored.jobs.length === 0) return choices.length === 0 ? undefined : prng.pick(choices);
    this.#now = Math.min(...stored.jobs.map(({ dueAt }) => dueAt));
    return this.choose(stored, prng);
  }

  /** Activities that open ad-hoc sub-processes offer. */
  #activations({ flowNodeInstances }: StoredInstance, prng: Prng): Command[] {
    const open = flowNodeInstances.filter(
      ({ flowNodeType, state }) => flowNodeType === 'bpmn:AdHocSubProcess' && state === 'active',
    );
    return open.flatMap(({ id, flowNodeId }): Command[] => {
      const node = this.graph.nodesById.get(flowNodeId)!;
      if (node.kind !== 'ad-hoc-sub-process') return [];
      if (node.adHoc!.sequential && flowNodeInstances.some(({ scopeId }) => scopeId === id)) return [];
      return [{ type: 'activate', flowNodeId: prng.pick(node.implicitStarts).id, scopeId: id }];
    });
  }

  /** Claims what is due, as the job runner would, and carries out one of them. */
  async #jobCommand(id: string): Promise<Command> {
    const now = this.#now;
    await this.storage.claimJobs({ owner: NODE, now, lockUntil: now + 60_000, limit: 1_000 });
    const job = (await this.storage.findJobs({ tenantId: '', processInstanceId: INSTANCE })).items.find(
      (row) => row.id === id,
    )!;
    const guard = { kind: 'job', partition: INSTANCE, id, owner: NODE, now } as const;
    if (job.kind === 'continue')
      return { type: 'continue', flowNodeInstanceIds: job.payload!['flowNodeInstanceIds'] as string[], guard };
    return {
      type: 'trigger',
      flowNodeInstanceId: job.flowNodeInstanceId!,
      waitId: id,
      payload: undefined,
      hasPayload: false,
      guard,
    };
  }
}

function recordOf(graph: ProcessGraph, payload: JsonObject): ProcessInstanceRecord {
  return {
    id: INSTANCE,
    tenantId: '',
    definitionId: 'definition',
    processModelId: graph.processModelId,
    correlationId: 'correlation',
    businessKey: null,
    parentInstanceId: null,
    parentFlowNodeInstanceId: null,
    callDepth: 0,
    ownerId: 'owner',
    startEventId: null,
    state: 'running',
    version: 0,
    completedCount: 0,
    startedAt: Date.UTC(2030, 0, 1),
    endedAt: null,
    error: null,
    payload,
    local: null,
  };
}
