/** Names of earlier versions and documents. They do what the names they point to do. */
import type { IIdentity, ProcessModel } from '@process-engine/contracts';
import { ExternalAccessor } from './accessors/external-accessor.js';
import { InternalAccessor } from './accessors/internal-accessor.js';
import { ConsumerApiClient } from './consumer-api-client.js';
import { ExternalTaskApiClient } from './external-task-api-client.js';
import { ManagementApiClient } from './management-api-client.js';

/** @deprecated Use `ConsumerApiClient`. */
export class ConsumerApiClientService extends ConsumerApiClient {
  /** @deprecated Use `getProcessModelById`. */
  getProcessModelByKey(identity: IIdentity, processModelKey: string): Promise<ProcessModel> {
    return this.getProcessModelById(identity, processModelKey);
  }

  /** @deprecated Use `handleServiceError`. */
  handleSystemError(
    identity: IIdentity,
    workerId: string,
    externalTaskId: string,
    errorMessage: string,
    errorDetails?: unknown,
  ): Promise<void> {
    return this.handleServiceError(identity, workerId, externalTaskId, errorMessage, errorDetails);
  }
}

/** @deprecated Use `ExternalTaskApiClient`. */
export class ExternalTaskApiClientService extends ExternalTaskApiClient {
  /** @deprecated Use `handleServiceError`. */
  handleSystemError(
    identity: IIdentity,
    workerId: string,
    externalTaskId: string,
    errorMessage: string,
    errorDetails?: unknown,
  ): Promise<void> {
    return this.handleServiceError(identity, workerId, externalTaskId, errorMessage, errorDetails);
  }
}

/** @deprecated Use `ManagementApiClient`. */
export const ManagementApiClientService = ManagementApiClient;

/** @deprecated Use `ExternalAccessor`. */
export const ConsumerApiExternalAccessor = ExternalAccessor;
/** @deprecated Use `InternalAccessor`. */
export const ConsumerApiInternalAccessor = InternalAccessor;
/** @deprecated Use `ExternalAccessor`. */
export const ExternalTaskApiExternalAccessor = ExternalAccessor;
/** @deprecated Use `InternalAccessor`. */
export const ExternalTaskApiInternalAccessor = InternalAccessor;
