/** Process models as clients of the consumer API see them, with their XML. */
import {
  tenantOf,
  type IIdentity,
  type ManagedProcessModel,
  type ManagedProcessModelList,
  type ModelEventList,
  type ProcessModel,
} from '@process-engine/contracts';
import { pageOf } from '../paging.js';
import { ProcessModelService } from '../process-model-service.js';
import type { ServiceOptions } from '../service-options.js';
import { instanceOf, notFound } from './lookup.js';

export class ModelViewService {
  readonly #models: ProcessModelService;

  constructor(private readonly options: ServiceOptions) {
    this.#models = new ProcessModelService(options);
  }

  async getProcessModels(identity: IIdentity, offset?: number, limit?: number): Promise<ManagedProcessModelList> {
    const { processModels, totalCount } = await this.#models.list(identity, pageOf(offset, limit));
    return {
      processModels: await Promise.all(processModels.map((model) => this.#withXml(identity, model))),
      totalCount,
    };
  }

  async getProcessModelById(identity: IIdentity, processModelId: string): Promise<ManagedProcessModel> {
    return this.#withXml(identity, await this.#models.get(identity, processModelId));
  }

  async getProcessModelByProcessInstanceId(
    identity: IIdentity,
    processInstanceId: string,
  ): Promise<ManagedProcessModel> {
    const visible = await this.#models.getOfInstance(identity, processInstanceId);
    const { definitionId } = await instanceOf(this.options, identity, processInstanceId);
    const model = await this.options.runtime.models.get(definitionId);
    if (model === undefined) throw notFound('definition', definitionId);
    return { ...visible, xml: model.definition.xml };
  }

  async getStartEventsForProcessModel(identity: IIdentity, processModelId: string): Promise<ModelEventList> {
    const { startEvents } = await this.#models.get(identity, processModelId);
    return { events: startEvents, totalCount: startEvents.length };
  }

  async #withXml(identity: IIdentity, visible: ProcessModel): Promise<ManagedProcessModel> {
    const model = await this.options.runtime.models.latest(tenantOf(identity), visible.id);
    if (model === undefined) throw notFound('process model', visible.id);
    return { ...visible, xml: model.definition.xml };
  }
}
