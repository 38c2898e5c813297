import { BadRequestError, type CallOptions, type EngineApi, type IIdentity } from '@process-engine/contracts';
import { ROUTES, type ApiName, type ArgumentBinding, type Route } from '@process-engine/contracts/http';
import { identityOf } from '../identity.js';
import { jsonCopy } from '../json-copy.js';
import { unlessAborted } from '../unless-aborted.js';

/** One call of one operation. */
export interface Call {
  readonly route: Route;
  /** Absent only where the route needs none. */
  readonly identity: IIdentity | undefined;
  /** In the order of the route's bindings, as they arrive after a trip over HTTP. */
  readonly args: readonly unknown[];
  readonly options: CallOptions;
}

/**
 * An API made of its rows in the route table. Every method rejects before `invoke` with an UnauthorizedError where the
 * identity is missing, and with a BadRequestError naming the argument where one cannot travel.
 */
export function deriveApi<TName extends ApiName>(
  name: TName,
  invoke: (call: Call) => Promise<unknown>,
): EngineApi[TName] {
  const methods = ROUTES.filter((route) => route.api === name && !route.alias).map((route) => [
    route.operation,
    async (...parameters: unknown[]) => invoke(callOf(route, parameters)),
  ]);
  return Object.fromEntries(methods) as EngineApi[TName];
}

/** The three APIs, every call of which is given up when the signal aborts. */
export function deriveAbortableApis(
  signal: AbortSignal,
  invoke: (call: Call) => Promise<unknown>,
): Omit<EngineApi, 'notificationApi'> {
  const invokeUnlessAborted = async (call: Call): Promise<unknown> => {
    signal.throwIfAborted();
    const { signal: own } = call.options;
    const options = { ...call.options, signal: own === undefined ? signal : AbortSignal.any([signal, own]) };
    return unlessAborted(invoke({ ...call, options }), signal);
  };
  return {
    consumerApi: deriveApi('consumerApi', invokeUnlessAborted),
    externalTaskApi: deriveApi('externalTaskApi', invokeUnlessAborted),
    managementApi: deriveApi('managementApi', invokeUnlessAborted),
  };
}

function callOf(route: Route, parameters: readonly unknown[]): Call {
  const identity = route.authenticated ? identityOf(parameters[0]) : undefined;
  const rest = route.authenticated ? parameters.slice(1) : parameters;
  const args = route.args.map((binding, index) => arrivingValue(binding, rest[index]));
  const options = route.waits ? ((rest[route.args.length] ?? {}) as CallOptions) : {};
  return { route, identity, args, options };
}

/** The argument as the other side reads it. Both accessors pass this, so that they cannot differ. */
function arrivingValue(binding: ArgumentBinding, value: unknown): unknown {
  switch (binding.in) {
    case 'path':
      return pathValue(binding.name, value);
    case 'query':
      return binding.codec.read(binding.codec.write(value), binding.name);
    case 'query-object':
      return queryObject(binding, value);
    case 'object':
      // Of alias rows only, which no accessor uses.
      return value;
    case 'body':
      return value === undefined ? {} : jsonCopy(value, 'the body');
    case 'field':
      return jsonCopy(value, binding.name);
  }
}

/** An empty segment would address another route. */
function pathValue(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') {
    throw new BadRequestError(`${name} is required and must be a text that is not empty`);
  }
  return value;
}

function queryObject(binding: Extract<ArgumentBinding, { in: 'query-object' }>, value: unknown): unknown {
  const fields = (value ?? {}) as Record<string, unknown>;
  const entries = Object.entries(binding.fields).map(([field, { name, codec }]) => [
    field,
    codec.read(codec.write(fields[field]), name),
  ]);
  return Object.fromEntries(entries.filter(([, read]) => read !== undefined));
}
