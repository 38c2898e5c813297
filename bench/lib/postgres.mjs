/** A PostgreSQL database of its own for each run, gone afterwards, and the CPU time its server processes take. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { measure } from './measure.mjs';

const URL_OF_SERVER = new URL(process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres');

/** Ticks a second in /proc, the same on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;

/** Why there is no figure, where there is none. */
export async function reasonWithoutServer() {
  const client = new pg.Client({ connectionString: String(URL_OF_SERVER), connectionTimeoutMillis: 3_000 });
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return `no PostgreSQL at ${URL_OF_SERVER.host} (${error.message})`;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * @typedef {object} BenchDatabase
 * @property {string} url
 * @property {object} config for `createStorage`
 * @property {(operation: () => Promise<unknown>, size: object) => Promise<object>} measure the figures of `measure`, with
 *   the CPU time of the server's processes in `cpu`, and by itself in `database`
 * @param {(database: BenchDatabase) => Promise<T>} work @template T
 */
export async function withDatabase(work) {
  const name = `bench_${process.pid}_${randomBytes(4).toString('hex')}`;
  const admin = new pg.Client({ connectionString: String(URL_OF_SERVER) });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(URL_OF_SERVER);
  url.pathname = `/${name}`;
  try {
    return await work({
      url: String(url),
      config: configOf(url),
      measure: (operation, size) => measureWithServer(admin, name, operation, size),
    });
  } finally {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
}

function configOf({ hostname, port, username, password, pathname }) {
  return {
    dialect: 'postgres',
    host: hostname,
    port: port === '' ? null : Number(port),
    username: username === '' ? null : decodeURIComponent(username),
    password: password === '' ? null : decodeURIComponent(password),
    database: pathname.slice(1),
  };
}

async function measureWithServer(admin, name, operation, size) {
  let before;
  const onStart = async () => (before = await ticksOf(admin, name));
  const figures = await measure(operation, { ...size, onStart });
  const after = await ticksOf(admin, name);
  let ticks = 0;
  for (const [pid, count] of after) ticks += count - (before.get(pid) ?? 0);
  const database = (1000 * ticks) / TICKS_PER_SECOND / size.count;
  return { ...figures, cpu: figures.cpu + database, client: figures.cpu, database };
}

/** The ticks of CPU time of each process that serves the database. The server runs on this machine. */
async function ticksOf(admin, name) {
  const { rows } = await admin.query('select pid from pg_stat_activity where datname = $1', [name]);
  const ticks = rows.map(async ({ pid }) => {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [pid, Number(fields[11]) + Number(fields[12])];
  });
  return new Map(await Promise.all(ticks));
}
