/** Which elements of the deployed models were executed, as the public API tells it. */
import type { FlowNodeInstance, IIdentity, IManagementApi } from '@process-engine/contracts';
import { TEST_IDENTITY } from '../test-engine.js';
import { modelElements, type ModelFlowNode, type ModelSequenceFlow } from './model-elements.js';

/** A `TestEngine`, an engine, or an accessor to one: whatever offers its management API. */
export type CoverageSubject =
  { readonly managementApi: IManagementApi } | { readonly engine: { readonly managementApi: IManagementApi } };

export interface Coverage<T> {
  readonly executed: readonly T[];
  readonly missing: readonly T[];
}

/** One version of a process model. */
export interface ModelCoverage {
  readonly processModelId: string;
  readonly version: number;
  readonly flowNodes: Coverage<ModelFlowNode>;
  readonly sequenceFlows: Coverage<ModelSequenceFlow>;
}

/**
 * The coverage of every executable model that is deployed, over all its instances so far, running and ended, ordered by id
 * and version.
 *
 * A flow node counts when it was entered; a join when it has fired. A sequence flow counts when an instance of its target
 * names an instance of its source as the one before it, so two flows between the same two nodes count together.
 *
 * @param identity who asks; it must be allowed to read definitions and instances
 */
export async function modelCoverage(
  subject: CoverageSubject,
  identity: IIdentity = TEST_IDENTITY,
): Promise<ModelCoverage[]> {
  const api = 'managementApi' in subject ? subject.managementApi : subject.engine.managementApi;
  const coverage: ModelCoverage[] = [];
  const { definitions } = await api.getDefinitions(identity);
  for (const { id, processModelId, version, executable } of definitions) {
    if (!executable) continue;
    const { xml = '' } = await api.getDefinition(identity, id);
    const { flowNodes, sequenceFlows } = await modelElements(xml, processModelId);
    const { entered, steps } = traceOf(await historyOf(api, identity, id));
    coverage.push({
      processModelId,
      version,
      flowNodes: split(flowNodes, (node) => entered.has(node.id)),
      sequenceFlows: split(sequenceFlows, ({ source, target }) => steps.get(target)?.has(source) === true),
    });
  }
  return coverage;
}

async function historyOf(api: IManagementApi, identity: IIdentity, definitionId: string): Promise<FlowNodeInstance[]> {
  const history: FlowNodeInstance[] = [];
  const { processInstances } = await api.getProcessInstances(identity, { definitionId });
  for (const { processInstanceId } of processInstances) {
    history.push(...(await api.getFlowNodeInstances(identity, processInstanceId)).flowNodeInstances);
  }
  return history;
}

interface Trace {
  readonly entered: ReadonlySet<string>;
  /** Per flow node the flow nodes from which it was reached. */
  readonly steps: ReadonlyMap<string, ReadonlySet<string | undefined>>;
}

function traceOf(history: readonly FlowNodeInstance[]): Trace {
  const nodeOf = new Map(history.map(({ flowNodeInstanceId, flowNodeId }) => [flowNodeInstanceId, flowNodeId]));
  const entered = new Set<string>();
  const steps = new Map<string, Set<string | undefined>>();
  for (const instance of history.filter(hasRun)) {
    const { flowNodeId, previousFlowNodeInstanceId } = instance;
    entered.add(flowNodeId);
    const sources = steps.get(flowNodeId) ?? new Set();
    for (const id of previousFlowNodeInstanceId?.split(';') ?? []) sources.add(nodeOf.get(id));
    steps.set(flowNodeId, sources);
  }
  return { entered, steps };
}

const JOINS: ReadonlySet<string> = new Set(['bpmn:ParallelGateway', 'bpmn:InclusiveGateway', 'bpmn:ComplexGateway']);

/** While a join collects tokens it names more than the ones it will take; a cancelled one never fired. */
function hasRun({ state, flowNodeType }: FlowNodeInstance): boolean {
  if (state === 'ready' || state === 'joining') return false;
  return state !== 'cancelled' || !JOINS.has(flowNodeType);
}

function split<T>(all: readonly T[], isExecuted: (one: T) => boolean): Coverage<T> {
  return { executed: all.filter(isExecuted), missing: all.filter((one) => !isExecuted(one)) };
}
