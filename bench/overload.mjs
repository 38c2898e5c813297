/**
 * Overload, on SQLite and on PostgreSQL: small starts beside starts of a megabyte; and memory when ten times as many starts
 * come over HTTP as can be served, with what is answered to those refused. Prints two lines for each database; ends with 1
 * where a limit is exceeded. `node bench/overload.mjs [seconds]`, default 10.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createHttpServer, DevelopmentIdentityService } from '../packages/http/dist/index.js';
import { createStorage } from '../packages/repository/dist/index.js';
import { straightModel, node } from './lib/models.mjs';
import { identity, startEngine } from './lib/our-engine.mjs';
import { reasonWithoutServer, withDatabase } from './lib/postgres.mjs';
import { withDatabaseFile } from './lib/sqlite.mjs';

const CLIENTS = 32;
const BIG = { text: 'x'.repeat(1_000_000) };
const MOST_TIMES_SLOWER = 5;
const MOST_TIMES_MEMORY = 1.5;
const APPROVAL = node('userTask', 'approve');
const MODEL = straightModel('approval', [APPROVAL]);
/** A start that costs some ms: ten times what the server can do has to come from one process on the same machine. */
const LONG_MODEL = straightModel('approval', [
  ...Array.from({ length: 100 }, (_, at) => node('intermediateThrowEvent', `passed-${at}`)),
  APPROVAL,
]);
/** More connections than requests may be under way. */
const CONNECTIONS = 3_000;
/** Many users: what one of them may have under way is bounded, too. */
const USERS = 500;
const START = '/api/consumer/v1/process_models/approval/start?start_callback_type=1';

if (process.argv[2] === 'server') {
  await serve(JSON.parse(process.argv[3]));
} else {
  await compare(Number(process.argv[2] ?? 10));
  process.exit();
}

async function compare(seconds) {
  await withDatabaseFile((file) => both('SQLite', { dialect: 'sqlite', storage: file }, seconds));
  const reason = await reasonWithoutServer();
  if (reason !== undefined) return console.log(`overload: PostgreSQL is left out: ${reason}`);
  await withDatabase(({ config }) => both('PostgreSQL', config, seconds));
}

async function both(title, config, seconds) {
  await besideBig(title, config);
  await underTooMuch(title, config, seconds);
}

/* Small starts beside large ones, in process. */

async function besideBig(title, config) {
  const engine = await startEngine(MODEL, { storage: createStorage(config) });
  const start = (inputValues = {}) => engine.consumerApi.startProcessInstance(identity, 'approval', { inputValues });
  await timesOf(start, 200);
  const alone = await timesOf(start, 300);
  let going = true;
  let large = 0;
  const big = (async () => {
    for (; going; large += 1) await start(BIG);
  })();
  const beside = await timesOf(start, 300);
  going = false;
  await big;
  await engine.stop();
  const [half, average] = [median, mean].map((value) => [value(alone), value(beside)]);
  console.log(
    `overload: ${title}: a small start takes ${pair(half)} ms (median), ${pair(average)} ms (mean) alone and beside ` +
      `${large} starts of 1 MB: ${ratio(half)} and ${ratio(average)} times (limit ${MOST_TIMES_SLOWER})`,
  );
  if (half[1] > MOST_TIMES_SLOWER * half[0]) process.exitCode = 1;
}

async function timesOf(start, count) {
  const times = [];
  for (let done = 0; done < count; done += 1) {
    const before = performance.now();
    await start();
    times.push(performance.now() - before);
  }
  return times;
}

function median(times) {
  return times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)];
}

function mean(times) {
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}

function pair([left, right]) {
  return `${left.toFixed(1)} and ${right.toFixed(1)}`;
}

function ratio([left, right]) {
  return (right / left).toFixed(1);
}

/* Too many starts, over HTTP, on a server in a process of its own. */

async function serve(config) {
  const engine = await startEngine(LONG_MODEL, { storage: createStorage(config), eventLog: 'all' });
  const server = createHttpServer(engine, { identityService: new DevelopmentIdentityService() });
  const { port } = await server.listen(0);
  let highest = 0;
  const sample = () => (highest = Math.max(highest, process.memoryUsage.rss() / 1e6));
  setInterval(sample, 20);
  process.on('message', () => {
    sample();
    process.send({ highest });
    highest = 0;
  });
  process.on('disconnect', () => process.exit());
  process.send({ port });
}

async function underTooMuch(title, config, seconds) {
  const server = fork(import.meta.filename, ['server', JSON.stringify(config)]);
  const [{ port }] = await once(server, 'message');
  const highest = async () => {
    server.send('memory');
    return (await once(server, 'message'))[0].highest;
  };
  const few = await connections(port, CLIENTS);
  await sustained(few, seconds);
  await highest();
  const rate = await sustained(few, seconds);
  const normal = await highest();
  const { sent, answers, hinted } = await flooded(await connections(port, CONNECTIONS), 10 * rate, seconds);
  const much = await highest();
  server.disconnect();
  await once(server, 'exit');
  const { 200: served = 0, 503: refused = 0, ...others } = answers;
  console.log(
    `overload: ${title}: ${rate.toFixed(0)} starts/s at ${normal.toFixed(0)} MB; ${(sent / rate / seconds).toFixed(1)} times as many: ` +
      `${served} served, ${refused} refused with 503 (${hinted} with Retry-After), others ${JSON.stringify(others)}; ` +
      `${much.toFixed(0)} MB: ${(much / normal).toFixed(2)} times (limit ${MOST_TIMES_MEMORY})`,
  );
  if (much > MOST_TIMES_MEMORY * normal || hinted < refused) process.exitCode = 1;
}

async function sustained(open, seconds) {
  let served = 0;
  const end = performance.now() + seconds * 1_000;
  const client = async (post) => {
    while (performance.now() < end) if ((await post()).status === 200) served += 1;
  };
  await Promise.all(open.map(client));
  return served / seconds;
}

/** So many a second, whether they are served or not, as long as a connection is free: in portions, every 5 ms. */
async function flooded(open, rate, seconds) {
  const answers = {};
  let [sent, due, hinted] = [0, 0, 0];
  const free = [...open];
  const begin = performance.now();
  const under = new Set();
  const send = async (post) => {
    const { status, hint } = await post();
    answers[status] = (answers[status] ?? 0) + 1;
    if (status === 503 && hint) hinted += 1;
    free.push(post);
  };
  for (let passed = 0; passed < seconds; passed = (performance.now() - begin) / 1_000) {
    for (; due < rate * passed; due += 1) {
      const post = free.pop();
      if (post === undefined) continue;
      sent += 1;
      const answer = send(post).finally(() => under.delete(answer));
      under.add(answer);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(under);
  return { sent, answers, hinted };
}

/** Functions that post a start, each on a connection of its own: less work than `node:http` makes of it. */
async function connections(port, count) {
  const open = [];
  for (let at = 0; at < count; at += 1) {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1').setNoDelay();
    await once(socket, 'connect');
    open.push(poster(socket, `user-${at % USERS}`));
  }
  return open;
}

/** Answers the status and whether there is a hint; or what broke the connection. */
function poster(socket, user) {
  const token = Buffer.from(user).toString('base64');
  const head = `POST ${START} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}`;
  const message = `${head}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`;
  let [text, answered] = ['', () => {}];
  socket.on('data', (chunk) => {
    text += chunk;
    const end = text.indexOf('\r\n\r\n');
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (end < 0 || text.length < end + 4 + length) return;
    const answer = { status: Number(text.slice(9, 12)), hint: /\r\nretry-after: /i.test(text.slice(0, end)) };
    text = '';
    answered(answer);
  });
  socket.on('error', ({ code }) => answered({ status: code }));
  socket.on('close', () => answered({ status: 'closed' }));
  return () =>
    new Promise((resolve) => {
      answered = resolve;
      if (socket.destroyed) resolve({ status: 'closed' });
      else socket.write(message);
    });
}
