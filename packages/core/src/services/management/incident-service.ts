/** Incidents and jobs: what waits for an operator, and what the engine has before it. */
import {
  CLAIMS,
  tenantOf,
  type IIdentity,
  type IncidentList,
  type IncidentQuery,
  type JobList,
  type JobQuery,
} from '@process-engine/contracts';
import { incidentOf, jobOf } from '../data-transfer-objects.js';
import { given } from '../given.js';
import { pageOf } from '../paging.js';
import type { ServiceOptions } from '../service-options.js';
import { ensureRead, notFound } from './lookup.js';

export class IncidentService {
  constructor(private readonly options: ServiceOptions) {}

  async getIncidents(
    identity: IIdentity,
    { processInstanceId, processModelId }: IncidentQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<IncidentList> {
    await ensureRead(this.options, identity);
    const filter = { tenantId: tenantOf(identity), ...given({ processInstanceId, processModelId }) };
    const { items, totalCount } = await this.options.runtime.storage.findIncidents(filter, pageOf(offset, limit));
    return { incidents: items.map(incidentOf), totalCount };
  }

  retryIncident(identity: IIdentity, incidentId: string): Promise<void> {
    return this.#settle(identity, incidentId, 'retry');
  }

  resolveIncident(identity: IIdentity, incidentId: string): Promise<void> {
    return this.#settle(identity, incidentId, 'resolve');
  }

  async #settle(identity: IIdentity, id: string, type: 'retry' | 'resolve'): Promise<void> {
    const { access, runtime } = this.options;
    await access.ensureClaim(identity, CLAIMS.superAdmin);
    const { items } = await runtime.storage.findIncidents({ tenantId: tenantOf(identity), id });
    if (items[0] === undefined) throw notFound('incident', id);
    const { processInstanceId, flowNodeInstanceId } = items[0];
    const { status } = await runtime.runner.submit(processInstanceId, { type, flowNodeInstanceId });
    if (status === 'gone') throw notFound('incident', id);
  }

  async getJobs(
    identity: IIdentity,
    { processInstanceId, definitionId }: JobQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<JobList> {
    await ensureRead(this.options, identity);
    const filter = { tenantId: tenantOf(identity), ...given({ processInstanceId, definitionId }) };
    const { items, totalCount } = await this.options.runtime.storage.findJobs(filter, pageOf(offset, limit));
    return { jobs: items.map(jobOf), totalCount };
  }
}
