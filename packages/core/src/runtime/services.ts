/** Services: the embedding application's own functions, bound to service tasks by the module name in the model. */
import type { JsonValue } from '@process-engine/contracts';
import type { InlineCall, StepServices } from '../execution/environment.js';

/** What a service handler is called with. */
export interface ServiceContext<TPayload = unknown> {
  /** The token payload when the task was entered. */
  readonly payload: TPayload;
  readonly processInstanceId: string;
  readonly correlationId: string;
  readonly flowNodeId: string;
  readonly flowNodeInstanceId: string;
  /** The owner of the instance; the token is always empty. */
  readonly identity: { readonly userId: string; readonly token: '' };
  /** Aborts when the engine stops or the task was cancelled. */
  readonly signal: AbortSignal;
}

/**
 * Does the work of a service task. What it returns (JSON, or a promise of it) is the task's result, and its fields
 * become variables. A thrown `BpmnError` can be caught by the model; anything else is a technical failure.
 */
export type ServiceHandler = (context: ServiceContext) => unknown;

/** A service with methods, called as the model's properties `method` and `params` say. */
export type ServiceObject = Readonly<Record<string, unknown>> | object;

export interface InlineService {
  readonly inline: true;
  readonly run: ServiceHandler | ServiceObject;
}

export type Service = ServiceHandler | ServiceObject | InlineService;

const INLINE = new WeakSet<object>();

/**
 * Marks a service. `inline: true`: a pure synchronous function that runs inside the step, without a commit before and
 * after it; returning a promise is an error.
 */
export function service(run: ServiceHandler | ServiceObject, options: { readonly inline?: boolean } = {}): Service {
  if (options.inline !== true) return run;
  const marked: InlineService = { inline: true, run };
  INLINE.add(marked);
  return marked;
}

/** The services of one engine, by module. */
export class ServiceRegistry implements StepServices {
  readonly #services: ReadonlyMap<string, Service>;
  readonly #remote: ReadonlySet<string>;

  constructor(services: Readonly<Record<string, Service>>, remote: readonly string[]) {
    this.#services = new Map(Object.entries(services));
    this.#remote = new Set(remote);
  }

  /** Modules whose work this node does after the commit. */
  get localModules(): string[] {
    return [...this.#services.keys()].filter((module) => this.kindOf(module) === 'local');
  }

  isRegistered(module: string): boolean {
    return this.#services.has(module);
  }

  kindOf(module: string): 'inline' | 'local' | 'remote' | undefined {
    const found = this.#services.get(module);
    if (found === undefined) return this.#remote.has(module) ? 'remote' : undefined;
    return INLINE.has(found) ? 'inline' : 'local';
  }

  runInline({ module, method, args, context }: InlineCall): JsonValue | undefined {
    const { run } = this.#services.get(module) as InlineService;
    const result = call(run, { module, method, args }, { signal: NEVER, ...context });
    if (result instanceof Promise || typeof (result as { then?: unknown } | undefined)?.then === 'function') {
      Promise.resolve(result).catch(() => undefined);
      throw new Error(`the inline service '${module}' returned a promise`);
    }
    return toJson(result);
  }

  /** Runs a service that is not inline. */
  async run(
    called: { module: string; method: string | undefined; args: readonly unknown[] | undefined },
    context: ServiceContext,
  ): Promise<JsonValue | undefined> {
    const found = this.#services.get(called.module);
    if (found === undefined) throw new Error(`no service is registered for module '${called.module}'`);
    return toJson(await call(found, called, context));
  }
}

const NEVER = new AbortController().signal;

function call(
  target: ServiceHandler | ServiceObject,
  { module, method, args }: { module: string; method: string | undefined; args: readonly unknown[] | undefined },
  context: ServiceContext,
): unknown {
  if (method !== undefined) {
    const found = (target as Record<string, unknown>)[method];
    if (typeof found !== 'function') throw new Error(`the service '${module}' has no method '${method}'`);
    return Reflect.apply(found, target, args ?? []);
  }
  if (typeof target !== 'function')
    throw new Error(`the service '${module}' is no function, and the task names no method`);
  return (target as ServiceHandler)(context);
}

/** Results are stored and travel: only what JSON can hold is kept. */
function toJson(value: unknown): JsonValue | undefined {
  if (value === undefined || value === null) return value;
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (typeof value !== 'object')
    return typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol'
      ? undefined
      : (value as JsonValue);
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}
