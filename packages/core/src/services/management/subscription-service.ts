/** What instances and start events wait for, and the messages that wait for them. */
import {
  tenantOf,
  type BufferedMessageList,
  type IIdentity,
  type MessageQuery,
  type SubscriptionInfo,
  type SubscriptionInfoList,
  type SubscriptionQuery,
} from '@process-engine/contracts';
import { bufferedMessageOf, subscriptionOf, timerOf } from '../data-transfer-objects.js';
import { given } from '../given.js';
import { paged, pageOf } from '../paging.js';
import type { ServiceOptions } from '../service-options.js';
import { ensureReadInstances } from './lookup.js';

export class SubscriptionService {
  constructor(private readonly options: ServiceOptions) {}

  async getSubscriptions(
    identity: IIdentity,
    query: SubscriptionQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<SubscriptionInfoList> {
    await ensureReadInstances(this.options, identity);
    const { processInstanceId, processModelId } = query;
    const filter = { tenantId: tenantOf(identity), ...given({ processInstanceId, processModelId }) };
    const { items } = await this.options.runtime.storage.findSubscriptions(filter);
    const all = [...items.map(subscriptionOf), ...(await this.#timers(identity, query))];
    return { subscriptions: paged(all, pageOf(offset, limit)), totalCount: all.length };
  }

  async getMessages(
    identity: IIdentity,
    { name }: MessageQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<BufferedMessageList> {
    await ensureReadInstances(this.options, identity);
    const { storage, clock } = this.options.runtime;
    const rows = await storage.findMessages({ tenantId: tenantOf(identity), ...given({ name }), now: clock.now() });
    return { messages: paged(rows, pageOf(offset, limit)).map(bufferedMessageOf), totalCount: rows.length };
  }

  async #timers(
    identity: IIdentity,
    { processInstanceId, processModelId }: SubscriptionQuery,
  ): Promise<SubscriptionInfo[]> {
    const { items } = await this.options.runtime.storage.findJobs({
      tenantId: tenantOf(identity),
      ...given({ processInstanceId }),
      kinds: ['timer', 'start-timer'],
    });
    const owners = items.map((job) => job.processInstanceId ?? job.definitionId!);
    const models = await this.#modelsOf(identity, owners);
    return items
      .map((job, index) => timerOf(job, models.get(owners[index]!) ?? ''))
      .filter((timer) => processModelId === undefined || timer.processModelId === processModelId);
  }

  /** Process model ids by process instance id or definition id. */
  async #modelsOf(identity: IIdentity, ids: readonly string[]): Promise<Map<string, string>> {
    const { storage, models } = this.options.runtime;
    const found = new Map<string, string>();
    if (ids.length === 0) return found;
    const { items } = await storage.findProcessInstances({ tenantId: tenantOf(identity), ids: [...new Set(ids)] });
    for (const { id, processModelId } of items) found.set(id, processModelId);
    for (const id of ids) if (!found.has(id)) found.set(id, (await models.get(id))?.definition.key ?? '');
    return found;
  }
}
