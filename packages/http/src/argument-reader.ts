import { BadRequestError } from '@process-engine/contracts';
import type { ArgumentBinding } from '@process-engine/contracts/http';

/** The parts of a request that arguments are read from. */
export interface RequestParts {
  /** Percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[] | undefined>>;
  /** Validated. */
  readonly body: unknown;
}

export type ArgumentReader = (request: RequestParts) => unknown;

/** Reads one argument of an operation. The reader throws a BadRequestError that names the parameter. */
export function argumentReader(binding: ArgumentBinding): ArgumentReader {
  switch (binding.in) {
    case 'path':
      return ({ params }) => params[binding.name];
    case 'query':
      return ({ query }) => {
        const name = [binding.name, ...(binding.spellings ?? [])].find((spelling) => query[spelling] !== undefined);
        return name === undefined
          ? binding.codec.read(undefined, binding.name)
          : binding.codec.read(single(query, name), name);
      };
    case 'query-object': {
      const fields = Object.entries(binding.fields);
      return ({ query }) =>
        Object.fromEntries(
          fields
            .map(([field, { name, codec }]): [string, unknown] => [field, codec.read(single(query, name), name)])
            .filter(([, value]) => value !== undefined),
        );
    }
    case 'object': {
      const fields = Object.entries(binding.fields);
      return ({ params }) =>
        Object.fromEntries(fields.map(([field, from]) => [field, 'path' in from ? params[from.path] : from.value]));
    }
    case 'body':
      return ({ body }) => body;
    case 'field':
      // Only routes whose schema is an object bind fields, so the validated body is one.
      return ({ body }) => (body as Readonly<Record<string, unknown>>)[binding.name];
  }
}

function single(query: RequestParts['query'], name: string): string | undefined {
  const value = query[name];
  if (Array.isArray(value)) throw new BadRequestError(`the query parameter ${name} must be given once`);
  return value;
}
