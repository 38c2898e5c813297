import type { ApplicationInfo, IIAMService, Logger } from '@process-engine/contracts';
import type { Storage } from '@process-engine/contracts/storage';
import type { StepOptions } from '../execution/environment.js';
import type { ServiceBinding } from '../model/compile/compile-options.js';
import type { Clock } from './clock.js';
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
