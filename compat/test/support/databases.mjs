/** The databases every suite is run on. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

// The driver is the repository package's; this project brings the published clients only.
const require = createRequire(new URL('../../../packages/repository/package.json', import.meta.url));
const postgresUrl = new URL(process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres');

/**
 * @typedef {object} Database
 * @property {object} config of `process_engine:database`
 * @property {() => Promise<void>} remove
 */

/** Name → creates a database of its own. A database server that is not there gives the reason, as text. */
export const DATABASES = {
  async SQLite() {
    const folder = mkdtempSync(path.join(tmpdir(), 'process-engine-compat-'));
    const config = { dialect: 'sqlite', storage: path.join(folder, 'engine.sqlite') };
    return { config, remove: async () => rmSync(folder, { recursive: true, force: true }) };
  },

  async PostgreSQL() {
    const schema = `compat_${process.pid}_${randomBytes(4).toString('hex')}`;
    const query = (sql) => withPostgres((client) => client.query(sql));
    try {
      await query('select 1');
    } catch (error) {
      if (process.env.CI === 'true') throw error;
      return `no PostgreSQL at ${postgresUrl.host} (${error.message})`;
    }
    const { hostname, port, username, password, pathname } = postgresUrl;
    const config = {
      dialect: 'postgres',
      host: hostname,
      port: Number(port || 5432),
      username: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: pathname.slice(1),
      schema,
    };
    return { config, remove: () => query(`drop schema if exists ${schema} cascade`) };
  },
};

async function withPostgres(work) {
  const { Client } = require('pg');
  const client = new Client({ connectionString: String(postgresUrl), connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
