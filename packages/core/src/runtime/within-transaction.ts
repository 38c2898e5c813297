/**
 * The runtime inside a transaction of the application.
 *
 * 1. Commands load and write through the transaction: no mailbox, cache or group commit of the engine has a part in it.
 * 2. What leaves the engine (notifications, wake-ups, services, jobs) leaves after the transaction's commit, in the order
 *    of the steps. After a rollback nothing does.
 * 3. What is in memory of an instance is forgotten when a step of it was written, and again after the commit.
 */
import type { Notification } from '@process-engine/contracts';
import type { ProcessInstanceRecord, StorageInTransaction } from '@process-engine/contracts/storage';
import type { StepOutcome } from '../execution/run-step.js';
import { Correlation, type CorrelationOptions } from './correlation.js';
import { InstanceRunner, type InstanceRunnerOptions } from './instance-runner.js';
import { eventRows } from './event-log.js';
import type { Runtime } from './runtime.js';

/** What the services work with. */
export type ServiceRuntime = Pick<
  Runtime,
  | 'audit'
  | 'clock'
  | 'correlation'
  | 'events'
  | 'failedJobs'
  | 'isStopping'
  | 'isWithinTransaction'
  | 'longPolls'
  | 'lookForJobs'
  | 'loggedKinds'
  | 'models'
  | 'newCorrelationId'
  | 'newId'
  | 'notifications'
  | 'runner'
  | 'statistics'
  | 'storage'
  | 'tell'
  | 'waitingStarts'
>;

export interface TransactionOptions {
  readonly runtime: Runtime;
  readonly storage: StorageInTransaction;
  readonly runner: Omit<InstanceRunnerOptions, 'storage' | 'cacheSize' | 'committed'>;
  readonly correlation: Omit<CorrelationOptions, 'storage' | 'runner'>;
  /** The effects of a step. */
  readonly committed: (outcome: StepOutcome, record: ProcessInstanceRecord) => void;
}

export function withinTransaction(options: TransactionOptions): ServiceRuntime {
  const { runtime, storage } = options;
  const runner = new InstanceRunner({
    ...options.runner,
    storage,
    cacheSize: 0,
    committed: (outcome, record) => {
      const { id } = record;
      // As it is now: the state goes on with the next step.
      const copy = { ...record };
      runtime.runner.forget(id);
      storage.afterCommit(() => {
        runtime.runner.forget(id);
        options.committed(outcome, copy);
      });
    },
  });
  return {
    audit: runtime.audit,
    clock: runtime.clock,
    correlation: new Correlation({ ...options.correlation, storage, runner }),
    events: runtime.events,
    failedJobs: runtime.failedJobs,
    isStopping: runtime.isStopping,
    isWithinTransaction: true,
    longPolls: runtime.longPolls,
    lookForJobs: () => storage.afterCommit(() => runtime.lookForJobs()),
    loggedKinds: runtime.loggedKinds,
    models: runtime.models,
    newCorrelationId: runtime.newCorrelationId,
    newId: runtime.newId,
    notifications: runtime.notifications,
    runner,
    statistics: runtime.statistics,
    storage,
    tell: (notification) => tell(options, notification),
    waitingStarts: runtime.waitingStarts,
  };
}

async function tell({ runtime, storage }: TransactionOptions, notification: Notification): Promise<void> {
  const place = { processInstanceId: null, createdAt: runtime.clock.now() };
  const events = eventRows(runtime.loggedKinds, [notification], place);
  if (events !== undefined) await storage.commit({ events });
  storage.afterCommit(() => {
    if (events !== undefined) runtime.events.wake();
    runtime.notifications.publish(notification);
  });
}
