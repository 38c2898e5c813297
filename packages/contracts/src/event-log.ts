/** The event log as its readers see it: the notifications the engine keeps, in an order that can be resumed. */
import type { NotificationFilter } from './notification-filter.js';
import type { NotificationFamily, NotificationKind, NotificationPayload } from './notifications.js';

/** One kept notification. */
export interface LoggedEvent {
  /** The cursor: whoever gives it as `after` goes on behind this event. Grows, with gaps. */
  readonly seq: number;
  readonly kind: NotificationKind;
  /** The kind, or the family it was asked for by; then the payload is a `FamilyPayload`. Absent means: the kind. */
  readonly eventName?: string | undefined;
  /** As live subscribers receive it: process model, correlation, instance and flow node are in it. */
  readonly payload: NotificationPayload;
  /** User id of the instance's owner. */
  readonly ownerId: string;
  /** JSON array of the lane names of the flow node, outermost first. */
  readonly lanes: string;
  /** `''` where no tenant is used. */
  readonly tenantId: string;
  /** When it happened, ISO 8601. */
  readonly createdAt: string;
}

export interface FollowEventsOptions {
  /** Begins behind this event; 0: with the oldest that is kept. Default: with what is committed from now on. */
  readonly after?: number | undefined;
  /** Only these kinds, and those of `families`. Default: all that the engine keeps. */
  readonly kinds?: readonly NotificationKind[] | undefined;
  /** Also the kinds of these families. Each event comes once: as its kind, else as the first family that is asked for. */
  readonly families?: readonly NotificationFamily[] | undefined;
  readonly filter?: NotificationFilter | undefined;
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
}

/** Events as they come; can be iterated once. */
export interface EventStream extends AsyncIterable<LoggedEvent> {
  /** To go on behind what was looked at so far, events that were not asked for included. */
  readonly cursor: number;
}
