/** The one place where it is decided who is told what. */
import { NOTIFICATION_KINDS, tenantOf, type IIdentity, type Notification } from '@process-engine/contracts';
import type { Access } from './access.js';

export class NotificationRights {
  constructor(
    private readonly access: Access,
    private readonly now: () => number,
  ) {}

  /**
   * What the identity may see of a notification. Of another tenant, or after its token has expired: nothing (undefined). All
   * of it where it may see the lane; of an end of its own instance that it happened, without the token.
   * Synchronous where no claim has to be asked for.
   */
  view<T extends Notification>(identity: IIdentity, notification: T): T | undefined | Promise<T | undefined> {
    if (notification.tenantId !== tenantOf(identity) || this.now() >= (identity.expiresAt ?? Infinity))
      return undefined;
    if (notification.lanes === '[]' || this.access.grantsAll) return notification;
    return this.#withinLanes(identity, notification);
  }

  async #withinLanes<T extends Notification>(identity: IIdentity, notification: T): Promise<T | undefined> {
    if (await this.access.mayAccessLanes(identity, notification.lanes)) return notification;
    return notification.ownerId === identity.userId && isEnd(notification) ? withoutToken(notification) : undefined;
  }
}

function isEnd({ kind }: Notification): boolean {
  return kind !== 'process_started' && NOTIFICATION_KINDS.get(kind)?.families.includes('system_event') === true;
}

function withoutToken<T extends Notification>(notification: T): T {
  const { correlationId, processModelId, processInstanceId } = notification.payload;
  return { ...notification, payload: { correlationId, processModelId, processInstanceId } };
}
