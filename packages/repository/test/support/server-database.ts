import { randomBytes } from 'node:crypto';

import { after, before } from 'mocha';
import { Sequelize } from 'sequelize';
import { createStorage, type SequelizeStorage, type StorageConfig } from '@process-engine/repository';

import * as tables from '../../dist/tables.js';

/** A database of the calling suite's own on a server that is running for tests. */
export interface ServerDatabase {
  readonly config: StorageConfig;
  /** For looking into the database, and for disturbing it. */
  readonly sequelize: Sequelize;
  /** A storage without rows, not opened. */
  createEmpty(): Promise<SequelizeStorage>;
}

/** How tests get along with a kind of database server. */
export interface TestServer {
  readonly title: string;
  readonly url: URL;
  /** The configuration of a database with this name, which need not exist yet. */
  configFor(name: string): StorageConfig;
  /** A Sequelize on that database. */
  sequelizeFor(name: string): Sequelize;
  readonly create: (name: string) => string;
  readonly drop: (name: string) => string;
  readonly empty: (tables: readonly string[]) => readonly string[];
}

/** Suites are skipped where the server cannot be reached, and fail where the variable CI is `true`. */
export function serverDatabase(server: TestServer): ServerDatabase {
  const name = `process_engine_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const config = server.configFor(name);
  const sequelize = server.sequelizeFor(name);
  const admin = new Sequelize(String(server.url), { logging: false, pool: { max: 1, acquire: 5_000 } });
  let isReachable = false;

  before(async function () {
    this.timeout(20_000);
    try {
      await admin.authenticate();
    } catch (error) {
      if (process.env['CI'] === 'true') throw error;
      const reason = error instanceof Error ? error.message : String(error);
      process.stdout.write(`      skipped: no ${server.title} at ${server.url.host} (${reason})\n`);
      this.skip();
    }
    isReachable = true;
    await admin.query(server.create(name));
    const storage = createStorage(config);
    await storage.open();
    await storage.close();
  });

  after(async function () {
    this.timeout(20_000);
    await sequelize.close();
    if (isReachable) await admin.query(server.drop(name));
    await admin.close();
  });

  return {
    config,
    sequelize,
    createEmpty: async () => {
      const names = Object.values(tables).map((table) => table.name);
      for (const sql of server.empty([...names, 'commit_log'])) await sequelize.query(sql);
      return createStorage(config);
    },
  };
}

/** The parts of a server's address as the storage's configuration has them. */
export function addressOf(url: URL): Pick<StorageConfig, 'host' | 'port' | 'username' | 'password'> {
  return {
    host: url.hostname,
    port: url.port === '' ? null : Number(url.port),
    username: url.username === '' ? null : decodeURIComponent(url.username),
    password: url.password === '' ? null : decodeURIComponent(url.password),
  };
}
