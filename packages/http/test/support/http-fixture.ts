import { request, type IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Logger } from '@process-engine/contracts';
import {
  createHttpServer,
  DevelopmentIdentityService,
  type HttpServer,
  type HttpServerOptions,
} from '@process-engine/http';
import { EngineDouble } from './engine-double.js';

export const TOKEN = Buffer.from('alice').toString('base64');
export const ALICE = { token: TOKEN, userId: 'alice' };
export const CONSUMER = '/api/consumer/v1';
export const EXTERNAL_TASK = '/api/external_task/v1';
export const MANAGEMENT = '/api/management/v1';

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  /** Text goes out as it is, without a content type; anything else as JSON. */
  readonly body?: unknown;
  /** False: no Authorization header. */
  readonly authorized?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The parsed body; fails the test where it is not JSON. */
  readonly json: any;
}

/** A server on a free port over an engine double. */
export class HttpFixture {
  readonly engine = new EngineDouble();
  readonly logged: { level: string; fields: any; message: string }[] = [];
  readonly logger: Logger = {
    debug: (fields, message) => this.#log('debug', fields, message),
    info: (fields, message) => this.#log('info', fields, message),
    warn: (fields, message) => this.#log('warn', fields, message),
    error: (fields, message) => this.#log('error', fields, message),
  };
  server!: HttpServer;
  port = 0;
  /** Open connections, as the server sees them. */
  readonly connections = new Set<Socket>();

  async start(options: Partial<HttpServerOptions> = {}): Promise<this> {
    this.server = createHttpServer(this.engine, {
      identityService: new DevelopmentIdentityService(),
      logger: this.logger,
      ...options,
    });
    this.server.server.on('connection', (connection: Socket) => {
      this.connections.add(connection);
      connection.once('close', () => this.connections.delete(connection));
    });
    this.port = (await this.server.listen(0)).port;
    return this;
  }

  async stop(): Promise<void> {
    await this.server.close();
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get(path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.send(path, options);
  }

  post(path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> {
    return this.send(path, { method: 'POST', ...options, body });
  }

  async send(path: string, options: RequestOptions): Promise<Answer> {
    const { method = 'GET', body, authorized = true } = options;
    const isText = typeof body === 'string' || Buffer.isBuffer(body);
    const headers = {
      ...(authorized ? { Authorization: `Bearer ${TOKEN}` } : {}),
      ...(body === undefined || isText ? {} : { 'Content-Type': 'application/json' }),
      ...options.headers,
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { port: this.port, host: '127.0.0.1', method, path, headers, agent: false },
        (response) => {
          text(response).then((content) => {
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: content,
              get json(): unknown {
                return JSON.parse(content);
              },
            });
          }, reject);
        },
      );
      outgoing.on('error', reject);
      if (method === 'POST' && body === undefined) outgoing.setHeader('Content-Length', 0);
      outgoing.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
    });
  }

  #log(level: string, fields: object, message: string): void {
    this.logged.push({ level, fields, message });
  }
}
