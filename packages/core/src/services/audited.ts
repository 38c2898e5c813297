/** Notes every state-changing call of an API in the audit log: the rows of the route table say which ones those are. */
import { isProcessEngineError, tenantOf, type IIdentity } from '@process-engine/contracts';
import { ROUTES, type ApiName, type Route } from '@process-engine/contracts/http';
import type { AuditEntryDraft, AuditTrail } from '../runtime/audit-trail.js';

type Operation = (identity: IIdentity, ...args: unknown[]) => Promise<unknown>;

/** Ids and names have this length at most; what is longer is none. */
const MAX_TEXT = 255;

/** The API itself, with its changing operations noted. */
export function audited<T extends object>(api: ApiName, service: T, trail: AuditTrail | undefined): T {
  if (trail === undefined) return service;
  const methods = service as Record<string, Operation>;
  for (const route of ROUTES.filter((row) => row.api === api && changes(row))) {
    const operation = methods[route.operation]!.bind(service);
    const noted: Operation = async (identity, ...args) => {
      try {
        const result = await operation(identity, ...args);
        if (!isEmptyFetch(result)) trail.note({ ...draft(route, identity, args, result), ...DONE });
        return result;
      } catch (error) {
        trail.note({ ...draft(route, identity, args), ...failureOf(error) });
        throw error;
      }
    };
    Object.defineProperty(service, route.operation, { value: noted, configurable: true });
  }
  return service;
}

function changes({ method, authenticated, alias }: Route): boolean {
  return method !== 'get' && authenticated && !alias;
}

/** A poll that brought nothing has changed nothing. */
function isEmptyFetch(result: unknown): boolean {
  return Array.isArray(result) && result.length === 0;
}

const DONE = { outcome: 'done', code: null, reason: null } as const;

function failureOf(error: unknown): Pick<AuditEntryDraft, 'outcome' | 'code' | 'reason'> {
  if (!isProcessEngineError(error)) return { outcome: 'failed', code: 500, reason: null };
  const { code, reason } = error;
  return { outcome: code >= 400 && code < 500 ? 'refused' : 'failed', code, reason: reason ?? null };
}

function draft(
  { api, operation, args: bindings }: Route,
  identity: IIdentity,
  args: readonly unknown[],
  result?: unknown,
): Pick<AuditEntryDraft, 'tenantId' | 'userId' | 'operation' | 'target'> {
  const target: Record<string, string> = {};
  bindings.forEach((binding, index) => {
    if (binding.in === 'path' || (binding.in === 'field' && binding.name === 'workerId')) {
      add(target, binding.name, args[index]);
    } else if (binding.in === 'body') add(target, 'name', textOf(args[index], 'name'));
  });
  for (const made of ['processInstanceId', 'deploymentId']) add(target, made, textOf(result, made));
  const userId = typeof identity?.userId === 'string' ? identity.userId.slice(0, MAX_TEXT) : '';
  return { tenantId: tenantOf(identity), userId, operation: `${api}.${operation}`, target };
}

function textOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function add(target: Record<string, string>, name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') target[name] = value.slice(0, MAX_TEXT);
}
