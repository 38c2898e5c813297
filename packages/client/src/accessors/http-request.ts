import { BadRequestError } from '@process-engine/contracts';
import { BASE_PATHS } from '@process-engine/contracts/http';
import type { Call } from './derive-api.js';
import type { HttpRequest } from './http-transport.js';

/** Where the parts of a call travel, by the bindings of its route. */
interface Parts {
  path: string;
  readonly query: URLSearchParams;
  body: unknown;
}

/** The request of a call, as its route says. */
export function requestOf(call: Call, baseUrl: string): HttpRequest {
  const { route, identity, options } = call;
  const parts = partsOf(call);
  const query = parts.query.toString();
  return {
    method: route.method,
    baseUrl,
    path: `${BASE_PATHS[route.api]}${parts.path}${query === '' ? '' : `?${query}`}`,
    headers: identity === undefined ? {} : { Authorization: `Bearer ${identity.token}` },
    ...(parts.body === undefined ? {} : { body: parts.body }),
    signal: options.signal,
    waits: route.waits,
  };
}

function partsOf({ route, args }: Call): Parts {
  const parts: Parts = { path: route.path, query: new URLSearchParams(), body: undefined };
  route.args.forEach((binding, index) => {
    const value = args[index];
    switch (binding.in) {
      case 'path':
        parts.path = parts.path.replace(`:${binding.name}`, () => segment(binding.name, value as string));
        break;
      case 'query':
        append(parts.query, binding.name, binding.codec.write(value));
        break;
      case 'query-object':
        for (const [field, { name, codec }] of Object.entries(binding.fields)) {
          append(parts.query, name, codec.write((value as Record<string, unknown>)[field]));
        }
        break;
      case 'object':
        // Of alias rows only, which no accessor uses.
        break;
      case 'body':
        parts.body = value;
        break;
      case 'field':
        parts.body = { ...(parts.body as object | undefined), [binding.name]: value };
        break;
    }
  });
  return parts;
}

function append(query: URLSearchParams, name: string, text: string | undefined): void {
  if (text !== undefined) query.append(name, text);
}

/** `.` and `..` cannot travel as a segment: every URL parser on the way removes them, encoded or not (WHATWG URL, 4.4). */
function segment(name: string, value: string): string {
  if (value === '.' || value === '..') throw new BadRequestError(`${name} must not be '${value}'`);
  return encodeURIComponent(value);
}
