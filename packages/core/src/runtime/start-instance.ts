/** New process instances: by a client, a message, a signal, a timer or a call activity. */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { Guard, ProcessInstanceRecord } from '@process-engine/contracts/storage';
import type { AccompanyingRows } from '../execution/changes.js';
import type { StepOutcome } from '../execution/run-step.js';
import type { InstanceRunner } from './instance-runner.js';
import type { Model } from './models.js';

export interface NewInstance {
  readonly model: Model;
  readonly id: string;
  readonly correlationId: string;
  readonly ownerId: string;
  /** Default: the model's none start event. */
  readonly startEventId: string | undefined;
  readonly payload: JsonValue | undefined;
  /** Of the message that starts it: its correlation keys. */
  readonly keyHash?: string;
  readonly businessKey?: string | null;
  readonly parent?: {
    readonly instanceId: string;
    readonly flowNodeInstanceId: string | null;
    readonly callDepth: number;
  };
  readonly variables?: JsonObject;
  /** The caller takes the variables back. */
  readonly returnsVariables?: boolean;
  readonly guard?: Guard;
  readonly accompanying?: AccompanyingRows;
}

export function startInstance(runner: InstanceRunner, now: number, instance: NewInstance): Promise<StepOutcome> {
  const { model, startEventId, payload, keyHash, variables, guard, accompanying } = instance;
  return runner.start(
    model.graph,
    recordOf(instance, now),
    {
      type: 'start',
      startEventId,
      payload,
      ...(keyHash === undefined ? {} : { keyHash }),
      ...(variables === undefined ? {} : { variables }),
      ...(guard === undefined ? {} : { guard }),
    },
    accompanying,
  );
}

function recordOf(instance: NewInstance, now: number): ProcessInstanceRecord {
  const { model, parent } = instance;
  return {
    id: instance.id,
    tenantId: model.definition.tenantId,
    definitionId: model.definition.id,
    processModelId: model.definition.key,
    correlationId: instance.correlationId,
    businessKey: instance.businessKey ?? null,
    parentInstanceId: parent?.instanceId ?? null,
    parentFlowNodeInstanceId: parent?.flowNodeInstanceId ?? null,
    callDepth: parent?.callDepth ?? 0,
    ownerId: instance.ownerId,
    startEventId: instance.startEventId ?? null,
    state: 'running',
    version: 0,
    completedCount: 0,
    startedAt: now,
    endedAt: null,
    error: null,
    payload: instance.payload,
    local: instance.returnsVariables === true ? { returnsVariables: true } : null,
  };
}
