/** Incidents: work of flow nodes, and jobs of the engine, that failed for good, listed together, those of flow nodes first. And all jobs. */
import { readRequestBody } from '@process-engine/contracts/http';
import {
  CLAIMS,
  retryIncidentRequestSchema,
  tenantOf,
  type IIdentity,
  type Incident,
  type IncidentList,
  type IncidentQuery,
  type JobList,
  type JobQuery,
  type JsonObject,
  type RetryIncidentRequest,
} from '@process-engine/contracts';
import { LockLostError, type JobRecord } from '@process-engine/contracts/storage';
import { incidentOf, incidentOfJob, jobOf } from '../data-transfer-objects.js';
import { given } from '../given.js';
import { paged, pageOf } from '../paging.js';
import { ensureOutsideTransaction } from '../outside-transaction.js';
import type { ServiceOptions } from '../service-options.js';
import { ensureReadInstances, notFound } from './lookup.js';

export class IncidentService {
  constructor(private readonly options: ServiceOptions) {}

  async getIncidents(
    identity: IIdentity,
    { processInstanceId, processModelId }: IncidentQuery = {},
    offset = 0,
    limit = 0,
  ): Promise<IncidentList> {
    await ensureReadInstances(this.options, identity);
    const filter = { tenantId: tenantOf(identity), ...given({ processInstanceId, processModelId }) };
    const ofNodes = await this.options.runtime.storage.findIncidents(filter, pageOf(offset, limit));
    const ofJobs = await this.#ofJobs(filter);
    const incidents = ofNodes.items.map(incidentOf);
    const left = limit > 0 ? limit - incidents.length : 0;
    if (limit <= 0 || left > 0)
      incidents.push(...paged(ofJobs, { offset: Math.max(offset - ofNodes.totalCount, 0), limit: left }));
    return { incidents, totalCount: ofNodes.totalCount + ofJobs.length };
  }

  /** Jobs that failed for good are few, and do not know their model: they are all looked at. */
  async #ofJobs(filter: {
    tenantId: string;
    processInstanceId?: string;
    processModelId?: string;
  }): Promise<Incident[]> {
    const { tenantId, processInstanceId, processModelId } = filter;
    const { items } = await this.options.runtime.storage.findJobs({
      tenantId,
      ...given({ processInstanceId }),
      failed: true,
    });
    const models = await Promise.all(items.map((job) => this.#modelOf(job)));
    return items
      .map((job, index) => incidentOfJob(job, models[index]!))
      .filter((incident) => processModelId === undefined || incident.processModelId === processModelId);
  }

  async #modelOf({ processInstanceId, definitionId, tenantId }: JobRecord): Promise<string> {
    const { storage, models } = this.options.runtime;
    if (processInstanceId === null) return (await models.get(definitionId!))?.definition.key ?? '';
    const { items } = await storage.findProcessInstances({ tenantId, ids: [processInstanceId] });
    return items[0]?.processModelId ?? '';
  }

  async retryIncident(identity: IIdentity, id: string, retry?: RetryIncidentRequest): Promise<void> {
    await this.options.access.ensureClaim(identity, CLAIMS.superAdmin);
    readRequestBody(retryIncidentRequestSchema, retry);
    const variables = retry?.variables as JsonObject | undefined;
    const job = await this.#failedJob(identity, id);
    if (job !== undefined) ensureOutsideTransaction(this.options, 'the retry of a failed job');
    if (job !== undefined) return this.#retryJob(job, variables);
    await this.#submit(identity, id, { type: 'retry', ...(variables === undefined ? {} : { variables }) });
  }

  async #retryJob(job: JobRecord, variables: JsonObject | undefined): Promise<void> {
    const { runner, failedJobs } = this.options.runtime;
    if (variables !== undefined && job.processInstanceId !== null)
      await runner.submit(job.processInstanceId, { type: 'set-variables', scopeId: undefined, variables });
    await unlessGone(job.id, () => failedJobs.retry(job));
  }

  async resolveIncident(identity: IIdentity, id: string): Promise<void> {
    await this.options.access.ensureClaim(identity, CLAIMS.superAdmin);
    const job = await this.#failedJob(identity, id);
    if (job !== undefined) ensureOutsideTransaction(this.options, 'the removal of a failed job');
    if (job !== undefined) return unlessGone(id, () => this.options.runtime.failedJobs.resolve(job));
    await this.#submit(identity, id, { type: 'resolve' });
  }

  async getJobs(
    identity: IIdentity,
    { processInstanceId, definitionId }: JobQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<JobList> {
    await ensureReadInstances(this.options, identity);
    const filter = { tenantId: tenantOf(identity), ...given({ processInstanceId, definitionId }) };
    const { items, totalCount } = await this.options.runtime.storage.findJobs(filter, pageOf(offset, limit));
    return { jobs: items.map(jobOf), totalCount };
  }

  async #submit(
    identity: IIdentity,
    id: string,
    command: { readonly type: 'resolve' } | { readonly type: 'retry'; readonly variables?: JsonObject },
  ): Promise<void> {
    const { storage, runner } = this.options.runtime;
    const { items } = await storage.findIncidents({ tenantId: tenantOf(identity), id });
    const [incident] = items;
    if (incident === undefined) throw notFound('incident', id);
    const { flowNodeInstanceId } = incident;
    const { status } = await runner.submit(incident.processInstanceId, { ...command, flowNodeInstanceId });
    if (status === 'gone') throw notFound('incident', id);
  }

  async #failedJob(identity: IIdentity, id: string): Promise<JobRecord | undefined> {
    const { storage } = this.options.runtime;
    return (await storage.findJobs({ tenantId: tenantOf(identity), id, failed: true })).items[0];
  }
}

/** Somebody else was quicker: then there is no such incident any more. */
async function unlessGone(id: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof LockLostError ? notFound('incident', id) : error;
  }
}
