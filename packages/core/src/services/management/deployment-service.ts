/** Deploying and deleting process models; deployments, definitions and their versions. */
import { readRequestBody } from '@process-engine/contracts/http';
import {
  CLAIMS,
  deploymentRequestSchema,
  RequestConflictError,
  tenantOf,
  UnprocessableEntityError,
  updateProcessModelRequestSchema,
  type Definition,
  type DefinitionList,
  type DefinitionQuery,
  type Deployment,
  type DeploymentInfo,
  type DeploymentList,
  type DeploymentRequest,
  type IIdentity,
} from '@process-engine/contracts';
import type { DefinitionRecord } from '@process-engine/contracts/storage';
import { parseModel } from '../../model/index.js';
import { cronjobChanges, type ModelVersions } from '../../runtime/cronjobs.js';
import { definitionOf, isoTime } from '../data-transfer-objects.js';
import { given } from '../given.js';
import { paged, pageOf } from '../paging.js';
import { ensureOutsideTransaction } from '../outside-transaction.js';
import type { ServiceOptions } from '../service-options.js';
import { ensureReadModels, notFound } from './lookup.js';

export class DeploymentService {
  constructor(private readonly options: ServiceOptions) {}

  async deploy(identity: IIdentity, deployment: DeploymentRequest): Promise<Deployment> {
    await this.options.access.ensureClaim(identity, CLAIMS.writeProcessModel);
    readRequestBody(deploymentRequestSchema, deployment);
    return this.#deploy(identity, deployment);
  }

  async #deploy(identity: IIdentity, request: DeploymentRequest): Promise<Deployment> {
    const { runtime } = this.options;
    ensureOutsideTransaction({ runtime }, 'a deployment');
    const deployment = await runtime.models.deploy(tenantOf(identity), request);
    runtime.lookForJobs();
    for (const { definitionId, new: isNew } of deployment.definitions) if (isNew) await this.#tellOf(definitionId);
    return deployment;
  }

  /** What the new version changed about schedules. */
  async #tellOf(definitionId: string): Promise<void> {
    const { models, storage } = this.options.runtime;
    const model = await models.get(definitionId);
    if (model === undefined) return;
    const { tenantId, key, version } = model.definition;
    const { items } = await storage.findDefinitions({ tenantId, key, version: version - 1 });
    const before = items[0] === undefined ? undefined : await models.get(items[0].id);
    await this.#tell({ definition: model.definition, before: before?.graph, after: model.graph });
  }

  async #tell(versions: ModelVersions): Promise<void> {
    for (const notification of cronjobChanges(versions)) await this.options.runtime.tell(notification);
  }

  async updateProcessModel(
    identity: IIdentity,
    processModelId: string,
    model: { xml: string; overwriteExisting?: boolean | undefined },
  ): Promise<void> {
    await this.options.access.ensureClaim(identity, CLAIMS.writeProcessModel);
    readRequestBody(updateProcessModelRequestSchema, model);
    const { xml, overwriteExisting = true } = model;
    const { elementsById } = await parseModel(xml);
    if (elementsById[processModelId]?.$type !== 'bpmn:Process') {
      throw new UnprocessableEntityError(`the model holds no process with the id '${processModelId}'`, {
        reason: 'process-id-mismatch',
      });
    }
    const { totalCount } = await this.options.runtime.storage.findDefinitions({
      tenantId: tenantOf(identity),
      key: processModelId,
      latest: true,
    });
    if (!overwriteExisting && totalCount > 0) {
      throw new RequestConflictError(`the process model '${processModelId}' exists already`, {
        reason: 'process-model-exists',
      });
    }
    await this.#deploy(identity, { files: [{ name: `${processModelId}.bpmn`, xml }] });
  }

  async deleteProcessModel(identity: IIdentity, processModelId: string): Promise<void> {
    await this.options.access.ensureClaim(identity, CLAIMS.deleteProcessModel);
    ensureOutsideTransaction(this.options, 'the removal of a model');
    const { models } = this.options.runtime;
    const model = await models.latest(tenantOf(identity), processModelId);
    if (model === undefined || !(await models.delete(tenantOf(identity), processModelId)))
      throw notFound('process model', processModelId);
    await this.#tell({ definition: model.definition, before: model.graph, after: undefined });
  }

  async getDeployments(identity: IIdentity, offset?: number, limit?: number): Promise<DeploymentList> {
    await ensureReadModels(this.options, identity);
    const { items } = await this.options.runtime.storage.findDefinitions({ tenantId: tenantOf(identity) });
    const deployments = deploymentsOf(items);
    return { deployments: paged(deployments, pageOf(offset, limit)), totalCount: deployments.length };
  }

  async getDefinitions(
    identity: IIdentity,
    query: DefinitionQuery = {},
    offset?: number,
    limit?: number,
  ): Promise<DefinitionList> {
    await ensureReadModels(this.options, identity);
    const { processModelId: key, deploymentId, versionTag, latest } = query;
    const filter = { tenantId: tenantOf(identity), ...given({ key, deploymentId, versionTag, latest }) };
    const { items, totalCount } = await this.options.runtime.storage.findDefinitions(filter, pageOf(offset, limit));
    return { definitions: items.map((row) => definitionOf(row, false)), totalCount };
  }

  async getDefinition(identity: IIdentity, definitionId: string): Promise<Definition> {
    await ensureReadModels(this.options, identity);
    const row = await this.options.runtime.storage.loadDefinition(definitionId);
    if (row?.tenantId !== tenantOf(identity)) throw notFound('definition', definitionId);
    return definitionOf(row, true);
  }
}

/** Oldest first. */
function deploymentsOf(rows: readonly DefinitionRecord[]): DeploymentInfo[] {
  const byId = new Map<string, DefinitionRecord[]>();
  for (const row of rows) byId.set(row.deploymentId, [...(byId.get(row.deploymentId) ?? []), row]);
  return [...byId]
    .map(([deploymentId, members]) => {
      const { deploymentName, createdAt } = members[0]!;
      const definitions = members.map((row) => definitionOf(row, false));
      return {
        deploymentId,
        ...given({ name: deploymentName ?? undefined }),
        createdAt: isoTime(createdAt),
        definitions,
      };
    })
    .sort(
      (left, right) =>
        left.createdAt.localeCompare(right.createdAt) || (left.deploymentId < right.deploymentId ? -1 : 1),
    );
}
