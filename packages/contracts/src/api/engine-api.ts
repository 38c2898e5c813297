import type { IConsumerApi } from './consumer-api.js';
import type { IExternalTaskApi } from './external-task-api.js';
import type { IManagementApi } from './management-api.js';
import type { INotificationApi } from './notification-api.js';

/**
 * The engine as its users see it. The engine itself, the internal accessor and the external accessor are all one of
 * these, so clients and the HTTP transport work over any of them.
 */
export interface EngineApi {
  readonly consumerApi: IConsumerApi;
  readonly externalTaskApi: IExternalTaskApi;
  readonly managementApi: IManagementApi;
  readonly notificationApi: INotificationApi;
}
