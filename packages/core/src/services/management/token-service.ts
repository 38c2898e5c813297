/** Tokens: where they stand, what they carried, how long they took; and the same as a log. */
import {
  BadRequestError,
  NotFoundError,
  tenantOf,
  type ActiveTokenList,
  type FlowNodeRuntimeInformation,
  type FlowNodeRuntimeInformationList,
  type IIdentity,
  type LogEntryList,
  type TokenHistoryList,
  type TokenQuery,
} from '@process-engine/contracts';
import type {
  FlowNodeInstanceRecord,
  FlowNodeInstanceState,
  Page,
  PageRequest,
  ProcessInstanceRecord,
} from '@process-engine/contracts/storage';
import { given } from '../given.js';
import { paged, pageOf } from '../paging.js';
import type { ServiceOptions } from '../service-options.js';
import { ensureReadInstances } from './lookup.js';
import { runtimeInformation } from './runtime-information.js';
import { activeTokenOf, logEntryOf, tokenHistoryOf } from './token-views.js';

const LIVE: readonly FlowNodeInstanceState[] = ['ready', 'waiting', 'active', 'joining', 'failed'];
/** Runs that figures are made of, at most. */
const MOST_RUNS = 10_000;

export class TokenService {
  constructor(private readonly options: ServiceOptions) {}

  async getRuntimeInformation(
    identity: IIdentity,
    processModelId: string,
    offset?: number,
    limit?: number,
  ): Promise<FlowNodeRuntimeInformationList> {
    const all = await this.#runtimeInformation(identity, { processModelId });
    return { flowNodeRuntimeInformation: paged(all, pageOf(offset, limit)), totalCount: all.length };
  }

  async getFlowNodeRuntimeInformation(
    identity: IIdentity,
    processModelId: string,
    flowNodeId: string,
  ): Promise<FlowNodeRuntimeInformation> {
    const [information] = await this.#runtimeInformation(identity, { processModelId, flowNodeId });
    if (information !== undefined) return information;
    throw new NotFoundError(`the flow node '${flowNodeId}' of process model '${processModelId}' has not finished yet`, {
      reason: 'no-finished-run',
    });
  }

  async #runtimeInformation(
    identity: IIdentity,
    query: { processModelId: string; flowNodeId?: string },
  ): Promise<FlowNodeRuntimeInformation[]> {
    await ensureReadInstances(this.options, identity);
    const finished: readonly FlowNodeInstanceState[] = ['finished'];
    const { totalCount } = await this.#rows(identity, query, { states: finished, page: { limit: 1 } });
    const page = { offset: Math.max(0, totalCount - MOST_RUNS), limit: MOST_RUNS };
    const { items } = await this.#rows(identity, query, { states: finished, page });
    return runtimeInformation(query.processModelId, items);
  }

  async getActiveTokens(
    identity: IIdentity,
    query: TokenQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<ActiveTokenList> {
    await ensureReadInstances(this.options, identity);
    const { items, totalCount } = await this.#rows(identity, query, { states: LIVE, page: pageOf(offset, limit) });
    const instances = await this.#instancesOf(identity, items);
    const results = await this.#resultsOf(items);
    const activeTokens = items.map((row) => activeTokenOf(row, instances.get(row.processInstanceId), results));
    return { activeTokens, totalCount };
  }

  async getLogs(identity: IIdentity, query: TokenQuery = {}, offset?: number, limit?: number): Promise<LogEntryList> {
    await ensureReadInstances(this.options, identity);
    const { items, totalCount } = await this.#rows(identity, query, { page: pageOf(offset, limit) });
    const instances = await this.#instancesOf(identity, items);
    return { logEntries: items.map((row) => logEntryOf(row, instances.get(row.processInstanceId))), totalCount };
  }

  async getTokenHistory(
    identity: IIdentity,
    query: TokenQuery,
    offset?: number,
    limit?: number,
  ): Promise<TokenHistoryList> {
    await ensureReadInstances(this.options, identity);
    const { processInstanceId, correlationId, flowNodeId } = query ?? {};
    if (processInstanceId === undefined && correlationId === undefined)
      throw new BadRequestError('a token history is that of a processInstanceId or a correlationId: one is required');
    // All nodes of the instances: what one received is what another left behind.
    const { items } = await this.#rows(identity, { ...query, flowNodeId: undefined }, {});
    const results = new Map(items.map(({ id, result }) => [id, result]));
    const instances = await this.#instancesOf(identity, items);
    const entries = items
      .filter((row) => flowNodeId === undefined || row.flowNodeId === flowNodeId)
      .flatMap((row) => tokenHistoryOf(row, instances.get(row.processInstanceId), results));
    return { tokenHistoryEntries: paged(entries, pageOf(offset, limit)), totalCount: entries.length };
  }

  #rows(
    identity: IIdentity,
    { processInstanceId, correlationId, processModelId, flowNodeId }: TokenQuery,
    { states, page }: { states?: readonly FlowNodeInstanceState[]; page?: PageRequest },
  ): Promise<Page<FlowNodeInstanceRecord>> {
    const filter = given({ processInstanceId, correlationId, processModelId, flowNodeId, states });
    return this.options.runtime.storage.findFlowNodeInstances({ tenantId: tenantOf(identity), ...filter }, page);
  }

  async #instancesOf(
    identity: IIdentity,
    rows: readonly FlowNodeInstanceRecord[],
  ): Promise<ReadonlyMap<string, ProcessInstanceRecord>> {
    const ids = [...new Set(rows.map(({ processInstanceId }) => processInstanceId))];
    const found = new Map<string, ProcessInstanceRecord>();
    for (let at = 0; at < ids.length; at += 500) {
      const filter = { tenantId: tenantOf(identity), ids: ids.slice(at, at + 500) };
      const { items } = await this.options.runtime.storage.findProcessInstances(filter);
      for (const row of items) found.set(row.id, row);
    }
    return found;
  }

  /** The results that live rows name as their payload. */
  async #resultsOf(rows: readonly FlowNodeInstanceRecord[]): Promise<ReadonlyMap<string, unknown>> {
    const named = rows.filter(({ payloadFrom }) => payloadFrom !== null);
    const results = new Map<string, unknown>();
    for (const id of new Set(named.map(({ processInstanceId }) => processInstanceId))) {
      const stored = await this.options.runtime.storage.loadInstance(id);
      for (const [key, result] of stored?.results ?? []) results.set(key, result);
    }
    return results;
  }
}
