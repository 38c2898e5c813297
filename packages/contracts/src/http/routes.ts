import { consumerRoutes } from './consumer-routes.js';
import { externalTaskRoutes } from './external-task-routes.js';
import { managementRoutes } from './management-routes.js';
import type { ApiName, Route } from './route.js';

/** Base path by API. */
export const BASE_PATHS: Readonly<Record<ApiName, string>> = {
  consumerApi: '/api/consumer/v1',
  externalTaskApi: '/api/external_task/v1',
  managementApi: '/api/management/v1',
};

/** One row per operation (and older path) of the three APIs. */
export const ROUTES: readonly Route[] = [
  ...consumerRoutes,
  ...externalTaskRoutes('externalTaskApi'),
  ...managementRoutes,
];

/** Namespace of the socket.io endpoint that carries the notifications. */
export const SOCKET_NAMESPACE = '/consumer_api';
