/** The only way into an instance: plain data, so that a stored sequence of commands replays an instance exactly. */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { ErrorData, Guard, UserTaskRecord } from '@process-engine/contracts/storage';

export type Command =
  | StartCommand
  | CompleteCommand
  | TriggerCommand
  | ThrowErrorCommand
  | ContinueCommand
  | ChildEndedCommand
  | RetryCommand
  | ResolveCommand
  | SetVariablesCommand
  | ActivateCommand
  | UpdateTaskCommand
  | TerminateCommand;

interface Guarded {
  /** The row that must still be there; deleted with the commit. */
  readonly guard?: Guard;
}

/** Enters the start event of a new instance. */
export interface StartCommand extends Guarded {
  readonly type: 'start';
  readonly startEventId: string | undefined;
  readonly payload: JsonValue | undefined;
  /** Of a message: its correlation keys, as a subscription is found by them. */
  readonly keyHash?: string;
  /** Variables besides those of the payload. */
  readonly variables?: JsonObject;
}

/** The work of a waiting task is done. */
export interface CompleteCommand extends Guarded {
  readonly type: 'complete';
  readonly flowNodeInstanceId: string;
  readonly result: JsonValue | undefined;
}

/** A subscription or timer fired. */
export interface TriggerCommand extends Guarded {
  readonly type: 'trigger';
  readonly flowNodeInstanceId: string;
  /** Id of the subscription or timer job. */
  readonly waitId: string;
  readonly payload: JsonValue | undefined;
  /** False where the event carries no payload of its own (timers). */
  readonly hasPayload: boolean;
  /** Of a message: its correlation keys, as a subscription is found by them. */
  readonly keyHash?: string;
}

/** A worker or service reports a BPMN error (`technical` false) or a failure. */
export interface ThrowErrorCommand extends Guarded {
  readonly type: 'throw-error';
  readonly flowNodeInstanceId: string;
  readonly error: ErrorData;
  readonly technical: boolean;
}

/** Runs nodes that were entered but put off: asynchronous continuations and what was over the step's budget. */
export interface ContinueCommand extends Guarded {
  readonly type: 'continue';
  readonly flowNodeInstanceIds: readonly string[];
}

/** How a called process ended. */
export type ChildOutcome =
  | {
      readonly state: 'finished' | 'terminated';
      readonly endEvent: { readonly id: string; readonly name: string | null } | null;
      readonly result: JsonValue | undefined;
      readonly variables: JsonObject;
    }
  | { readonly state: 'error'; readonly error: ErrorData; readonly technical: boolean }
  /** It goes on, and hands an escalation nobody in it caught to its caller. */
  | { readonly state: 'escalated'; readonly code: string; readonly name: string; readonly payload?: JsonValue };

export interface ChildEndedCommand extends Guarded {
  readonly type: 'child-ended';
  readonly flowNodeInstanceId: string;
  readonly childInstanceId: string;
  readonly outcome: ChildOutcome;
}

/** Runs a failed node again: after its retry delay (job) or by an operator (incident). */
export interface RetryCommand extends Guarded {
  readonly type: 'retry';
  readonly flowNodeInstanceId: string;
  /** Set before it runs, each in the nearest scope that has it. */
  readonly variables?: JsonObject;
}

/** Takes a failed node as done, by an operator. */
export interface ResolveCommand extends Guarded {
  readonly type: 'resolve';
  readonly flowNodeInstanceId: string;
}

export interface SetVariablesCommand extends Guarded {
  readonly type: 'set-variables';
  /** Default: the process instance. */
  readonly scopeId: string | undefined;
  readonly variables: JsonObject;
}

/** Starts an activity that an ad-hoc sub-process offers. */
export interface ActivateCommand extends Guarded {
  readonly type: 'activate';
  readonly flowNodeId: string;
  /** The ad-hoc sub-process's instance; default: the first that offers the activity. */
  readonly scopeId: string | undefined;
}

/** Changes who works on a waiting user task, and when. */
export interface UpdateTaskCommand extends Guarded {
  readonly type: 'update-task';
  readonly flowNodeInstanceId: string;
  /** Whose task it has to be; null: nobody's; undefined: whoever's. */
  readonly expectedAssignee: string | null | undefined;
  readonly set: Partial<
    Pick<UserTaskRecord, 'assignee' | 'candidateUsers' | 'candidateGroups' | 'dueAt' | 'followUpAt' | 'priority'>
  >;
}

/** Ends the instance from outside. */
export interface TerminateCommand extends Guarded {
  readonly type: 'terminate';
  readonly reason: string;
}
