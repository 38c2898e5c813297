/** How the remote accessor sends one request; everything above it is free of HTTP libraries. */
export interface HttpTransport {
  /** Where the transport knows the engine's address itself. */
  readonly config?: { readonly url?: string | undefined } | undefined;
  /**
   * Resolves with the answer whatever its status. Rejects with the signal's reason when aborted, else with an error of the
   * contracts (`ServiceUnavaliableError` where the engine cannot be reached).
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Lets go of idle connections. */
  close?(): void;
}

export interface HttpRequest {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Address of the engine without a trailing slash, for example `http://localhost:8000`. */
  readonly baseUrl: string;
  /** Path and query below it; starts with `/`, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Any JSON value; absent: no body. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** True: the answer may take any time; no read time-out. */
  readonly waits: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Parsed where it is JSON, else the text; `undefined` where there is none. */
  readonly body: unknown;
}

export function isHttpTransport(value: unknown): value is HttpTransport {
  return typeof value === 'object' && value !== null && 'send' in value && typeof value.send === 'function';
}

/** The body of an answer: parsed JSON, else the text itself. */
export function bodyOfText(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
