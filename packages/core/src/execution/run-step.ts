/** One command, one step: the instance's state before and after, and what is to be committed. */
import type { Notification } from '@process-engine/contracts';
import type { ChangeSet, IncidentRecord } from '@process-engine/contracts/storage';
import { applyCommand } from './apply-command.js';
import type { AccompanyingRows } from './changes.js';
import type { Command } from './commands.js';
import type { StepEnvironment } from './environment.js';
import type { InstanceState } from './instance-state.js';
import { Step, type EndEventReached, type InstanceEnd, type LogLine } from './step.js';

export interface StepOutcome {
  readonly changes: ChangeSet;
  readonly notifications: readonly Notification[];
  readonly endEvents: readonly EndEventReached[];
  readonly end: InstanceEnd | undefined;
  readonly incidents: readonly IncidentRecord[];
  readonly logs: readonly LogLine[];
}

/**
 * Runs the command. Undefined: what it is about is gone, and nothing changed. Afterwards the state is that of after the
 * commit: if the commit fails, or this throws, it must be thrown away.
 */
export function runStep(
  state: InstanceState,
  command: Command,
  env: StepEnvironment,
  accompanying?: AccompanyingRows,
): StepOutcome | undefined {
  const isNew = command.type === 'start';
  const before = isNew ? undefined : state.record;
  const step = new Step(state, env, command.guard);
  if (!applyCommand(step, command)) return undefined;
  const version = (before?.version ?? 0) + 1;
  state.record = { ...state.record, version, local: state.root.local, completedCount: state.completedCount };
  const changes = step.changes.toChangeSet(before, state.record, accompanying);
  state.pruneResults();
  const { notifications, endEvents, end, logs } = step;
  return { changes, notifications, endEvents, end, logs, incidents: step.changes.incidents.inserted };
}
