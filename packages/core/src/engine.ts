/** The engine: its runtime, offered as an `EngineApi`. */
import type {
  EngineApi,
  IConsumerApi,
  IExternalTaskApi,
  IManagementApi,
  INotificationApi,
} from '@process-engine/contracts';
import type { EngineOptions } from './runtime/engine-options.js';
import { Runtime } from './runtime/runtime.js';
import type { EngineStatistics } from './runtime/statistics.js';
import { Access } from './services/access.js';
import { audited } from './services/audited.js';
import { ConsumerService } from './services/consumer-service.js';
import { ExternalTaskService } from './services/external-task-service.js';
import { ManagementService } from './services/management-service.js';
import { NotificationService } from './services/notification-service.js';
import type { ServiceOptions } from './services/service-options.js';
import { MemoryStorage } from './storage/memory-storage.js';

/** The version of this package. */
const VERSION = '10.0.0-alpha.0';

export type { EngineOptions } from './runtime/engine-options.js';
export type { BackOff, RetrySchedule } from './runtime/retry-schedule.js';
export type { EngineStatistics } from './runtime/statistics.js';

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
  /** What this node has done since it was made. */
  readonly statistics: EngineStatistics;
  /**
   * The engine inside a transaction of the application: what is called through it is committed or rolled back with that,
   * and notifications, services and timers begin after the commit. In process only; the storage is one that was created
   * with the application's Sequelize, the transaction one of that. Starts that wait for the end of the instance,
   * deployments and long polls are refused (BadRequestError `within-transaction`).
   *
   * @throws Error that says why the transaction cannot be used.
   */
  within(transaction: unknown): EngineApi;
}

/** An engine that has not started yet. */
export function createEngine(options: EngineOptions = {}): ProcessEngine {
  return new Engine(options);
}

/** What `createEngine` makes; a class of its own for containers. */
export class Engine implements ProcessEngine {
  readonly consumerApi: IConsumerApi;
  readonly externalTaskApi: IExternalTaskApi;
  readonly managementApi: IManagementApi;
  readonly notificationApi: INotificationApi;
  readonly #runtime: Runtime;
  readonly #services: Omit<ServiceOptions, 'runtime'>;

  constructor(options: EngineOptions) {
    this.#runtime = new Runtime({ ...options, storage: options.storage ?? new MemoryStorage() });
    this.#services = {
      access: new Access(options.iamService),
      applicationInfo: options.applicationInfo ?? { name: '@process-engine/core', version: VERSION },
      formValidation: options.formValidation ?? 'constraints',
    };
    const { consumerApi, externalTaskApi, managementApi, notificationApi } = this.#apiOn(this.#runtime);
    this.consumerApi = consumerApi;
    this.externalTaskApi = externalTaskApi;
    this.managementApi = managementApi;
    this.notificationApi = notificationApi;
  }

  #apiOn(runtime: ServiceOptions['runtime']): EngineApi {
    const services = { ...this.#services, runtime };
    const { audit } = this.#runtime;
    return {
      consumerApi: audited('consumerApi', new ConsumerService(services), audit),
      externalTaskApi: audited('externalTaskApi', new ExternalTaskService(services), audit),
      managementApi: audited('managementApi', new ManagementService(services), audit),
      notificationApi: new NotificationService(services),
    };
  }

  within(transaction: unknown): EngineApi {
    return this.#apiOn(this.#runtime.within(transaction));
  }

  start(): Promise<void> {
    return this.#runtime.start();
  }

  stop(): Promise<void> {
    return this.#runtime.stop();
  }

  idle(): Promise<void> {
    return this.#runtime.idle();
  }

  get statistics(): EngineStatistics {
    return this.#runtime.statistics.snapshot;
  }

  isReady(): Promise<boolean> {
    return this.#runtime.isReady();
  }
}
