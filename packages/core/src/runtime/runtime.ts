/**
 * The runtime: everything that works between the API and the storage, wired by plain constructors, started and stopped
 * as one.
 *
 * 1. Nothing works before `start` and after `stop`; stopping waits for what is under way, within a limit.
 * 2. What a step commits has its effects (effects.ts) on this node at once; other nodes find it in the storage.
 */
import { randomUUID } from 'node:crypto';
import { silentLogger, type Logger, type Notification } from '@process-engine/contracts';
import type { Storage, WakeUp } from '@process-engine/contracts/storage';
import type { EngineOptions } from './engine-options.js';
import { DEFAULT_STEP_OPTIONS, type StepEnvironment, type StepOptions } from '../execution/environment.js';
import { MAX_MODEL_ELEMENTS } from '../model/parse/model-size.js';
import type { QuickJsSandbox } from '../model/scripts/quickjs-sandbox.js';
import { AuditTrail } from './audit-trail.js';
import { Background } from './background.js';
import { CleanUp } from './clean-up.js';
import { clockOfStorage, systemClock, type Clock } from './clock.js';
import { cronjobExecuted } from './cronjobs.js';
import { Correlation, type CorrelationOptions } from './correlation.js';
import { Effects } from './effects.js';
import { eventRows, isLogged, type LoggedKinds } from './event-log.js';
import { EventReader } from './event-reader.js';
import { createIdSource } from './ids.js';
import { InstanceRunner, type InstanceRunnerOptions } from './instance-runner.js';
import { FailedJobs } from './failed-jobs.js';
import { JobRunner } from './job-runner.js';
import { JobWork } from './job-work.js';
import { LongPolls } from './long-polls.js';
import { Models } from './models.js';
import { NotificationHub } from './notification-hub.js';
import { retryDelaysOf, type RetrySchedule } from './retry-schedule.js';
import { loadQuickJsSandbox } from './sandbox-loader.js';
import { ServiceRunner } from './service-runner.js';
import { ServiceRegistry } from './services.js';
import { StartTimers } from './start-timers.js';
import { Statistics } from './statistics.js';
import { WaitingStarts } from './waiting-starts.js';
import { withinTransaction, type ServiceRuntime } from './within-transaction.js';

const POLL_INTERVAL = 5_000;
const STOP_TIMEOUT = 10_000;
const CACHE_SIZE = 1_000;
const MODEL_CACHE_SIZE = 500;
const MAX_WAITING_COMMANDS = 1_000;
const AUDIT_RETENTION = 90 * 24 * 60 * 60 * 1000;
const JOB_BATCH = 50;
const CLEAN_UP_INTERVAL = 60_000;
/** Further attempts of jobs: about a quarter of an hour. */
const JOB_RETRIES: RetrySchedule = { attempts: 10, initialDelay: 1_000, maxDelay: 300_000 };

export class Runtime {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: () => string;
  readonly newCorrelationId: () => string = randomUUID;
  readonly nodeId: string;
  readonly background: Background;
  readonly notifications: NotificationHub;
  readonly events: EventReader;
  /** Undefined: no audit log is kept. */
  readonly audit: AuditTrail | undefined;
  readonly models: Models;
  readonly runner: InstanceRunner;
  readonly longPolls: LongPolls;
  readonly waitingStarts: WaitingStarts;
  readonly correlation: Correlation;
  readonly failedJobs: FailedJobs;
  readonly statistics = new Statistics();
  readonly #startTimers: StartTimers;
  readonly #cleanUp: CleanUp;
  readonly #services: ServiceRegistry;
  readonly #serviceRunner: ServiceRunner;
  readonly #jobs: JobRunner;
  readonly #stepOptions: StepOptions;
  #endWakeUps: (() => void) | undefined;
  #sandbox: QuickJsSandbox | undefined;
  #loadingSandbox: Promise<QuickJsSandbox> | undefined;
  #state: 'new' | 'started' | 'stopped' = 'new';

  constructor(private readonly options: EngineOptions & { readonly storage: Storage }) {
    this.storage = options.storage;
    this.clock = options.clock ?? clockOfStorage(options.storage);
    this.logger = options.logger ?? silentLogger;
    this.newId = options.newId ?? createIdSource(() => this.clock.now());
    this.nodeId = options.nodeId ?? 'engine';
    this.background = new Background(this.logger);
    this.notifications = new NotificationHub(this.newId, this.logger);
    this.events = new EventReader({ storage: this.storage, clock: this.clock });
    this.audit = this.#createAudit();
    this.#services = new ServiceRegistry(options.services ?? {}, options.remoteServices ?? []);
    this.#stepOptions = stepOptionsOf(options);
    this.longPolls = new LongPolls(this.clock);
    this.waitingStarts = new WaitingStarts(this);
    this.models = this.#createModels();
    this.runner = this.#createRunner();
    this.correlation = this.#createCorrelation();
    this.#serviceRunner = this.#createServiceRunner();
    this.#startTimers = this.#createStartTimers();
    this.failedJobs = this.#createFailedJobs();
    this.#cleanUp = this.#createCleanUp();
    this.#jobs = this.#createJobRunner();
  }

  /** True once no more work is taken: waits end. */
  get isStopping(): boolean {
    return this.#state === 'stopped';
  }

  get loggedKinds(): LoggedKinds {
    return this.options.eventLog ?? 'none';
  }

  /** Tells of something that happened outside of any step, and logs it first. */
  async tell(notification: Notification): Promise<void> {
    const { kind } = notification;
    if (isLogged(this.loggedKinds, kind)) {
      const place = { processInstanceId: null, createdAt: this.clock.now() };
      const events = eventRows(this.loggedKinds, [notification], place);
      await this.storage.commit(events === undefined ? {} : { events });
      this.events.wake();
    }
    this.notifications.publish(notification);
  }

  /** Commands are steps of their own, not parts of an application's transaction. */
  get isWithinTransaction(): boolean {
    return false;
  }

  /**
   * The same inside a transaction of the application.
   *
   * @throws Error when the storage takes part in none, or not in this one.
   */
  within(transaction: unknown): ServiceRuntime {
    if (this.#state !== 'started') throw new Error(`the engine is ${this.#state}`);
    const storage = this.storage.within?.(transaction);
    if (storage === undefined) throw new Error('within: this storage takes part in no transactions');
    return withinTransaction({
      runtime: this,
      storage,
      runner: this.#runnerOptions(),
      correlation: this.#correlationOptions(),
      committed: (outcome, record) => this.#effects.committed(outcome, record),
    });
  }

  /** There may be jobs due now that no step announced: start timers of a deployment. */
  lookForJobs(): void {
    this.#jobs.wakeAt(this.clock.now());
  }

  async start(): Promise<void> {
    if (this.#state !== 'new') throw new Error(`the engine is ${this.#state} and cannot be started`);
    await this.storage.open();
    await this.storage.releaseClaims(this.nodeId);
    this.#state = 'started';
    this.#endWakeUps = this.storage.onWakeUp?.((wakeUp) => this.#wake(wakeUp));
    this.#jobs.start();
  }

  async stop(): Promise<void> {
    if (this.#state !== 'started') return;
    this.#state = 'stopped';
    this.#endWakeUps?.();
    this.#jobs.stop();
    this.longPolls.wakeAll();
    this.waitingStarts.stop();
    this.events.stop();
    this.#serviceRunner.stop();
    await this.#settleWithin(this.options.stopTimeout ?? STOP_TIMEOUT);
    await this.audit?.flush();
    await this.storage.releaseClaims(this.nodeId);
    await this.storage.close();
    this.#sandbox?.dispose();
  }

  /** Another node has committed something. Who waits looks into the storage, as he does again and again anyway. */
  #wake(wakeUp: WakeUp): void {
    const { topics, jobDueAt, endedInstances, events } = Object.keys(wakeUp).length > 0 ? wakeUp : this.#anything();
    for (const topic of topics ?? []) this.longPolls.wake(topic);
    for (const id of endedInstances ?? []) this.waitingStarts.lookAgain(id);
    if (jobDueAt !== undefined) this.#jobs.wakeAt(jobDueAt);
    if (events === true) this.events.wake();
  }

  #anything(): Required<WakeUp> {
    return {
      topics: [...this.longPolls.topics],
      endedInstances: [...this.waitingStarts.instances],
      jobDueAt: this.clock.now(),
      events: true,
    };
  }

  async idle(): Promise<void> {
    while (!this.background.isIdle || !this.runner.isIdle) {
      await this.background.drain();
      await this.runner.drain();
    }
  }

  async isReady(): Promise<boolean> {
    if (this.#state !== 'started') return false;
    return this.storage.nextDue().then(
      () => true,
      () => false,
    );
  }

  async #settleWithin(limit: number): Promise<void> {
    let cancel = (): void => undefined;
    const timeout = new Promise<void>((resolve) => {
      cancel = systemClock.wakeAt(systemClock.now() + limit, () => {
        this.logger.warn(
          { limit },
          'work was still under way when the engine stopped; it goes on after the next start',
        );
        resolve();
      });
    });
    await Promise.race([this.idle(), timeout]);
    cancel();
  }

  #createAudit(): AuditTrail | undefined {
    const { audit = false, auditRetention = AUDIT_RETENTION } = this.options;
    if (!audit) return undefined;
    const { storage, logger, newId } = this;
    return new AuditTrail({ storage, logger, newId, now: () => this.clock.now(), retention: auditRetention });
  }

  #createModels(): Models {
    const {
      untypedTasks = 'wait',
      data = 'both',
      remoteServices = [],
      bindings = {},
      ignoredExtensions = [],
    } = this.options;
    return new Models({
      storage: this.storage,
      now: () => this.clock.now(),
      newId: this.newId,
      compile: { untypedTasks, data, bindings, ignoredExtensions },
      services: { isRegistered: (module) => this.#services.isRegistered(module), remote: remoteServices },
      prepareSandbox: () => this.#prepareSandbox(),
      cacheSize: this.options.modelCacheSize ?? MODEL_CACHE_SIZE,
      maxElements: this.options.maxModelElements ?? MAX_MODEL_ELEMENTS,
    });
  }

  #createRunner(): InstanceRunner {
    return new InstanceRunner({
      ...this.#runnerOptions(),
      storage: this.storage,
      committed: (outcome, record) => this.#effects.committed(outcome, record),
      cacheSize: this.options.cacheSize ?? CACHE_SIZE,
    });
  }

  #runnerOptions(): Omit<InstanceRunnerOptions, 'storage' | 'cacheSize' | 'committed'> {
    return {
      models: this.models,
      now: () => this.clock.now(),
      environment: () => this.#environment(),
      eventLog: this.loggedKinds,
      maxMailbox: this.options.maxWaitingCommands ?? MAX_WAITING_COMMANDS,
      statistics: this.statistics,
      logger: this.logger,
    };
  }

  #createCorrelation(): Correlation {
    return new Correlation({ ...this.#correlationOptions(), storage: this.storage, runner: this.runner });
  }

  #correlationOptions(): Omit<CorrelationOptions, 'storage' | 'runner'> {
    const { clock, newId, newCorrelationId, models } = this;
    return { clock, newId, newCorrelationId, models, startsInstances: this.options.triggersStartInstances ?? true };
  }

  #createServiceRunner(): ServiceRunner {
    const { storage, clock, nodeId, runner, background, logger } = this;
    const { lockDuration } = this.#stepOptions;
    return new ServiceRunner({
      storage,
      clock,
      nodeId,
      runner,
      background,
      logger,
      lockDuration,
      services: this.#services,
    });
  }

  #createStartTimers(): StartTimers {
    const { storage, clock, newId, newCorrelationId, models, runner } = this;
    const missed = this.options.missedStarts ?? 'skip';
    const wakeAt = (time: number): void => this.#jobs.wakeAt(time);
    return new StartTimers({
      ...{ storage, clock, newId, newCorrelationId, models, runner, missed, wakeAt },
      started: (model, job, instance) => {
        const notification = cronjobExecuted(model, job, instance);
        if (notification !== undefined)
          this.background.run('telling of a start by timer', () => this.tell(notification));
      },
    });
  }

  #createFailedJobs(): FailedJobs {
    const { storage, clock, nodeId, logger, runner, statistics } = this;
    return new FailedJobs({
      ...{ storage, clock, nodeId, logger, runner, statistics },
      startTimers: this.#startTimers,
      retries: retryDelaysOf(this.options.jobRetries ?? JOB_RETRIES, 'jobRetries'),
      wakeAt: (time) => this.#jobs.wakeAt(time),
      gaveUp: ({ id, processInstanceId, tenantId, error }) => {
        if (processInstanceId === null) return;
        const incident = { id, processInstanceId, message: error?.message ?? '' };
        this.waitingStarts.failed({ id: processInstanceId, tenantId }, incident);
      },
    });
  }

  #createCleanUp(): CleanUp {
    const { storage, clock, logger, statistics } = this;
    const { historyRetention, cleanUpInterval: interval = CLEAN_UP_INTERVAL } = this.options;
    return new CleanUp({ storage, clock, logger, statistics, historyRetention, interval });
  }

  #createJobRunner(): JobRunner {
    const { storage, clock, nodeId, models, runner, correlation, background, logger, statistics } = this;
    return new JobRunner({
      ...{ storage, clock, nodeId, background, logger, statistics },
      work: new JobWork({ storage, clock, models, runner, correlation, startTimers: this.#startTimers }),
      failed: this.failedJobs,
      lockDuration: this.#stepOptions.lockDuration,
      pollInterval: this.options.pollInterval ?? POLL_INTERVAL,
      batchSize: this.options.jobBatch ?? JOB_BATCH,
      onPoll: () => this.#otherWork(),
    });
  }

  /** What is looked for besides jobs. */
  async #otherWork(): Promise<void> {
    await this.#serviceRunner.takeAbandoned();
    await this.correlation.takeSomeKept();
    await this.#cleanUp.run();
  }

  /** Made on first use: the parts it connects are created one after the other. */
  get #effects(): Effects {
    return (this.#cachedEffects ??= new Effects({
      nodeId: this.nodeId,
      logger: this.logger,
      background: this.background,
      notifications: this.notifications,
      events: this.events,
      waitingStarts: this.waitingStarts,
      longPolls: this.longPolls,
      services: this.#serviceRunner,
      jobs: this.#jobs,
      correlation: this.correlation,
    }));
  }
  #cachedEffects: Effects | undefined;

  async #prepareSandbox(): Promise<void> {
    this.#loadingSandbox ??= loadQuickJsSandbox({
      onLoadError: (error) => this.logger.error({ error }, 'the script interpreter could not be loaded again'),
    });
    this.#sandbox = await this.#loadingSandbox;
  }

  #environment(): StepEnvironment {
    return {
      now: this.clock.now(),
      seed: this.newId(),
      nodeId: this.nodeId,
      sandbox: this.#sandbox,
      services: this.#services,
      options: this.#stepOptions,
      notify: this.notifications.hasListeners || this.loggedKinds !== 'none',
    };
  }
}

function stepOptionsOf({ onFailure, retries = [], lockDuration, step }: EngineOptions): StepOptions {
  const { delays, jitter } = retryDelaysOf(retries, 'retries');
  return {
    ...DEFAULT_STEP_OPTIONS,
    ...(onFailure === undefined ? {} : { onFailure }),
    retries: delays,
    retryJitter: jitter,
    ...(lockDuration === undefined ? {} : { lockDuration }),
    ...step,
  };
}
