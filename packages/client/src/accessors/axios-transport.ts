import { BadGatewayError, GatewayTimeoutError, ServiceUnavaliableError } from '@process-engine/contracts';
import axios, { AxiosError } from 'axios';
import { jsonText } from '../json-copy.js';
import { connectTimeoutAgents, type Agents } from './connect-timeout.js';
import { bodyOfText, type HttpRequest, type HttpResponse, type HttpTransport } from './http-transport.js';

export interface AxiosTransportOptions {
  /** Milliseconds a connection may take to be established. Default 10 000. Node only. */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds an answer may take; calls that may wait have no such limit. Default 30 000. */
  readonly requestTimeout?: number | undefined;
}

const MOST_REDIRECTS = 5;

/** Sends over axios: XMLHttpRequest in browsers, Node's http client with kept-alive connections elsewhere. */
export class AxiosTransport implements HttpTransport {
  /** Written by an IoC container that configures the transport by itself. */
  config: { url?: string | undefined } | undefined;
  readonly #agents: Agents | undefined;
  readonly #requestTimeout: number;

  constructor({ connectTimeout = 10_000, requestTimeout = 30_000 }: AxiosTransportOptions = {}) {
    this.#agents = connectTimeoutAgents(connectTimeout);
    this.#requestTimeout = requestTimeout;
  }

  async send({ method, baseUrl, path, headers, body, signal, waits }: HttpRequest): Promise<HttpResponse> {
    signal?.throwIfAborted();
    const text = jsonText(body, 'the body');
    try {
      const response = await axios.request<string>({
        method,
        url: `${baseUrl}${path}`,
        headers: text === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
        data: text,
        timeout: waits ? 0 : this.#requestTimeout,
        maxRedirects: MOST_REDIRECTS,
        responseType: 'text',
        // Any status is an answer; the text is parsed by us, so that a body that is not JSON still arrives.
        validateStatus: () => true,
        transformRequest: (data: unknown) => data,
        transformResponse: (data: unknown) => data,
        transitional: { clarifyTimeoutError: true },
        ...(signal === undefined ? {} : { signal }),
        ...this.#agents,
      });
      return { status: response.status, body: bodyOfText(response.data) };
    } catch (error) {
      signal?.throwIfAborted();
      throw transportError(error, baseUrl);
    }
  }

  close(): void {
    this.#agents?.httpAgent.destroy();
    this.#agents?.httpsAgent.destroy();
  }
}

function transportError(error: unknown, url: string): Error {
  const code = error instanceof AxiosError ? error.code : undefined;
  if (code === AxiosError.ERR_FR_TOO_MANY_REDIRECTS) {
    return new BadGatewayError(`The server at ${url} redirects more than ${MOST_REDIRECTS} times.`, { cause: error });
  }
  if (code === AxiosError.ETIMEDOUT || code === AxiosError.ECONNABORTED) {
    return new GatewayTimeoutError(`The process engine at ${url} did not answer in time: ${reasonOf(error)}`, {
      reason: 'engine-timeout',
      cause: error,
    });
  }
  return new ServiceUnavaliableError(`The process engine at ${url} cannot be reached: ${reasonOf(error)}`, {
    reason: 'engine-unreachable',
    cause: error,
  });
}

/** Where a host has several addresses the failure is an AggregateError with an empty message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || (error as { code?: string }).code || error.name;
}
