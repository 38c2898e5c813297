import type { HttpRequest, HttpResponse, HttpTransport } from '@process-engine/client';
import { Ajv2020 } from 'ajv/dist/2020.js';

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
}

interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Holds the answers of a server against its OpenAPI document. */
export class OpenApiAnswers {
  /** What did not fit, for whoever swallows the error of the call. */
  readonly violations: string[] = [];
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #paths: { readonly pattern: RegExp; readonly literal: number; readonly path: string }[];

  constructor(private readonly document: OpenApiDocument) {
    this.#ajv.addSchema(document, 'openapi');
    this.#paths = Object.keys(document.paths)
      .map((path) => ({ path, pattern: patternOf(path), literal: path.replace(/\{\w+\}/g, '').length }))
      // Of two that match, `/process_instances/own` goes before `/process_instances/{id}`.
      .sort((a, b) => b.literal - a.literal);
  }

  /** A transport whose answers are checked; a call rejects where one does not fit. */
  watch(transport: HttpTransport): HttpTransport {
    return {
      send: async (request) => {
        const response = await transport.send(request);
        this.#check(request, response);
        return response;
      },
      close: () => transport.close?.(),
    };
  }

  #check({ method, path }: HttpRequest, { status, body }: HttpResponse): void {
    const problem = this.#problem(method, path.split('?')[0]!, status, body);
    if (problem === undefined) return;
    const violation = `${method} ${path} answered ${status}, which the OpenAPI document does not allow: ${problem}`;
    this.violations.push(violation);
    throw new Error(violation);
  }

  #problem(method: string, path: string, status: number, body: unknown): string | undefined {
    const found = this.#paths.find(
      ({ pattern, path: template }) => pattern.test(path) && this.#operation(template, method),
    );
    if (found === undefined) return 'it has no such operation';
    const { responses } = this.#operation(found.path, method)!;
    const key = responses[status] === undefined ? 'default' : String(status);
    if (key === 'default' && status < 400) return `the operation has no response ${status}`;
    if (key !== 'default' && responses[key]!.content === undefined) {
      return body === undefined ? undefined : `there must be no body, but it is ${JSON.stringify(body)}`;
    }
    const place =
      key === 'default' ? ['components', 'responses', 'Error'] : ['paths', found.path, method, 'responses', key];
    const pointer = [...place, 'content', 'application/json', 'schema'].map(escaped).join('/');
    const validate = this.#ajv.getSchema(`openapi#/${pointer}`);
    if (validate === undefined) return `there is no schema at ${pointer}`;
    return validate(body) === true ? undefined : this.#ajv.errorsText(validate.errors);
  }

  #operation(path: string, method: string): Operation | undefined {
    return this.document.paths[path]?.[method];
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
}

/** RFC 6901, and percent-encoded as part of a URI. */
function escaped(segment: string): string {
  return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'));
}
