import type { IExternalTaskApi, IIdentity } from '@process-engine/contracts';
import { ExternalAccessor } from '../accessors/external-accessor.js';
import { ExternalTaskApiClient } from '../external-task-api-client.js';
import type { ExternalTaskWorkerOptions } from '../external-task-worker.js';
import type { ExternalTaskHandler } from './worker-settings.js';

type Options<TPayload, TResult> = ExternalTaskWorkerOptions<TPayload, TResult>;

/** The constructor's parameters: a client and options, or those of the published workers. */
export type WorkerArguments<TPayload, TResult> =
  | [client: IExternalTaskApi, options: Options<TPayload, TResult>]
  | [
      processEngineUrl: string,
      identity: IIdentity,
      topic: string,
      maxTasks: number,
      longpollingTimeout: number,
      processingFunction: ExternalTaskHandler<TPayload, TResult>,
    ];

interface ReadArguments<TPayload, TResult> {
  readonly client: IExternalTaskApi;
  readonly options: Options<TPayload, TResult>;
  /** Lets go of what belongs to this worker alone. */
  readonly release: () => void;
}

export function readWorkerArguments<TPayload, TResult>(
  args: WorkerArguments<TPayload, TResult>,
): ReadArguments<TPayload, TResult> {
  if (args.length === 2) return { client: args[0], options: args[1], release: () => {} };
  const [url, identity, topic, maxTasks, longPollingTimeout, handler] = args;
  const accessor = new ExternalAccessor({ url });
  return {
    client: new ExternalTaskApiClient(accessor),
    // Zero and less meant as many as there are.
    options: {
      identity,
      topic,
      maxTasks: maxTasks > 0 ? maxTasks : Number.MAX_SAFE_INTEGER,
      longPollingTimeout,
      handler,
    },
    release: () => accessor.close(),
  };
}
