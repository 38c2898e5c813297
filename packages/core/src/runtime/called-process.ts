/** Call activities: the called process's model is looked up after the caller's commit, then started with the job's removal. */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { ErrorData, Guard, JobRecord, ProcessInstanceRecord, Storage } from '@process-engine/contracts/storage';
import type { Clock } from './clock.js';
import type { InstanceRunner } from './instance-runner.js';
import type { Model, Models } from './models.js';
import { startInstance } from './start-instance.js';

export interface CallOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly models: Models;
  readonly runner: InstanceRunner;
}

interface Call {
  readonly childInstanceId: string;
  readonly calledElement: string;
  readonly binding: JsonObject;
  readonly startEventId?: string;
  readonly payload?: JsonValue;
  readonly businessKey?: string;
  readonly variables?: JsonObject;
  readonly callDepth: number;
  readonly returnsVariables: boolean;
}

/** Starts the called process; where that is impossible, the call activity fails instead. */
export async function startCalledProcess(options: CallOptions, job: JobRecord, guard: Guard): Promise<void> {
  const { storage, clock, models, runner } = options;
  const call = job.payload as unknown as Call;
  const { items } = await storage.findProcessInstances({ tenantId: job.tenantId, ids: [job.processInstanceId!] });
  const caller = items[0];
  if (caller?.state !== 'running') return storage.commit({ guards: [guard] });
  const model = await findModel(models, storage, { call, caller });
  const problem = problemOf(model, call);
  if (model === undefined || problem !== undefined) return fail(options, job, { guard, error: problem! });
  await startInstance(runner, clock.now(), {
    model,
    id: call.childInstanceId,
    correlationId: caller.correlationId,
    ownerId: caller.ownerId,
    startEventId: call.startEventId,
    payload: call.payload,
    businessKey: call.businessKey ?? null,
    parent: { instanceId: caller.id, flowNodeInstanceId: job.flowNodeInstanceId, callDepth: call.callDepth },
    variables: call.variables ?? {},
    returnsVariables: call.returnsVariables,
    guard,
  });
}

async function findModel(
  models: Models,
  storage: Storage,
  { call, caller }: { call: Call; caller: ProcessInstanceRecord },
): Promise<Model | undefined> {
  const { tenantId } = caller;
  const key = call.calledElement;
  if (call.binding.kind === 'latest') return models.latest(tenantId, key);
  const definition = await findBound(storage, { call, caller }, await models.get(caller.definitionId));
  return definition === undefined ? undefined : models.get(definition.id);
}

async function findBound(
  storage: Storage,
  { call, caller }: { call: Call; caller: ProcessInstanceRecord },
  callerModel: Model | undefined,
) {
  const filter = { tenantId: caller.tenantId, key: call.calledElement };
  const { kind, version, versionTag } = call.binding;
  const found =
    kind === 'version'
      ? await storage.findDefinitions({ ...filter, version: Number(version) })
      : kind === 'versionTag'
        ? await storage.findDefinitions({ ...filter, versionTag: versionTag as string })
        : await storage.findDefinitions({ ...filter, deploymentId: callerModel?.definition.deploymentId ?? '' });
  return found.items.at(-1);
}

function problemOf(model: Model | undefined, call: Call): ErrorData | undefined {
  const { calledElement, startEventId } = call;
  if (model === undefined) return notFound(`called process '${calledElement}' not found`, { calledElement });
  if (!model.graph.isExecutable)
    return notFound(`called process '${calledElement}' is not executable`, { calledElement });
  const { startEvents, implicitStarts } = model.graph.root;
  const matches =
    startEventId === undefined
      ? startEvents.length + implicitStarts.length > 0
      : startEvents.some(({ id }) => id === startEventId);
  if (matches) return undefined;
  return notFound(`the called process '${calledElement}' has no matching StartEvent`, {
    configuredStartEventId: startEventId ?? null,
  });
}

function notFound(message: string, additionalInformation: JsonObject): ErrorData {
  return { name: 'NotFoundError', code: '', message, status: 404, additionalInformation };
}

async function fail(
  { runner, storage }: CallOptions,
  job: JobRecord,
  { guard, error }: { guard: Guard; error: ErrorData },
): Promise<void> {
  const call = job.payload as unknown as Call;
  const { status } = await runner.submit(job.processInstanceId!, {
    type: 'child-ended',
    flowNodeInstanceId: job.flowNodeInstanceId!,
    childInstanceId: call.childInstanceId,
    outcome: { state: 'error', error, technical: true },
    guard,
  });
  if (status === 'gone') await storage.commit({ guards: [guard] });
}
