/** How followed events travel: as server-sent events (WHATWG HTML, 9.2), one per event, with its cursor as id. */
import { BadRequestError } from '../errors.js';
import type { FollowEventsOptions } from '../event-log.js';
import type { NotificationFilter } from '../notification-filter.js';
import {
  NOTIFICATION_FAMILIES,
  NOTIFICATION_KINDS,
  type NotificationFamily,
  type NotificationKind,
} from '../notifications.js';

export const NOTIFICATION_STREAM_PATH = '/api/consumer/v1/notifications';

/** Milliseconds after which a server sends at least a comment with its cursor; whoever hears nothing for longer is cut off. */
export const STREAM_HEARTBEAT = 15_000;

/** Query parameters of the stream. `after` may also be the header `Last-Event-ID`, which wins. */
export const NOTIFICATION_STREAM_QUERY = {
  names: 'Kinds and families, separated by commas. Default: every kind',
  after: 'Cursor of the last event that was taken; 0: from the oldest that is kept. Default: from now on',
  process_model_id: 'Only of this process model',
  correlation_id: 'Only of this correlation',
  process_instance_id: 'Only of this process instance',
  flow_node_id: 'Only of this element of the model',
  event_name: 'Only of the message or signal of this name',
} as const;

const FILTERS: Readonly<Record<keyof NotificationFilter, keyof typeof NOTIFICATION_STREAM_QUERY>> = {
  processModelId: 'process_model_id',
  correlationId: 'correlation_id',
  processInstanceId: 'process_instance_id',
  flowNodeId: 'flow_node_id',
  eventName: 'event_name',
};
const FIELDS = Object.keys(FILTERS) as (keyof NotificationFilter)[];

type Query = Readonly<Record<string, string | undefined>>;

/** BadRequestError naming the parameter. */
export function readStreamQuery(query: Query, lastEventId: string | undefined): FollowEventsOptions {
  const names = (query['names'] ?? '').split(',').filter((name) => name !== '');
  const filter = Object.fromEntries(FIELDS.map((field) => [field, query[FILTERS[field]] || undefined]));
  const families = names.filter(isFamily);
  const kinds = names.filter((name): name is NotificationKind => NOTIFICATION_KINDS.has(name) && !isFamily(name));
  const unknown = names.find((name) => !isFamily(name) && !NOTIFICATION_KINDS.has(name));
  if (unknown !== undefined) throw new BadRequestError(`names: there is no notification of the name '${unknown}'`);
  return {
    filter,
    ...(names.length === 0 ? {} : { families, kinds }),
    ...afterOf(lastEventId || query['after'] || undefined),
  };
}

function isFamily(name: string): name is NotificationFamily {
  return (NOTIFICATION_FAMILIES as readonly string[]).includes(name);
}

function afterOf(text: string | undefined): { after?: number } {
  if (text === undefined) return {};
  if (!/^\d{1,15}$/.test(text)) throw new BadRequestError(`after (or Last-Event-ID) is no cursor: '${text}'`);
  return { after: Number(text) };
}

/** The query of options, but for the cursor. */
export function writeStreamQuery({ kinds = [], families = [], filter = {} }: FollowEventsOptions): URLSearchParams {
  const query = new URLSearchParams();
  const names = [...kinds, ...families];
  if (names.length > 0) query.set('names', names.join(','));
  for (const field of FIELDS) {
    const value = filter[field];
    if (value !== undefined && value !== '') query.set(FILTERS[field], value);
  }
  return query;
}
