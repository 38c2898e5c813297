import { consumerRoutes } from './consumer-routes.js';
import { externalTaskRoutes } from './external-task-routes.js';
import { managementAliases } from './management-aliases.js';
import { managementRoutes } from './management-routes.js';
import type { ApiName, Route } from './route.js';

/** Base path by API. */
export const BASE_PATHS: Readonly<Record<ApiName, string>> = {
  consumerApi: '/api/consumer/v1',
  externalTaskApi: '/api/external_task/v1',
  managementApi: '/api/management/v1',
};

/** Where a row is served, with its parameters as `:name`. */
export function pathOf({ api, mount, path }: Pick<Route, 'api' | 'mount' | 'path'>): string {
  return BASE_PATHS[mount ?? api] + path;
}

/** One row per operation (and older path) of the three APIs. */
export const ROUTES: readonly Route[] = [
  ...consumerRoutes,
  ...externalTaskRoutes('externalTaskApi'),
  ...managementRoutes,
  ...managementAliases(consumerRoutes),
];

/** Namespaces of the socket.io endpoint that carry the notifications. */
export const SOCKET_NAMESPACE = '/consumer_api';
export const MANAGEMENT_SOCKET_NAMESPACE = '/management_api';
