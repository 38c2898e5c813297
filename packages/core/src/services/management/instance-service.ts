/** Process instances: finding them, looking inside, changing and ending them. */
import { readRequestBody } from '@process-engine/contracts/http';
import {
  activateAdHocActivityRequestSchema,
  BadRequestError,
  CLAIMS,
  GoneError,
  managedProcessInstanceSchema,
  NotFoundError,
  RequestConflictError,
  setVariablesRequestSchema,
  tenantOf,
  type FlowNodeInstanceList,
  type IIdentity,
  type JsonObject,
  type JsonValue,
  type ManagedProcessInstance,
  type ManagedProcessInstanceList,
  type ProcessInstanceQuery,
} from '@process-engine/contracts';
import type { ProcessInstanceFilter } from '@process-engine/contracts/storage';
import { flowNodeInstanceOf, managedInstance } from '../data-transfer-objects.js';
import { given } from '../given.js';
import { pageOf } from '../paging.js';
import type { ServiceOptions } from '../service-options.js';
import { ensureReadInstances, instanceOf } from './lookup.js';

export class InstanceService {
  constructor(private readonly options: ServiceOptions) {}

  async getProcessInstances(
    identity: IIdentity,
    query: ProcessInstanceQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<ManagedProcessInstanceList> {
    await ensureReadInstances(this.options, identity);
    const { items, totalCount } = await this.options.runtime.storage.findProcessInstances(
      filterOf(tenantOf(identity), query),
      pageOf(offset, limit),
    );
    return { processInstances: items.map(managedInstance), totalCount };
  }

  async getProcessInstance(identity: IIdentity, processInstanceId: string): Promise<ManagedProcessInstance> {
    await ensureReadInstances(this.options, identity);
    return managedInstance(await instanceOf(this.options, identity, processInstanceId));
  }

  async getFlowNodeInstances(
    identity: IIdentity,
    processInstanceId: string,
    offset?: number,
    limit?: number,
  ): Promise<FlowNodeInstanceList> {
    await ensureReadInstances(this.options, identity);
    const { items, totalCount } = await this.options.runtime.storage.findFlowNodeInstances(
      { tenantId: tenantOf(identity), processInstanceId },
      pageOf(offset, limit),
    );
    return { flowNodeInstances: items.map(flowNodeInstanceOf), totalCount };
  }

  async getVariables(identity: IIdentity, processInstanceId: string): Promise<Record<string, unknown>> {
    await ensureReadInstances(this.options, identity);
    await instanceOf(this.options, identity, processInstanceId);
    const rows = await this.options.runtime.storage.findVariables(processInstanceId);
    return Object.fromEntries(
      rows.filter(({ scopeId }) => scopeId === processInstanceId).map(({ name, value }) => [name, value]),
    );
  }

  async setVariables(
    identity: IIdentity,
    processInstanceId: string,
    change: { variables: Record<string, unknown>; scopeId?: string | undefined },
  ): Promise<void> {
    await this.options.access.ensureClaim(identity, CLAIMS.superAdmin);
    readRequestBody(setVariablesRequestSchema, change);
    const { variables, scopeId } = change;
    await instanceOf(this.options, identity, processInstanceId);
    const { status } = await this.options.runtime.runner.submit(processInstanceId, {
      type: 'set-variables',
      scopeId,
      variables: variables as JsonObject,
    });
    if (status === 'gone')
      throw new GoneError(`process instance '${processInstanceId}' or its scope has ended`, {
        reason: 'process-instance-ended',
      });
  }

  async activateAdHocActivity(
    identity: IIdentity,
    processInstanceId: string,
    activity: { flowNodeId: string; scopeId?: string | undefined },
  ): Promise<void> {
    const { access, runtime } = this.options;
    await access.ensureClaim(identity, CLAIMS.readProcessModel);
    readRequestBody(activateAdHocActivityRequestSchema, activity);
    const { flowNodeId, scopeId } = activity;
    const { processModelId, definitionId } = await instanceOf(this.options, identity, processInstanceId);
    const node = (await runtime.models.get(definitionId))?.graph.nodesById.get(flowNodeId);
    if (node === undefined)
      throw new NotFoundError(`the process model '${processModelId}' has no flow node '${flowNodeId}'`, {
        reason: 'flow-node-not-found',
      });
    await access.ensureLanes(identity, node.lanes, `the activity '${flowNodeId}'`);
    const { status } = await runtime.runner.submit(processInstanceId, { type: 'activate', flowNodeId, scopeId });
    if (status === 'gone') {
      throw new RequestConflictError(`no ad-hoc sub-process offers the activity '${flowNodeId}' now`, {
        reason: 'activity-not-offered',
      });
    }
  }

  async terminateProcessInstance(identity: IIdentity, processInstanceId: string): Promise<void> {
    await this.options.access.ensureClaim(identity, CLAIMS.terminateProcess);
    await instanceOf(this.options, identity, processInstanceId);
    const reason = `Process was terminated by user '${identity.userId}'`;
    const { status } = await this.options.runtime.runner.submit(processInstanceId, { type: 'terminate', reason });
    if (status === 'gone')
      throw new GoneError(`process instance '${processInstanceId}' has ended`, { reason: 'process-instance-ended' });
  }
}

const STATES: readonly string[] = managedProcessInstanceSchema.shape.state.options;

function filterOf(tenantId: string, query: ProcessInstanceQuery): ProcessInstanceFilter {
  const { state, processModelId, definitionId, correlationId, businessKey } = query;
  if (state !== undefined && !STATES.includes(state))
    throw new BadRequestError(`the state of a process instance is one of ${STATES.join(', ')}, not '${String(state)}'`);
  return {
    tenantId,
    ...given({ processModelId, definitionId, correlationId, businessKey }),
    ...given({
      states: state && [state],
      parentInstanceId: query.parentProcessInstanceId,
      startedAfter: momentOf('startedAfter', query.startedAfter),
      startedBefore: momentOf('startedBefore', query.startedBefore),
      variable: variableOf(query),
    }),
  };
}

function momentOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) throw new BadRequestError(`${name} must be a time as ISO 8601 has it`);
  return moment;
}

function variableOf({ variableName, variableValue }: ProcessInstanceQuery): ProcessInstanceFilter['variable'] {
  if (variableName !== undefined) return { name: variableName, value: valueOf(variableValue) };
  if (variableValue === undefined) return undefined;
  throw new BadRequestError('variableValue needs variableName');
}

/** What is no JSON is a text: nobody should have to quote one. */
function valueOf(text: string | undefined): JsonValue {
  if (text === undefined) return null;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
