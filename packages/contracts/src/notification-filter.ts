import type { NotificationPayload } from './notifications.js';

const FIELDS = ['processModelId', 'correlationId', 'processInstanceId', 'flowNodeId', 'eventName'] as const;

/**
 * Which notifications a subscriber wants: those whose payload agrees with every field that is given. `flowNodeId` is the
 * element in the model, `eventName` the name of a message or signal.
 */
export type NotificationFilter = { readonly [Field in (typeof FIELDS)[number]]?: string | undefined };

export function matchesFilter(filter: NotificationFilter, payload: NotificationPayload): boolean {
  return FIELDS.every((field) => filter[field] === undefined || filter[field] === payload[field]);
}
