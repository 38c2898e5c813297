/** The event log as its readers see it: the notifications the engine keeps, in an order that can be resumed. */
import type { NotificationKind, NotificationPayload } from './notifications.js';

/** One kept notification. */
export interface LoggedEvent {
  /** The cursor: whoever gives it as `after` goes on behind this event. Grows, with gaps. */
  readonly seq: number;
  readonly kind: NotificationKind;
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
  /** Only these kinds. Default: all that the engine keeps. */
  readonly kinds?: readonly NotificationKind[] | undefined;
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
}
