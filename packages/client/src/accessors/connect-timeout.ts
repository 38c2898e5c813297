import type { Agent } from 'node:http';
import type { Socket } from 'node:net';

export interface Agents {
  readonly httpAgent: Agent;
  readonly httpsAgent: Agent;
}

/** Servers close idle connections after five seconds by default (Node's `keepAliveTimeout`); the client has to be first. */
const IDLE_MILLISECONDS = 4_000;

/**
 * Connection pools whose connections must be established within `milliseconds`. Without them a host that swallows packets
 * would hold a waiting call for minutes. `undefined` in a browser, where this is the browser's business.
 */
export function connectTimeoutAgents(milliseconds: number): Agents | undefined {
  // Not imported: the module has to load in browsers.
  if (globalThis.process?.getBuiltinModule === undefined) return undefined;
  const http = process.getBuiltinModule('node:http');
  const https = process.getBuiltinModule('node:https');
  const options = { keepAlive: true, timeout: IDLE_MILLISECONDS };
  return {
    httpAgent: limitConnect(new http.Agent(options), 'connect', milliseconds),
    httpsAgent: limitConnect(new https.Agent(options), 'secureConnect', milliseconds),
  };
}

type Connecting = Agent & { createConnection(...args: unknown[]): Socket | undefined };

function limitConnect(agent: Agent, established: 'connect' | 'secureConnect', milliseconds: number): Agent {
  const connecting = agent as Connecting;
  const connect = connecting.createConnection.bind(agent);
  connecting.createConnection = (...args) => {
    const socket = connect(...args);
    if (socket !== undefined) destroyUnless(established, socket, milliseconds);
    return socket;
  };
  return agent;
}

function destroyUnless(established: string, socket: Socket, milliseconds: number): void {
  const timer = setTimeout(() => {
    socket.destroy(
      Object.assign(new Error(`no connection within ${milliseconds} ms`), { code: 'ERR_CONNECT_TIMEOUT' }),
    );
  }, milliseconds);
  const done = () => clearTimeout(timer);
  socket.once(established, done);
  socket.once('close', done);
}
