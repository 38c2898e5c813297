import type { ApplicationInfo, IIAMService, Logger } from '@process-engine/contracts';
import type { Storage } from '@process-engine/contracts/storage';
import type { StepOptions } from '../execution/environment.js';
import type { ServiceBinding } from '../model/compile/compile-options.js';
import type { Clock } from './clock.js';
import type { RetrySchedule } from './retry-schedule.js';
import type { Service } from './services.js';

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
  /**
   * Which values of a user task's form are checked when it is finished: those of fields with constraints in the model
   * (default); those of all fields, whose types then count, and no others are taken; none.
   */
  readonly formValidation?: 'constraints' | 'all' | 'none';
  /** What expressions see: the token, variables, or both (default). */
  readonly data?: 'both' | 'token' | 'variables';
  /** Services for `camunda:class`, `camunda:delegateExpression` and `camunda:expression`, by the attribute's text. */
  readonly bindings?: Readonly<Record<string, ServiceBinding>>;
  /** Extension elements and attributes of models that may be left out although they would change what runs. */
  readonly ignoredExtensions?: readonly string[];
  /** What an uncaught technical failure does: ends the instance (default), or waits for an operator. */
  readonly onFailure?: 'error' | 'incident';
  /** When failed work of elements that set nothing themselves is tried again. Default: not at all. */
  readonly retries?: RetrySchedule;
  /**
   * When the engine's own jobs (timers, continuations, calls, thrown messages, starts) are tried again that fail
   * unexpectedly, before they become incidents. Default: 10 times, after 1 s and then twice as long each time, up to
   * 5 minutes.
   */
  readonly jobRetries?: RetrySchedule;
  /**
   * Start timers that came due more than once while no engine ran: `skip` (default) starts one instance, for the first
   * time that was missed, and leaves the others out; `catch-up` starts one for each.
   */
  readonly missedStarts?: 'skip' | 'catch-up';
  /** ms ended instances are kept with their history and events. Default: for ever. */
  readonly historyRetention?: number;
  /** Longest pause between two rounds that remove what has expired, ms. Default 60,000. */
  readonly cleanUpInterval?: number;
  /** Messages and signals start instances at matching start events. Default true. */
  readonly triggersStartInstances?: boolean;
  /** Notifications that are also written to the event log. Default `none`. */
  readonly eventLog?: 'none' | 'all' | readonly string[];
  /** Every state-changing call is written to the audit log. Default false. */
  readonly audit?: boolean;
  /** How long the audit log keeps its entries, ms. Default 90 days. */
  readonly auditRetention?: number;
  /** Instances kept in memory between commands. Default 1,000; 0: none. */
  readonly cacheSize?: number;
  /** Compiled models kept in memory; others are compiled again when they are needed. Default 500; 0: none. */
  readonly modelCacheSize?: number;
  /** Elements a model file may have at deployment, without those of its diagram. Default 25,000. */
  readonly maxModelElements?: number;
  /** Lock of jobs and in-process services, ms. Default 60,000. */
  readonly lockDuration?: number;
  /** Longest time between two looks for due work, ms: finds that of other nodes, and of nodes that died. Default 5,000. */
  readonly pollInterval?: number;
  /** Jobs claimed, and carried out side by side, at once; after each such batch requests have their turn. Default 50. */
  readonly jobBatch?: number;
  /** Commands that may wait for one instance; more are refused with 503. Default 1,000. */
  readonly maxWaitingCommands?: number;
  /** How long `stop` waits for work under way, ms. Default 10,000. */
  readonly stopTimeout?: number;
  /** Budget of one step. */
  readonly step?: Partial<Pick<StepOptions, 'maxEntries' | 'maxRows' | 'maxWork'>>;
}
