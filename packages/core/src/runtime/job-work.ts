/** What each kind of job is: the command or commit that carries it out and, with its guard, removes its row. */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { Guard, JobRecord, Storage } from '@process-engine/contracts/storage';
import type { ChildOutcome, Command } from '../execution/commands.js';
import { startCalledProcess, type CallOptions } from './called-process.js';
import type { Correlation } from './correlation.js';
import type { InstanceRunner } from './instance-runner.js';
import type { StartTimers } from './start-timers.js';

export interface JobWorkOptions extends CallOptions {
  readonly storage: Storage;
  readonly runner: InstanceRunner;
  readonly correlation: Correlation;
  readonly startTimers: StartTimers;
}

export class JobWork {
  constructor(private readonly options: JobWorkOptions) {}

  /** Resolves when the job is done and its row gone. */
  carryOut(job: JobRecord, guard: Guard, claimed: boolean): Promise<void> {
    switch (job.kind) {
      case 'call':
        return startCalledProcess(this.options, job, guard);
      case 'publish':
        return this.options.correlation.runPublishJob(job, guard, claimed);
      case 'start-timer':
        return this.options.startTimers.run(job, guard);
      case 'timer':
      case 'continue':
      case 'retry':
      case 'child-ended':
      case 'cancel-child':
        return this.#submit(job, commandOf(job, job.kind, guard), guard);
    }
  }

  /** Runs the command; where what it is about is gone, the job is just removed. */
  async #submit(job: JobRecord, command: Command, guard: Guard): Promise<void> {
    const { runner, storage } = this.options;
    const { status } = await runner.submitOwn(job.processInstanceId!, command);
    if (status === 'gone') await storage.commit({ guards: [guard] });
  }
}

type CommandKind = 'timer' | 'continue' | 'retry' | 'child-ended' | 'cancel-child';

function commandOf(job: JobRecord, kind: CommandKind, guard: Guard): Command {
  const payload = job.payload ?? {};
  const flowNodeInstanceId = job.flowNodeInstanceId ?? '';
  switch (kind) {
    case 'timer':
      return { type: 'trigger', flowNodeInstanceId, waitId: job.id, payload: undefined, hasPayload: false, guard };
    case 'continue':
      return { type: 'continue', flowNodeInstanceIds: payload.flowNodeInstanceIds as string[], guard };
    case 'retry':
      return { type: 'retry', flowNodeInstanceId, guard };
    case 'child-ended':
      return childEnded(flowNodeInstanceId, payload, guard);
    case 'cancel-child':
      return { type: 'terminate', reason: 'The call activity was cancelled.', guard };
  }
}

function childEnded(flowNodeInstanceId: string, payload: JsonObject, guard: Guard): Command {
  const { childInstanceId, outcome } = payload as { childInstanceId: string; outcome: JsonValue };
  return {
    type: 'child-ended',
    flowNodeInstanceId,
    childInstanceId,
    outcome: outcome as unknown as ChildOutcome,
    guard,
  };
}
