/** What most operations of the management API begin with: the right to read, and the row an id stands for. */
import { CLAIMS, NotFoundError, tenantOf, type IIdentity } from '@process-engine/contracts';
import type { ProcessInstanceRecord } from '@process-engine/contracts/storage';
import type { ServiceOptions } from '../service-options.js';

/** Models, deployments, and which correlations there are. */
export function ensureReadModels({ access }: ServiceOptions, identity: IIdentity): Promise<void> {
  return access.ensureClaim(identity, CLAIMS.readProcessModel);
}

/** Instances with all that is in them, across all lanes: more than somebody needs who works with processes. */
export function ensureReadInstances({ access }: ServiceOptions, identity: IIdentity): Promise<void> {
  return access.ensureClaim(identity, CLAIMS.readProcessInstances);
}

/** NotFoundError: unknown, or of another tenant. */
export async function instanceOf(
  { runtime }: ServiceOptions,
  identity: IIdentity,
  id: string,
): Promise<ProcessInstanceRecord> {
  const { items } = await runtime.storage.findProcessInstances({ tenantId: tenantOf(identity), ids: [id] });
  if (items[0] === undefined) throw notFound('process instance', id);
  return items[0];
}

export function notFound(what: string, id: string): Error {
  return new NotFoundError(`${what} '${id}' not found`, { reason: `${what.replaceAll(' ', '-')}-not-found` });
}
