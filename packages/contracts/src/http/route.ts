/** How one operation travels over HTTP. The router, the remote accessor and the OpenAPI document are derived from these rows. */
import type { ZodType } from 'zod';
import { BadRequestError } from '../errors.js';
import type { EngineApi } from '../api/engine-api.js';

export type ApiName = Exclude<keyof EngineApi, 'notificationApi'>;

/** A query parameter's two directions. `read` throws a BadRequestError that names the parameter. */
export interface QueryCodec {
  /** OpenAPI type. */
  readonly type: 'string' | 'integer' | 'boolean';
  read(text: string | undefined, name: string): unknown;
  write(value: unknown): string | undefined;
}

/** Where one argument of the operation travels; the bindings stand in the order of the method's parameters after the identity. */
export type ArgumentBinding =
  | { readonly in: 'path'; readonly name: string }
  | {
      readonly in: 'query';
      readonly name: string;
      readonly codec: QueryCodec;
      /** Other spellings that are read, too; only `name` is written. */
      readonly spellings?: readonly string[];
    }
  /** One argument, an object, whose fields are query parameters: field → parameter name and codec. */
  | {
      readonly in: 'query-object';
      readonly fields: Readonly<Record<string, { readonly name: string; readonly codec: QueryCodec }>>;
    }
  /** Of alias rows only: one argument, an object, whose fields stand in the path or are fixed. */
  | {
      readonly in: 'object';
      readonly fields: Readonly<Record<string, { readonly path: string } | { readonly value: unknown }>>;
    }
  /** The whole body. Absent in the request: `{}`. */
  | { readonly in: 'body' }
  | { readonly in: 'field'; readonly name: string };

export interface Route {
  readonly api: ApiName;
  /** The method's name in its API. */
  readonly operation: string;
  readonly summary: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Below the API's base path; parameters as `:name`. */
  readonly path: string;
  readonly args: readonly ArgumentBinding[];
  /** Of the body. */
  readonly request?: ZodType;
  /** Of the answer; absent: 204 without a body. */
  readonly response?: ZodType;
  /** False: needs no identity, and the method takes none. */
  readonly authenticated: boolean;
  /** True: may wait; takes `CallOptions` after its last argument. */
  readonly waits: boolean;
  /** Of a row that waits: the field that says for how long, ms. */
  readonly waitTime?: string;
  /** True: another row of the same operation is the one the remote accessor uses. */
  readonly alias: boolean;
  /** The API below whose base path the row is served, where that is not its own: for alias rows. */
  readonly mount?: ApiName;
}

export const text: QueryCodec = {
  type: 'string',
  read: (value) => (value === undefined || value === '' ? undefined : value),
  write: (value) => (value === undefined || value === null ? undefined : `${value as string | number | boolean}`),
};

export const integer: QueryCodec = {
  type: 'integer',
  read: (value, name) => {
    if (value === undefined || value === '' || value === 'undefined') return undefined;
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new BadRequestError(`the query parameter ${name} must be a whole number`);
    return number;
  },
  write: (value) => (value === undefined || value === null ? undefined : `${value as string | number | boolean}`),
};

export const boolean: QueryCodec = {
  type: 'boolean',
  read: (value, name) => {
    if (value === undefined || value === '') return undefined;
    if (value !== 'true' && value !== 'false')
      throw new BadRequestError(`the query parameter ${name} must be true or false`);
    return value === 'true';
  },
  write: (value) => (value === undefined || value === null ? undefined : `${value as string | number | boolean}`),
};

/** One of a few texts. */
export function oneOf(...values: readonly string[]): QueryCodec {
  return {
    type: 'string',
    read: (value, name) => {
      if (value === undefined || value === '') return undefined;
      if (!values.includes(value))
        throw new BadRequestError(`the query parameter ${name} must be one of ${values.join(', ')}, not '${value}'`);
      return value;
    },
    write: (value) => text.write(value),
  };
}

/** A moment, ISO 8601. */
export const time: QueryCodec = {
  type: 'string',
  read: (value, name) => {
    if (value === undefined || value === '') return undefined;
    const moment = Date.parse(value);
    if (Number.isNaN(moment))
      throw new BadRequestError(`the query parameter ${name} must be a time as ISO 8601 has it`);
    return new Date(moment).toISOString();
  },
  write: (value) => text.write(value),
};

export const inPath = (name: string): ArgumentBinding => ({ in: 'path', name });
export const inQuery = (
  name: string,
  codec: QueryCodec = text,
  spellings: readonly string[] = [],
): ArgumentBinding => ({ in: 'query', name, codec, ...(spellings.length === 0 ? {} : { spellings }) });
export const inField = (name: string): ArgumentBinding => ({ in: 'field', name });
export const wholeBody: ArgumentBinding = { in: 'body' };
export const paging: readonly ArgumentBinding[] = [inQuery('offset', integer), inQuery('limit', integer)];

/** An object argument made of query parameters: field → parameter name; texts, unless `codecs` says otherwise. */
export function inQueryObject(
  fields: Readonly<Record<string, string>>,
  codecs: Readonly<Record<string, QueryCodec>> = {},
): ArgumentBinding {
  return {
    in: 'query-object',
    fields: Object.fromEntries(
      Object.entries(fields).map(([field, name]) => [field, { name, codec: codecs[field] ?? text }]),
    ),
  };
}

/** An object argument of an alias row: field → name of a path parameter, or `{value}`. */
export function inObject(fields: Readonly<Record<string, string | { readonly value: unknown }>>): ArgumentBinding {
  return {
    in: 'object',
    fields: Object.fromEntries(
      Object.entries(fields).map(([field, from]) => [field, typeof from === 'string' ? { path: from } : from]),
    ),
  };
}

type RouteOptions = Partial<
  Pick<Route, 'request' | 'response' | 'authenticated' | 'waits' | 'waitTime' | 'alias' | 'mount'>
> & {
  summary: string;
};

/** Row builder of one API: `row('get /process_models', 'getProcessModels', paging, {…})`. */
export function rowsOf<TApi>(api: ApiName) {
  return (
    methodAndPath: `${Route['method']} /${string}`,
    operation: keyof TApi & string,
    args: readonly ArgumentBinding[],
    options: RouteOptions,
  ): Route => {
    const [method, path] = methodAndPath.split(' ') as [Route['method'], string];
    return { api, operation, method, path, args, authenticated: true, waits: false, alias: false, ...options };
  };
}
