/** Runs one instance with random commands; after each of them its rows are checked, and read anew they give the same next step. */
import type { ChangeSet, Guard, JobRecord, StoredInstance } from '@process-engine/contracts/storage';
import type { JsonObject } from '@process-engine/contracts';
import { expect } from 'chai';
import type { Command } from '../../../dist/execution/commands.js';
import { DEFAULT_STEP_OPTIONS, type StepEnvironment, type StepOptions } from '../../../dist/execution/environment.js';
import { InstanceState } from '../../../dist/execution/instance-state.js';
import { runStep } from '../../../dist/execution/run-step.js';
import type { ProcessGraph } from '../../../dist/model/index.js';
import { MemoryStorage } from '../../../dist/storage/memory-storage.js';
import { checkedStorage } from '../../../dist/testing/index.js';
import { newState } from '../../random/step-driver.js';
import type { Prng } from '../../random/prng.js';

const NODE = 'node';
const CODES = ['1', '2', '3'];

interface PlayedStep {
  readonly command: Command;
  readonly env: StepEnvironment;
  readonly changes: ChangeSet;
}

export class WildRun {
  readonly storage = checkedStorage(new MemoryStorage());
  readonly steps: PlayedStep[] = [];
  readonly #warm: InstanceState;
  #now = Date.UTC(2030, 0, 1);

  constructor(
    private readonly graph: ProcessGraph,
    private readonly prng: Prng,
    private readonly options: Partial<StepOptions> = {},
  ) {
    this.#warm = newState(graph, { x: 0 });
  }

  get state(): string {
    return this.#warm.record.state;
  }

  async play(most: number): Promise<void> {
    await this.#run({ type: 'start', startEventId: undefined, payload: { x: this.prng.int(0, 9) } });
    for (let count = 0; count < most && this.state === 'running'; count += 1) {
      const command = await this.#choose();
      if (command !== undefined) await this.#run(command);
    }
    if (this.state === 'running') await this.#run({ type: 'terminate', reason: 'enough' });
  }

  /** The steps once more, from the beginning. */
  replay(): void {
    const state = newState(this.graph, { x: 0 });
    for (const { command, env, changes } of this.steps)
      expect(runStep(state, command, env)!.changes).to.deep.equal(changes);
  }

  async #run(command: Command): Promise<void> {
    const env = this.#environment();
    const cold = this.steps.length === 0 ? undefined : InstanceState.load(this.graph, await this.#stored());
    const outcome = runStep(this.#warm, command, env);
    const again = cold && runStep(cold, command, env);
    if (outcome === undefined) {
      expect(again, 'a command that is gone').to.equal(undefined);
      if (command.guard !== undefined) await this.storage.commit({ guards: [command.guard] });
      return;
    }
    if (again !== undefined) expect(normalised(again.changes)).to.deep.equal(normalised(outcome.changes));
    this.steps.push({ command, env, changes: outcome.changes });
    await this.storage.commit(outcome.changes);
    expect(this.storage.violations, JSON.stringify(command)).to.deep.equal([]);
  }

  async #stored(): Promise<StoredInstance> {
    return (await this.storage.loadInstance(this.#warm.record.id))!;
  }

  #environment(): StepEnvironment {
    const step = (this.steps.length + 1).toString(16).padStart(12, '0');
    return {
      now: this.#now,
      seed: `${step.slice(0, 8)}-${step.slice(8)}-7000-8000-000000000000`,
      nodeId: NODE,
      sandbox: undefined,
      services: { kindOf: () => 'inline', runInline: ({ args = [] }) => ({ [String(args[0])]: args[1] as never }) },
      options: { ...DEFAULT_STEP_OPTIONS, ...this.options },
      notify: true,
    };
  }

  async #choose(): Promise<Command | undefined> {
    const { prng } = this;
    const stored = await this.#stored();
    const due = stored.jobs.filter(({ dueAt }) => dueAt <= this.#now);
    if (due.length > 0 && prng.chance(0.8)) return this.#carryOut(prng.pick(due));
    if (prng.chance(0.1)) return { type: 'set-variables', scopeId: undefined, variables: this.#data() };
    const choices = [...this.#work(stored), ...this.#events(stored), ...this.#offers()];
    if (choices.length > 0 && prng.chance(0.9)) return prng.pick(choices);
    if (stored.jobs.length > 0) this.#now = Math.max(this.#now, Math.min(...stored.jobs.map(({ dueAt }) => dueAt)));
    return undefined;
  }

  #data(): JsonObject {
    return { x: this.prng.int(0, 9) };
  }

  #work({ userTasks, externalTasks }: StoredInstance): Command[] {
    const done = [...userTasks, ...externalTasks].map(({ id }): Command => ({
      type: 'complete',
      flowNodeInstanceId: id,
      result: this.#data(),
    }));
    const failed = externalTasks.map(({ id }): Command => ({
      type: 'throw-error',
      flowNodeInstanceId: id,
      error: { name: 'BpmnError', code: this.prng.pick(CODES), message: '' },
      technical: this.prng.chance(0.2),
    }));
    return [...done, ...failed];
  }

  #events({ subscriptions }: StoredInstance): Command[] {
    return subscriptions
      .filter(({ kind }) => kind !== 'conditional')
      .map((row) => ({
        type: 'trigger',
        flowNodeInstanceId: row.flowNodeInstanceId!,
        waitId: row.id,
        payload: this.#data(),
        hasPayload: true,
      }));
  }

  #offers(): Command[] {
    return [...this.graph.nodesById.values()].flatMap((node) =>
      node.kind === 'ad-hoc-sub-process'
        ? node.implicitStarts.map(({ id }): Command => ({ type: 'activate', flowNodeId: id, scopeId: undefined }))
        : [],
    );
  }

  async #carryOut({ id, kind, flowNodeInstanceId, payload }: JobRecord): Promise<Command | undefined> {
    const now = this.#now;
    const partition = this.#warm.record.id;
    const guard: Guard = { kind: 'job', partition, id, owner: NODE, now };
    await this.storage.claimJobs({ owner: NODE, now, lockUntil: now + 60_000, limit: 1_000 });
    if (kind === 'continue')
      return { type: 'continue', flowNodeInstanceIds: payload!['flowNodeInstanceIds'] as string[], guard };
    if (kind === 'retry') return { type: 'retry', flowNodeInstanceId: flowNodeInstanceId!, guard };
    if (kind === 'timer') {
      const occurrence = { payload: undefined, hasPayload: false };
      return { type: 'trigger', flowNodeInstanceId: flowNodeInstanceId!, waitId: id, ...occurrence, guard };
    }
    await this.storage.commit({ guards: [guard] });
    return undefined;
  }
}

/** The rows of each table in an order that does not depend on whether they were read or made. */
function normalised(changes: ChangeSet): unknown {
  const inOrder = (value: unknown): unknown => {
    if (Array.isArray(value)) return [...(value as unknown[])].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    return typeof value === 'object' && value !== null ? mapped(value, inOrder) : value;
  };
  return mapped(changes, inOrder);
}

function mapped(object: object, map: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}

function keyOf(row: unknown): string {
  const { id, scopeId, name } = (row ?? {}) as { id?: string; scopeId?: string; name?: string };
  return JSON.stringify([id, scopeId, name]);
}
