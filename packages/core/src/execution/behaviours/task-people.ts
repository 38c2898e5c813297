/** Who may work on a user task, and when: texts, or lists of them, or what expressions give. */
import type { JsonValue } from '@process-engine/contracts';
import type { UserTaskRecord } from '@process-engine/contracts/storage';
import type { CompiledText, UserTaskNode } from '../../model/graph.js';
import { nextDue, parseTimer, TimerSyntaxError } from '../../model/timers.js';
import { evaluate, evaluatePriority, textOf } from '../evaluation.js';
import { failure } from '../failures.js';
import type { FlowNodeInstance } from '../instance-state.js';
import type { Step } from '../step.js';

export function peopleOf(step: Step, instance: FlowNodeInstance, node: UserTaskNode): Partial<UserTaskRecord> {
  const value = (text: CompiledText | undefined): JsonValue =>
    (text === undefined ? undefined : evaluate(step, instance, text)) ?? null;
  const assignee = nameOf(value(node.assignee));
  return {
    assignee,
    assignedAt: assignee === null ? null : step.now,
    candidateUsers: namesOf(value(node.candidateUsers)),
    candidateGroups: namesOf(value(node.candidateGroups)),
    dueAt: timeOf(step, node, { what: 'due date', value: value(node.dueDate) }),
    followUpAt: timeOf(step, node, { what: 'follow-up date', value: value(node.followUpDate) }),
    priority: evaluatePriority(step, instance, node.priority),
  };
}

function nameOf(value: JsonValue): string | null {
  const name = value === null ? '' : textOf(value).trim();
  return name === '' ? null : name;
}

/** A list, or names between commas. */
function namesOf(value: JsonValue): string[] {
  if (value === null) return [];
  const names = Array.isArray(value) ? value.map(textOf) : textOf(value).split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

/** A time, or a duration from now on (ISO 8601). */
function timeOf(
  step: Step,
  node: UserTaskNode,
  { what, value }: { readonly what: string; readonly value: JsonValue },
): number | null {
  const text = nameOf(value);
  if (text === null) return null;
  try {
    const timer = parseTimer(/^[+-]?P/i.test(text) ? 'duration' : 'date', text);
    return nextDue(timer, { now: step.now, count: 0 }) ?? null;
  } catch (error) {
    if (!(error instanceof TimerSyntaxError)) throw error;
    throw failure(`The ${what} of user task '${node.id}': ${error.message}`);
  }
}
