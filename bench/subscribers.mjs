/**
 * Many who only wait: 2,000 subscribers (server-sent events and sockets) and 500 parked long polls on one server in a process
 * of its own. Prints the memory each idle subscriber costs, and how long a notification takes to reach all of them.
 *
 * Arguments: number of subscribers, number of long polls.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { io } from 'socket.io-client';
import { createEngine } from '../packages/core/dist/index.js';
import { createHttpServer, DevelopmentIdentityService } from '../packages/http/dist/index.js';
import { node, straightModel } from './lib/models.mjs';

const TOKEN = 'ZHVtbXlfdG9rZW4=';
const IDENTITY = { userId: 'dummy_token', token: TOKEN };
const MOST_KILOBYTES = 64;
const ROUNDS = 5;
const agent = new Agent({ maxSockets: Infinity });

if (process.argv[2] === 'server') await serve();
else await compare(Number(process.argv[2] ?? 2_000), Number(process.argv[3] ?? 500));

async function serve() {
  const engine = createEngine({ eventLog: 'all' });
  await engine.start();
  const xml = straightModel('approval', [node('userTask', 'approve')]);
  await engine.managementApi.deploy(IDENTITY, { files: [{ name: 'approval.bpmn', xml }] });
  const server = createHttpServer(engine, { identityService: new DevelopmentIdentityService() });
  const { port } = await server.listen(0);
  process.on('message', async (message) => {
    if (message === 'start') {
      const { performance } = globalThis;
      const sentAt = performance.timeOrigin + performance.now();
      await engine.consumerApi.startProcessInstance(IDENTITY, 'approval');
      process.send({ sentAt });
    } else if (message === 'memory') {
      globalThis.gc();
      const { rss, heapUsed } = process.memoryUsage();
      process.send({ rss, heapUsed });
    }
  });
  process.on('disconnect', () => process.exit());
  process.send({ port });
}

async function compare(subscribers, longPolls) {
  const rows = [];
  for (const [kind, subscribe] of Object.entries({ 'server-sent events': overEvents, 'socket.io': overSocket })) {
    rows.push({ kind, subscribers, longPolls, ...(await measure(subscribe, subscribers, longPolls)) });
  }
  console.table(rows);
  if (rows.some(({ kilobytes }) => kilobytes > MOST_KILOBYTES)) process.exitCode = 1;
}

async function measure(subscribe, subscribers, longPolls) {
  const server = fork(import.meta.filename, ['server'], { execArgv: ['--expose-gc'] });
  const ask = async (message) => {
    server.send(message);
    return (await once(server, 'message'))[0];
  };
  const [{ port }] = await once(server, 'message');
  const url = `http://127.0.0.1:${port}`;
  // What the first of each costs is no cost of the others.
  await fill(subscribe, url, { subscribers: 20, longPolls: 5 }, () => {});
  await ask('start');
  const before = await ask('memory');
  let told = () => {};
  await fill(subscribe, url, { subscribers, longPolls }, () => told());
  const after = await ask('memory');
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    let missing = subscribers;
    const all = new Promise((resolve) => (told = () => (missing -= 1) === 0 && resolve()));
    const { sentAt } = await ask('start');
    await all;
    times.push(performance.timeOrigin + performance.now() - sentAt);
  }
  server.disconnect();
  await once(server, 'exit');
  const kilobytes = (after.rss - before.rss) / 1_000 / (subscribers + longPolls);
  return {
    kilobytes: Number(kilobytes.toFixed(1)),
    heapKilobytes: Number(((after.heapUsed - before.heapUsed) / 1_000 / (subscribers + longPolls)).toFixed(1)),
    millisecondsToAll: Number(times.sort((a, b) => a - b)[ROUNDS >> 1].toFixed(0)),
  };
}

async function fill(subscribe, url, { subscribers, longPolls }, told) {
  for (let done = 0; done < subscribers; done += 50) {
    await Promise.all(Array.from({ length: Math.min(50, subscribers - done) }, () => subscribe(url, told)));
  }
  for (let number = 0; number < longPolls; number += 1) longPoll(url, number);
  // The last polls are parked when the server has answered what was asked after them.
  await fetch(`${url}/health/live`);
}

/** Resolves when the subscription stands. */
function overEvents(url, told) {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const outgoing = request(
      `${url}/api/consumer/v1/notifications?names=user_task_waiting`,
      { agent, headers },
      (response) => {
        response.on('data', (chunk) => {
          if (chunk.includes('event: user_task_waiting')) told();
        });
        response.on('error', () => {});
        response.once('data', resolve);
      },
    );
    outgoing.on('error', reject).end();
  });
}

function overSocket(url, told) {
  const extraHeaders = { Authorization: TOKEN };
  const socket = io(`${url}/consumer_api`, {
    forceNew: true,
    reconnection: false,
    transports: ['websocket'],
    extraHeaders,
  });
  socket.on('user_task_waiting', told);
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
}

/** Topics of their own, so that nothing ever ends the wait. */
function longPoll(url, number) {
  const headers = { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' };
  const outgoing = request(`${url}/api/external_task/v1/fetch_and_lock`, { agent, headers, method: 'POST' });
  outgoing.on('error', () => {});
  const body = {
    workerId: 'w',
    topicName: `topic ${number}`,
    maxTasks: 1,
    longPollingTimeout: 600_000,
    lockDuration: 1_000,
  };
  outgoing.end(JSON.stringify(body));
}
