import type { Route } from './route.js';

/** Operations of the consumer API that the management API offers, too, under the same paths. */
const SHARED = /UserTask|ManualTask|EmptyActivit|SuspendedTasks|^trigger|^startProcessInstance$/;
/** Waiting events have paths of their own there. */
const EVENTS = /^getEventsFor/;

/** Rows below the base path of the management API that call operations of the consumer API. */
export function managementAliases(consumerRoutes: readonly Route[]): Route[] {
  return consumerRoutes.flatMap((route) => {
    const alias: Route = { ...route, mount: 'managementApi', alias: true };
    if (SHARED.test(route.operation)) return [alias];
    return EVENTS.test(route.operation) ? [{ ...alias, path: `${route.path}/waiting` }] : [];
  });
}
