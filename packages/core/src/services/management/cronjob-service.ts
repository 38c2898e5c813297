/** The schedules of timer start events, and what they started. */
import {
  CLAIMS,
  tenantOf,
  type Cronjob,
  type CronjobHistoryList,
  type CronjobHistoryQuery,
  type CronjobList,
  type CronjobQuery,
  type IIdentity,
} from '@process-engine/contracts';
import type { JobRecord } from '@process-engine/contracts/storage';
import { isoTime } from '../data-transfer-objects.js';
import { given } from '../given.js';
import { paged, pageOf } from '../paging.js';
import type { ServiceOptions } from '../service-options.js';
import { ensureReadModels } from './lookup.js';

export class CronjobService {
  constructor(private readonly options: ServiceOptions) {}

  async getActiveCronjobs(
    identity: IIdentity,
    { processModelId }: CronjobQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<CronjobList> {
    await ensureReadModels(this.options, identity);
    const { items } = await this.options.runtime.storage.findJobs({
      tenantId: tenantOf(identity),
      kinds: ['start-timer'],
    });
    const cronjobs = (await Promise.all(items.map((job) => this.#cronjobOf(job)))).filter(
      (cronjob) => processModelId === undefined || cronjob.processModelId === processModelId,
    );
    return { cronjobs: paged(cronjobs, pageOf(offset, limit)), totalCount: cronjobs.length };
  }

  async getCronjobHistory(
    identity: IIdentity,
    { processModelId, crontab: schedule }: CronjobHistoryQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<CronjobHistoryList> {
    await this.options.access.ensureClaim(identity, CLAIMS.readCronjobHistory);
    const filter = { tenantId: tenantOf(identity), ...given({ processModelId, schedule }) };
    const { items, totalCount } = await this.options.runtime.storage.findCronRuns(filter, pageOf(offset, limit));
    const cronjobHistories = items.map((run) => ({
      processModelId: run.processModelId,
      startEventId: run.startEventId,
      crontab: run.schedule,
      executedAt: isoTime(run.executedAt),
      processInstanceId: run.processInstanceId,
    }));
    return { cronjobHistories, totalCount };
  }

  async #cronjobOf({ definitionId, flowNodeId, payload, dueAt }: JobRecord): Promise<Cronjob> {
    const model = await this.options.runtime.models.get(definitionId!);
    const { schedule } = payload as unknown as { schedule: string };
    return {
      processModelId: model?.definition.key ?? '',
      startEventId: flowNodeId!,
      crontab: schedule,
      nextExecution: isoTime(dueAt),
    };
  }
}
