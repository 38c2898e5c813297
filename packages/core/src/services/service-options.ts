import type { ApplicationInfo, Logger } from '@process-engine/contracts';
import type { Storage } from '@process-engine/contracts/storage';
import type { Clock } from '../runtime/clock.js';
import type { Correlation } from '../runtime/correlation.js';
import type { InstanceRunner } from '../runtime/instance-runner.js';
import type { LongPolls } from '../runtime/long-polls.js';
import type { Models } from '../runtime/models.js';
import type { NotificationHub } from '../runtime/notification-hub.js';
import type { WaitingStarts } from '../runtime/waiting-starts.js';
import type { Access } from './access.js';

/** What the services work with. */
export interface ServiceOptions {
  readonly access: Access;
  readonly applicationInfo: ApplicationInfo;
  readonly clock: Clock;
  readonly correlation: Correlation;
  readonly logger: Logger;
  readonly longPolls: LongPolls;
  readonly models: Models;
  readonly newId: () => string;
  readonly newCorrelationId: () => string;
  readonly notifications: NotificationHub;
  readonly runner: InstanceRunner;
  readonly storage: Storage;
  readonly waitingStarts: WaitingStarts;
  /** True once the engine takes no more work: waits end. */
  readonly isStopping: () => boolean;
  /** A deployment was stored: its start timers may be due. */
  readonly deployed: () => void;
}

/** Tenants are stored and asked for everywhere; identities carry none yet. */
export const TENANT = '';
