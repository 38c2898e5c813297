/** Databases that tests take turns with. One process has its own, which are dropped at its end. */
import { randomBytes } from 'node:crypto';
import type { Storage } from '@process-engine/contracts/storage';
import { createStorage, dialectModule, type StorageConfig } from '@process-engine/repository';
import { type Options, Sequelize } from 'sequelize';

export type DatabaseKind = 'sqlite' | 'postgres' | 'mysql';

/** A database with an open storage. */
export interface TestDatabase {
  readonly storage: Storage;
  /** Removes all rows. */
  empty(): Promise<void>;
  drop(): Promise<void>;
}

interface Server {
  readonly url: URL;
  readonly create: (name: string) => string;
  readonly drop: (name: string) => string;
  readonly place: (url: URL, name: string) => StorageConfig;
  /** For a Sequelize that sees the tables of this name. */
  readonly reaching: (url: URL, name: string) => readonly [url: string, options: Options];
  /** Statements that remove all rows of the tables. */
  readonly empty: (tables: readonly string[]) => string;
  /** A query for the names of the tables. */
  readonly tables: string;
}

const SERVERS: Readonly<Record<Exclude<DatabaseKind, 'sqlite'>, Server>> = {
  postgres: {
    url: new URL(process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres'),
    create: (name) => `create schema ${name}`,
    drop: (name) => `drop schema if exists ${name} cascade`,
    place: (url, name) => ({ dialect: 'postgres', database: url.pathname.slice(1), schema: name }),
    reaching: (url, name) => [String(url), { dialectOptions: { options: `-c search_path=${name}` } }],
    empty: (tables) => tables.map((table) => `delete from ${table}`).join('; '),
    tables: 'select tablename as name from pg_tables where schemaname = current_schema()',
  },
  mysql: {
    url: new URL(
      (process.env['TEST_MARIADB_URL'] ?? 'mysql://root@127.0.0.1:3306/test').replace(/^mariadb:/, 'mysql:'),
    ),
    create: (name) => `create database ${name}`,
    drop: (name) => `drop database if exists ${name}`,
    place: (_, name) => ({ dialect: 'mysql', database: name }),
    reaching: (url, name) => [String(new URL(`/${name}`, url)), { dialectOptions: { multipleStatements: true } }],
    empty: (tables) => `begin; ${tables.map((table) => `delete from ${table}; `).join('')} commit`,
    tables: 'select table_name as name from information_schema.tables where table_schema = database()',
  },
};

/** Tables whose rows stay: what was migrated, and the marks of open connections. */
const KEPT = ['process_engine_migration', 'commit_log'];

/** @throws Error when the server cannot be reached. */
export async function createDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  return kind === 'sqlite' ? createInMemory() : createOnServer(SERVERS[kind]);
}

async function createInMemory(): Promise<TestDatabase> {
  const sequelize = new Sequelize({ dialect: 'sqlite', dialectModule, storage: ':memory:', logging: false });
  const storage = createStorage({ sequelize });
  await storage.open();
  const [found] = await sequelize.query(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
  );
  const tables = rowsToEmpty(found);
  return {
    storage,
    empty: async () => {
      for (const table of tables) await sequelize.query(`delete from ${table}`);
    },
    drop: async () => {
      await storage.close();
      await sequelize.close();
    },
  };
}

async function createOnServer({ url, create, drop, place, reaching, empty, tables }: Server): Promise<TestDatabase> {
  const name = `process_engine_core_${process.pid}_${randomBytes(4).toString('hex')}`;
  const admin = new Sequelize(String(url), { logging: false, pool: { max: 1, acquire: 10_000 } });
  await admin.query(create(name));
  const storage = createStorage({ ...addressOf(url), ...place(url, name) });
  await storage.open();
  const [address, options] = reaching(url, name);
  const sequelize = new Sequelize(address, { logging: false, pool: { max: 1 }, ...options });
  const emptying = empty(rowsToEmpty((await sequelize.query(tables))[0]));
  return {
    storage,
    empty: async () => void (await sequelize.query(emptying)),
    drop: async () => {
      await storage.close();
      await sequelize.close();
      await admin.query(drop(name));
      await admin.close();
    },
  };
}

function rowsToEmpty(found: readonly unknown[]): string[] {
  return (found as { readonly name: string }[]).map(({ name }) => name).filter((name) => !KEPT.includes(name));
}

function addressOf(url: URL): Pick<StorageConfig, 'host' | 'port' | 'username' | 'password'> {
  return {
    host: url.hostname,
    port: url.port === '' ? null : Number(url.port),
    username: url.username === '' ? null : decodeURIComponent(url.username),
    password: url.password === '' ? null : decodeURIComponent(url.password),
  };
}
