import { errorOfStatus, ServiceUnavaliableError, type JsonValue } from '@process-engine/contracts';
import { unlessAborted } from '../unless-aborted.js';
import type { HttpRequest, HttpResponse, HttpTransport } from './http-transport.js';

export interface HttpClientOptions {
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpClientAnswer {
  readonly result: unknown;
  readonly status: number;
}

/** The HTTP client of the published packages: puts `<config.url>/` before the url, parses JSON, throws on an error status. */
export interface HttpClient {
  config: { url: string };
  get(url: string, options: HttpClientOptions): Promise<HttpClientAnswer>;
  post(url: string, data: unknown, options: HttpClientOptions): Promise<HttpClientAnswer>;
  put(url: string, data: unknown, options: HttpClientOptions): Promise<HttpClientAnswer>;
  delete(url: string, options: HttpClientOptions): Promise<HttpClientAnswer>;
}

export function isHttpClient(value: unknown): value is HttpClient {
  const candidate = (value ?? {}) as Record<string, unknown>;
  return ['get', 'post', 'put', 'delete'].every((method) => typeof candidate[method] === 'function');
}

/**
 * Sends through an application's own HTTP client. Such a client cannot be aborted: an aborted call rejects at once, its
 * request goes on unseen.
 */
export class HttpClientTransport implements HttpTransport {
  readonly #client: HttpClient;

  constructor(client: HttpClient) {
    this.#client = client;
  }

  get config(): { url: string } {
    return this.#client.config;
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    request.signal?.throwIfAborted();
    try {
      const { result, status } = await unlessAborted(this.#call(request), request.signal);
      return { status, body: result === '' ? undefined : result };
    } catch (error) {
      request.signal?.throwIfAborted();
      throw apiError(error, this.#client.config.url);
    }
  }

  #call({ method, path, headers, body }: HttpRequest): Promise<HttpClientAnswer> {
    const url = path.slice(1);
    if (method === 'get' || method === 'delete') return this.#client[method](url, { headers });
    return this.#client[method](url, body, { headers });
  }
}

/** Such a client throws errors with the status as `code`; they carry no reason. Anything else is a failed connection. */
function apiError(error: unknown, url: string): Error {
  const { code, message, additionalInformation } = (error ?? {}) as Record<string, unknown>;
  const text = typeof message === 'string' ? message : String(error);
  if (typeof code === 'number') {
    return errorOfStatus(code, text, {
      additionalInformation: additionalInformation as JsonValue | undefined,
      cause: error,
    });
  }
  return new ServiceUnavaliableError(`The process engine at ${url} cannot be reached: ${text}`, {
    reason: 'engine-unreachable',
    cause: error,
  });
}
