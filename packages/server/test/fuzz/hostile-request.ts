/** Requests around the route table, as bytes: some sound, most not. */
import { pathOf, ROUTES, type Route } from '@process-engine/contracts/http';
import { bodyText, modelText, text } from './hostile-values.js';
import type { Random } from './random.js';

export interface HostileRequest {
  readonly bytes: Buffer;
  /** True: the answer may take any time, so it is not waited for. */
  readonly mayWait: boolean;
  /** True: a whole request, which leaves its connection to the next one. */
  readonly keepsConnection: boolean;
}

const DUMMY = 'ZHVtbXlfdG9rZW4=';
const OTHER_PATHS = [
  ...[
    '/',
    '//',
    '/..',
    '/info',
    '/process_engine',
    '/security/authority',
    '/health/live',
    '/health/ready',
    '/openapi.json',
  ],
  ...[
    '/api/consumer/v1/notifications?after=0',
    '/api/consumer/v1/notifications',
    '/socket.io/',
    '/api/consumer/v1/swagger',
  ],
  ...['/socket.io/?EIO=3&transport=polling', '/socket.io/?EIO=4&transport=websocket', '/%', '/api/%c0%80', '*'],
];
const QUERY = [
  ...['offset', 'limit', 'start_callback_type', 'start_event_id', 'end_event_id', 'state', 'latest', 'active', 'names'],
  ...[
    'after',
    'process_model_id',
    'started_after',
    'variable_name',
    'variable_value',
    'min_priority',
    'sort_by',
    '__proto__',
  ],
];

export function hostileRequest(random: Random, model: string): HostileRequest {
  if (random.chance(0.03))
    return { bytes: Buffer.from(garbage(random), 'latin1'), mayWait: false, keepsConnection: false };
  const route = random.chance(0.9) ? random.pick(ROUTES) : undefined;
  const path = route === undefined ? random.pick(OTHER_PATHS) : filledPath(random, route);
  const usual = route?.method.toUpperCase() ?? 'GET';
  const method = random.chance(0.9) ? usual : random.pick(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']);
  const body = method === 'GET' && random.chance(0.95) ? '' : bodyOf(random, route, model);
  const head = [`${method} ${path}${query(random, path)} HTTP/1.1`, 'Host: fuzz', ...headers(random)];
  const length = random.chance(0.97) ? Buffer.byteLength(body) : random.below(50);
  if (body !== '' || random.chance(0.5)) head.push(`Content-Length: ${length}`);
  const keepsConnection = length === Buffer.byteLength(body);
  if (!keepsConnection) head.push('Connection: close');
  const mayWait = route?.waits === true || path.includes('notifications') || length > Buffer.byteLength(body);
  return { bytes: Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`), mayWait, keepsConnection };
}

function garbage(random: Random): string {
  return random.pick([
    text(random),
    'GET\r\n\r\n',
    `GET / HTTP/9.9\r\n\r\n`,
    `POST /api/consumer/v1/info HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\n${'X-Long: y\r\n'.repeat(3_000)}\r\n`,
    `GET /${'a'.repeat(70_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  ]);
}

function filledPath(random: Random, route: Route): string {
  return pathOf(route).replace(/:(\w+)/g, () => {
    const value = random.chance(0.3) ? 'fuzzed' : text(random);
    return random.chance(0.85) ? encoded(value) : value.replace(/[\s\p{Cc}]/gu, '_');
  });
}

function encoded(value: string): string {
  try {
    return encodeURIComponent(value) || '_';
  } catch {
    return '%ED%A0%80';
  }
}

function query(random: Random, path: string): string {
  if (path.includes('?') || random.chance(0.5)) return '';
  const parts = Array.from({ length: 1 + random.below(3) }, () => {
    const value = random.pick(['0', '1', '2', '3', '-1', 'abc', '1e9', '99999999999999999999', encoded(text(random))]);
    return `${random.pick(QUERY)}=${value}`;
  });
  return `?${parts.join('&')}`;
}

function headers(random: Random): string[] {
  const token = random.pick([
    DUMMY,
    DUMMY,
    DUMMY,
    DUMMY,
    'e30.e30.',
    'a.b.c',
    '%%%',
    'bm9ib2R5',
    Buffer.from(text(random)).toString('base64'),
  ]);
  const authorization =
    random.pick(['Bearer ', 'Bearer ', 'Bearer ', 'bearer  ', '', 'Basic ', 'Bearer x, Bearer ']) + token;
  const result = random.chance(0.95) ? [`Authorization: ${authorization}`] : [];
  const type = random.pick([
    'application/json',
    'application/json',
    'application/json',
    'text/plain',
    'text/xml',
    'nonsense',
    'application/json; charset=utf-7',
  ]);
  if (random.chance(0.9)) result.push(`Content-Type: ${type}`);
  const value = text(random).replace(/[^\x20-\x7e\xa0-\xff]/g, '?');
  if (random.chance(0.1))
    result.push(`${random.pick(['Idempotency-Key', 'Last-Event-ID', 'Origin', 'Content-Encoding'])}: ${value}`);
  return result;
}

function bodyOf(random: Random, route: Route | undefined, model: string): string {
  const xml = modelText(random, model);
  if (route?.operation === 'deploy' && random.chance(0.8))
    return JSON.stringify({ files: [{ name: text(random), xml }] });
  if (route?.operation === 'updateProcessModel' && random.chance(0.8)) return JSON.stringify({ xml });
  return random.chance(0.1) ? '' : bodyText(random);
}
