/** The engine: its parts wired together by plain constructors, opened, stopped, and offered as an `EngineApi`. */
import { randomUUID } from 'node:crypto';
import {
  silentLogger,
  type ApplicationInfo,
  type EngineApi,
  type IConsumerApi,
  type IExternalTaskApi,
  type IIAMService,
  type IManagementApi,
  type INotificationApi,
  type Logger,
} from '@process-engine/contracts';
import type { ProcessInstanceRecord, Storage } from '@process-engine/contracts/storage';
import { DEFAULT_STEP_OPTIONS, type StepEnvironment, type StepOptions } from './execution/environment.js';
import type { StepOutcome } from './execution/run-step.js';
import { INTERNAL_TOPIC_PREFIX } from './execution/behaviours/service-task.js';
import type { ScriptSandbox } from './model/scripts/script-sandbox.js';
import { Background } from './runtime/background.js';
import { systemClock, type Clock } from './runtime/clock.js';
import { Correlation } from './runtime/correlation.js';
import { createIdSource } from './runtime/ids.js';
import { InstanceRunner } from './runtime/instance-runner.js';
import { JobRunner } from './runtime/job-runner.js';
import { LongPolls } from './runtime/long-polls.js';
import { Models } from './runtime/models.js';
import { NotificationHub } from './runtime/notification-hub.js';
import { loadQuickJsSandbox } from './runtime/sandbox-loader.js';
import { ServiceRunner } from './runtime/service-runner.js';
import { ServiceRegistry, type Service } from './runtime/services.js';
import { WaitingStarts } from './runtime/waiting-starts.js';
import { Access } from './services/access.js';
import { ConsumerService } from './services/consumer-service.js';
import { ExternalTaskService } from './services/external-task-service.js';
import { ManagementService } from './services/management-service.js';
import { NotificationService } from './services/notification-service.js';
import type { ServiceOptions } from './services/service-options.js';
import { MemoryStorage } from './storage/memory-storage.js';

/** Options of `createEngine`; all have defaults. */
export interface EngineOptions {
  /** Default: memory, gone with the process. */
  readonly storage?: Storage;
  /** In-process services by the module name that service tasks give. */
  readonly services?: Readonly<Record<string, Service>>;
  /** Modules that other nodes of the cluster run. */
  readonly remoteServices?: readonly string[];
  /** Default: every identity with a user id may do everything; the process is the trust boundary. */
  readonly iamService?: IIAMService;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Makes ids: UUIDs that sort by time. */
  readonly newId?: () => string;
  /** Name and version the API tells of the application. */
  readonly applicationInfo?: ApplicationInfo;
  /** This node's name among those that share the storage; stable over restarts. Default `engine`. */
  readonly nodeId?: string;
  /** Untyped tasks wait for `finishEmptyActivity` (default), or pass the token on as BPMN 13.3.3 has it. */
  readonly untypedTasks?: 'wait' | 'pass';
  /** What expressions see: the token, variables, or both (default). */
  readonly data?: 'both' | 'token' | 'variables';
  /** What an uncaught technical failure does: ends the instance (default), or waits for an operator. */
  readonly onFailure?: 'error' | 'incident';
  /** Delays in ms before further attempts of failed work, for elements that set none. Default: none. */
  readonly retries?: readonly number[];
  /** Messages and signals start instances at matching start events. Default true. */
  readonly triggersStartInstances?: boolean;
  /** Notifications that are also written to the event log. Default `none`. */
  readonly eventLog?: 'none' | 'all' | readonly string[];
  /** Instances kept in memory between commands. Default 1,000; 0: none. */
  readonly cacheSize?: number;
  /** Lock of jobs and in-process services, ms. Default 60,000. */
  readonly lockDuration?: number;
  /** Longest time between two looks for due work, ms: finds that of other nodes, and of nodes that died. Default 5,000. */
  readonly pollInterval?: number;
  /** How long `stop` waits for work under way, ms. Default 10,000. */
  readonly stopTimeout?: number;
  /** Budget of one step. */
  readonly step?: Partial<Pick<StepOptions, 'maxEntries' | 'maxRows' | 'maxWork'>>;
}

/** A running engine. */
export interface ProcessEngine extends EngineApi {
  /** Opens the storage and begins to work. Until then, and after `stop`, nothing may be called. */
  start(): Promise<void>;
  /** Takes no new work, finishes what is under way (within `stopTimeout`), closes the storage. */
  stop(): Promise<void>;
  /** Resolves when nothing is under way: what waits, waits for somebody or for a time to come. */
  idle(): Promise<void>;
  /** True while started and the storage answers. */
  isReady(): Promise<boolean>;
}

const POLL_INTERVAL = 5_000;
const MAX_MAILBOX = 1_000;
const JOB_BATCH = 50;

export function createEngine(options: EngineOptions = {}): ProcessEngine {
  return new Engine(options);
}

class Engine implements ProcessEngine {
  readonly consumerApi: IConsumerApi;
  readonly externalTaskApi: IExternalTaskApi;
  readonly managementApi: IManagementApi;
  readonly notificationApi: INotificationApi;
  readonly #options: EngineOptions;
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #newId: () => string;
  readonly #nodeId: string;
  readonly #background: Background;
  readonly #notifications: NotificationHub;
  readonly #services: ServiceRegistry;
  readonly #stepOptions: StepOptions;
  readonly #runner: InstanceRunner;
  readonly #longPolls: LongPolls;
  readonly #waitingStarts: WaitingStarts;
  readonly #correlation: Correlation;
  readonly #jobs: JobRunner;
  readonly #serviceRunner: ServiceRunner;
  #sandbox: ScriptSandbox | undefined;
  #loadingSandbox: Promise<ScriptSandbox> | undefined;
  #state: 'new' | 'started' | 'stopped' = 'new';

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#storage = options.storage ?? new MemoryStorage();
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.#newId = options.newId ?? createIdSource(() => this.#clock.now());
    this.#nodeId = options.nodeId ?? 'engine';
    this.#background = new Background(this.#logger);
    this.#notifications = new NotificationHub(this.#newId, this.#logger);
    this.#services = new ServiceRegistry(options.services ?? {}, options.remoteServices ?? []);
    this.#stepOptions = stepOptionsOf(options);
    const shared = { storage: this.#storage, clock: this.#clock, newId: this.#newId, newCorrelationId: randomUUID, nodeId: this.#nodeId, logger: this.#logger };
    const lockDuration = this.#stepOptions.lockDuration;
    const models = this.#createModels();
    this.#runner = this.#createRunner(models);
    this.#longPolls = new LongPolls(this.#clock);
    this.#waitingStarts = new WaitingStarts(shared);
    this.#correlation = new Correlation({ ...shared, models, runner: this.#runner, startsInstances: options.triggersStartInstances ?? true });
    this.#serviceRunner = new ServiceRunner({ ...shared, runner: this.#runner, services: this.#services, background: this.#background, lockDuration });
    this.#jobs = new JobRunner({
      ...shared,
      models,
      runner: this.#runner,
      correlation: this.#correlation,
      background: this.#background,
      lockDuration,
      pollInterval: options.pollInterval ?? POLL_INTERVAL,
      batchSize: JOB_BATCH,
      onPoll: () => this.#serviceRunner.takeAbandoned(),
    });
    const services: ServiceOptions = {
      ...shared,
      access: new Access(options.iamService),
      applicationInfo: options.applicationInfo ?? { name: '@process-engine/core', version: VERSION },
      correlation: this.#correlation,
      longPolls: this.#longPolls,
      models,
      notifications: this.#notifications,
      runner: this.#runner,
      waitingStarts: this.#waitingStarts,
      isStopping: () => this.#state === 'stopped',
      deployed: () => this.#jobs.wakeAt(this.#clock.now()),
    };
    this.consumerApi = new ConsumerService(services);
    this.externalTaskApi = new ExternalTaskService(services);
    this.managementApi = new ManagementService(services);
    this.notificationApi = new NotificationService(services);
  }

  async start(): Promise<void> {
    if (this.#state !== 'new') throw new Error(`the engine is ${this.#state} and cannot be started`);
    await this.#storage.open();
    await this.#storage.releaseClaims(this.#nodeId);
    this.#state = 'started';
    this.#jobs.start();
  }

  async stop(): Promise<void> {
    if (this.#state !== 'started') return;
    this.#state = 'stopped';
    this.#jobs.stop();
    this.#longPolls.wakeAll();
    this.#serviceRunner.stop();
    await this.#settleWithin(this.#options.stopTimeout ?? 10_000);
    await this.#storage.releaseClaims(this.#nodeId);
    await this.#storage.close();
  }

  async idle(): Promise<void> {
    while (!this.#background.isIdle || !this.#runner.isIdle) {
      await this.#background.drain();
      await this.#runner.drain();
    }
  }

  async isReady(): Promise<boolean> {
    if (this.#state !== 'started') return false;
    return this.#storage.nextDue().then(
      () => true,
      () => false,
    );
  }

  async #settleWithin(limit: number): Promise<void> {
    let cancel = (): void => undefined;
    const timeout = new Promise<void>((resolve) => {
      cancel = systemClock.wakeAt(systemClock.now() + limit, () => {
        this.#logger.warn({ limit }, 'work was still under way when the engine stopped; it goes on after the next start');
        resolve();
      });
    });
    await Promise.race([this.idle(), timeout]);
    cancel();
  }

  #createModels(): Models {
    const { untypedTasks = 'wait', data = 'both', remoteServices = [] } = this.#options;
    return new Models({
      storage: this.#storage,
      now: () => this.#clock.now(),
      newId: this.#newId,
      compile: { untypedTasks, data, services: { isRegistered: (module) => this.#services.isRegistered(module), remote: remoteServices } },
      prepareSandbox: () => this.#prepareSandbox(),
    });
  }

  #createRunner(models: Models): InstanceRunner {
    return new InstanceRunner({
      storage: this.#storage,
      models,
      environment: () => this.#environment(),
      committed: (outcome, record) => this.#committed(outcome, record),
      eventLog: this.#options.eventLog ?? 'none',
      cacheSize: this.#options.cacheSize ?? 1_000,
      maxMailbox: MAX_MAILBOX,
      logger: this.#logger,
    });
  }

  async #prepareSandbox(): Promise<void> {
    this.#loadingSandbox ??= loadQuickJsSandbox();
    this.#sandbox = await this.#loadingSandbox;
  }

  #environment(): StepEnvironment {
    return {
      now: this.#clock.now(),
      seed: this.#newId(),
      nodeId: this.#nodeId,
      sandbox: this.#sandbox,
      services: this.#services,
      options: this.#stepOptions,
      notify: this.#notifications.hasListeners || (this.#options.eventLog ?? 'none') !== 'none',
    };
  }

  /** The effects of a committed step, in this order: who listens, who waits, what is to be done next. */
  #committed(outcome: StepOutcome, record: ProcessInstanceRecord): void {
    const { changes, notifications, logs } = outcome;
    for (const notification of notifications) this.#notifications.publish(notification);
    for (const { level, message, flowNodeId } of logs) this.#logger.info({ processInstanceId: record.id, flowNodeId, level }, message);
    this.#waitingStarts.committed(outcome, record);
    for (const task of changes.externalTasks?.insert ?? []) {
      if (!task.topic.startsWith(INTERNAL_TOPIC_PREFIX)) this.#longPolls.wake(task.topic);
      else if (task.workerId === this.#nodeId) this.#serviceRunner.run(task);
    }
    for (const { id } of changes.externalTasks?.delete ?? []) this.#serviceRunner.cancelled(id);
    for (const job of changes.jobs?.insert ?? []) {
      if (job.owner === this.#nodeId) this.#jobs.run(job);
      else this.#jobs.wakeAt(job.dueAt);
    }
    for (const subscription of changes.subscriptions?.insert ?? []) {
      if (subscription.kind === 'message') this.#background.run('looking for a kept message', () => this.#correlation.takeBuffered(subscription));
    }
  }
}

/** The version of this package. */
const VERSION = '10.0.0-alpha.0';

function stepOptionsOf({ onFailure, retries, lockDuration, step }: EngineOptions): StepOptions {
  return {
    ...DEFAULT_STEP_OPTIONS,
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(retries === undefined ? {} : { retries }),
    ...(lockDuration === undefined ? {} : { lockDuration }),
    ...step,
  };
}
