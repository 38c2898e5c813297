/** Correlations: the process instances that share a correlation id. */
import {
  tenantOf,
  type Correlation,
  type CorrelationList,
  type CorrelationQuery,
  type IIdentity,
} from '@process-engine/contracts';
import type { ProcessInstanceRecord } from '@process-engine/contracts/storage';
import { isoTime, managedInstance } from '../data-transfer-objects.js';
import { given } from '../given.js';
import { pageOf } from '../paging.js';
import type { ServiceOptions } from '../service-options.js';
import { ensureReadModels, notFound } from './lookup.js';

/** Correlation ids in one query: databases bound the parameters of a statement. */
const CHUNK = 500;

export class CorrelationService {
  constructor(private readonly options: ServiceOptions) {}

  async getCorrelations(
    identity: IIdentity,
    query: CorrelationQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<CorrelationList> {
    await ensureReadModels(this.options, identity);
    const { active: running, processModelId } = query;
    const filter = { tenantId: tenantOf(identity), ...given({ running, processModelId }) };
    const { items, totalCount } = await this.options.runtime.storage.findCorrelations(filter, pageOf(offset, limit));
    const instances = await this.#instancesOf(identity, items);
    const correlations = items.map((id) => correlationOf(id, instances.get(id) ?? []));
    return { correlations: correlations.filter(({ processInstances }) => processInstances.length > 0), totalCount };
  }

  async getCorrelation(identity: IIdentity, correlationId: string): Promise<Correlation> {
    await ensureReadModels(this.options, identity);
    const instances = (await this.#instancesOf(identity, [correlationId])).get(correlationId);
    if (instances === undefined) throw notFound('correlation', correlationId);
    return correlationOf(correlationId, instances);
  }

  async #instancesOf(identity: IIdentity, ids: readonly string[]): Promise<Map<string, ProcessInstanceRecord[]>> {
    const found = new Map<string, ProcessInstanceRecord[]>();
    for (let at = 0; at < ids.length; at += CHUNK) {
      const correlationIds = ids.slice(at, at + CHUNK);
      const filter = { tenantId: tenantOf(identity), correlationIds };
      for (const row of (await this.options.runtime.storage.findProcessInstances(filter)).items) {
        const rows = found.get(row.correlationId);
        if (rows === undefined) found.set(row.correlationId, [row]);
        else rows.push(row);
      }
    }
    return found;
  }
}

function correlationOf(id: string, instances: readonly ProcessInstanceRecord[]): Correlation {
  const createdAt = Math.min(...instances.map(({ startedAt }) => startedAt));
  return {
    id,
    createdAt: instances.length === 0 ? '' : isoTime(createdAt),
    state: stateOf(instances),
    processInstances: instances.map(managedInstance),
  };
}

function stateOf(instances: readonly ProcessInstanceRecord[]): Correlation['state'] {
  if (instances.some(({ state }) => state === 'running')) return 'running';
  return instances.every(({ state }) => state === 'finished') ? 'finished' : 'error';
}
