/** What goes out after a step's commit: who listens, who waits, what is to be done next, in this order. */
import type { Logger } from '@process-engine/contracts';
import type {
  ChangeSet,
  ExternalTaskRecord,
  JobRecord,
  ProcessInstanceRecord,
  SubscriptionRecord,
} from '@process-engine/contracts/storage';
import { INTERNAL_TOPIC_PREFIX } from '../execution/behaviours/service-task.js';
import type { StepOutcome } from '../execution/run-step.js';
import type { Background } from './background.js';
import type { Correlation } from './correlation.js';
import type { EventReader } from './event-reader.js';
import type { JobRunner } from './job-runner.js';
import type { LongPolls } from './long-polls.js';
import type { NotificationHub } from './notification-hub.js';
import type { ServiceRunner } from './service-runner.js';
import type { WaitingStarts } from './waiting-starts.js';

export interface EffectsOptions {
  readonly nodeId: string;
  readonly logger: Logger;
  readonly background: Background;
  readonly notifications: NotificationHub;
  readonly events: EventReader;
  readonly waitingStarts: WaitingStarts;
  readonly longPolls: LongPolls;
  readonly services: ServiceRunner;
  readonly jobs: JobRunner;
  readonly correlation: Correlation;
}

export class Effects {
  constructor(private readonly options: EffectsOptions) {}

  committed(outcome: StepOutcome, record: ProcessInstanceRecord): void {
    const { notifications, events, waitingStarts } = this.options;
    for (const notification of outcome.notifications) notifications.publish(notification);
    if (outcome.notifications.length > 0) events.wake();
    this.#log(outcome, record);
    waitingStarts.committed(outcome, record);
    this.#tasks(outcome.changes);
    this.#waits(outcome.changes);
  }

  #tasks({ externalTasks }: ChangeSet): void {
    for (const task of externalTasks?.insert ?? []) this.#offer(task);
    for (const { id } of externalTasks?.delete ?? []) this.options.services.cancelled(id);
  }

  #waits({ jobs, subscriptions }: ChangeSet): void {
    for (const job of jobs?.insert ?? []) this.#takeOn(job);
    for (const subscription of subscriptions?.insert ?? []) this.#subscribed(subscription);
  }

  #log({ logs }: StepOutcome, { id }: ProcessInstanceRecord): void {
    const { logger } = this.options;
    for (const { level, message, flowNodeId } of logs) {
      const fields = { processInstanceId: id, flowNodeId };
      if (level === 'error') logger.error(fields, message);
      else if (level === 'warn') logger.warn(fields, message);
      else logger.info(fields, message);
    }
  }

  #offer(task: ExternalTaskRecord): void {
    const { longPolls, services, nodeId } = this.options;
    if (!task.topic.startsWith(INTERNAL_TOPIC_PREFIX)) longPolls.wake(task.topic);
    else if (task.workerId === nodeId) services.run(task);
  }

  #takeOn(job: JobRecord): void {
    const { jobs, nodeId } = this.options;
    if (job.owner === nodeId) jobs.run(job);
    else jobs.wakeAt(job.dueAt);
  }

  #subscribed(subscription: SubscriptionRecord): void {
    const { background, correlation } = this.options;
    if (subscription.kind !== 'message') return;
    background.run('looking for a kept message', () => correlation.takeBuffered(subscription));
  }
}
