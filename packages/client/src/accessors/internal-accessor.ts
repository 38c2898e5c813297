import {
  errorOfStatus,
  isProcessEngineError,
  NotImplementedError,
  type EngineApi,
  type EventStream,
  type INotificationApi,
  type JsonValue,
  type LoggedEvent,
  type NotificationPayload,
} from '@process-engine/contracts';
import { readRequestBody } from '@process-engine/contracts/http';
import { identityOf } from '../identity.js';
import { jsonCopy } from '../json-copy.js';
import { deriveAbortableApis, deriveApi, type Call } from './derive-api.js';

type Operation = (...args: unknown[]) => Promise<unknown>;

/**
 * Access to an engine in the same process. Arguments and results are JSON copies, so that an application behaves the
 * same when its engine moves behind HTTP and can never change what the engine holds. Abort signals are passed on.
 */
export class InternalAccessor implements EngineApi {
  readonly consumerApi = deriveApi('consumerApi', (call) => this.#invoke(call));
  readonly externalTaskApi = deriveApi('externalTaskApi', (call) => this.#invoke(call));
  readonly managementApi = deriveApi('managementApi', (call) => this.#invoke(call));
  readonly notificationApi: INotificationApi;
  readonly #engine: EngineApi;

  constructor(engine: EngineApi) {
    this.#engine = engine;
    this.notificationApi = notificationsOf(engine);
  }

  /**
   * The same engine for a piece of work that can be called off: when the signal aborts, every call made through the answer
   * rejects with the signal's reason. What the engine was told already may still be done.
   */
  withSignal(signal: AbortSignal): EngineApi {
    const { notificationApi } = this;
    return { ...deriveAbortableApis(signal, (call) => this.#invoke(call)), notificationApi };
  }

  async #invoke(call: Call): Promise<unknown> {
    const { route, identity, options } = call;
    const args = checkedArguments(call);
    const api = this.#engine[route.api] as unknown as Readonly<Record<string, Operation>>;
    const parameters = [...(identity === undefined ? [] : [identity]), ...args, ...(route.waits ? [options] : [])];
    try {
      return jsonCopy(await api[route.operation]!(...parameters), `the answer of ${route.operation}`);
    } catch (error) {
      throw errorCopy(error);
    }
  }
}

/** The arguments as the router of a server reads them: what its request schema refuses is refused here, too. */
function checkedArguments({ route, args }: Call): readonly unknown[] {
  if (route.request === undefined) return args;
  const whole = route.args.findIndex((binding) => binding.in === 'body');
  const fields = route.args.flatMap((binding, index) => (binding.in === 'field' ? [[binding.name, args[index]]] : []));
  const body = readRequestBody(route.request, whole < 0 ? Object.fromEntries(fields) : args[whole]);
  return route.args.map((binding, index) => {
    if (binding.in === 'body') return body;
    return binding.in === 'field' ? (body as Record<string, unknown>)[binding.name] : args[index];
  });
}

function notificationsOf(engine: EngineApi): INotificationApi {
  return {
    subscribe: async (identity, eventName, callback, onlyReceiveOnce, filter) =>
      engine.notificationApi.subscribe(
        identityOf(identity),
        eventName,
        (payload, name) => callback(jsonCopy(payload, name) as NotificationPayload, name),
        onlyReceiveOnce,
        filter,
      ),
    removeSubscription: async (identity, subscription) =>
      engine.notificationApi.removeSubscription(identityOf(identity), subscription),
    followEvents: async (identity, options) => {
      const { notificationApi } = engine;
      if (notificationApi.followEvents === undefined)
        throw new NotImplementedError('the engine has no event log to read');
      return copies(await notificationApi.followEvents(identityOf(identity), options));
    },
  };
}

function copies(events: EventStream): EventStream {
  return {
    get cursor() {
      return events.cursor;
    },
    async *[Symbol.asyncIterator]() {
      for await (const event of events) yield jsonCopy(event, 'an event') as LoggedEvent;
    },
  };
}

/** The same error with information of its own; the stack and the cause stay, they help whoever debugs the process. */
function errorCopy(error: unknown): unknown {
  if (!isProcessEngineError(error) || error.additionalInformation === undefined) return error;
  const copy = errorOfStatus(error.code, error.message, {
    reason: error.reason,
    additionalInformation: jsonCopy(error.additionalInformation, 'the error') as JsonValue,
    cause: error.cause,
  });
  if (error.stack !== undefined) copy.stack = error.stack;
  return copy;
}
