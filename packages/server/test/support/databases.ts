/** The kinds of databases that suites run on. A server that cannot be reached is skipped; with CI=true it is a failure. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { before, describe } from 'mocha';
import { Sequelize } from 'sequelize';
import type { StorageConfig } from '@process-engine/repository';
import { TemporaryFolder } from './temporary-folder.js';

/** A database of one test's own: empty, without tables. */
export interface TestDatabase {
  readonly config: StorageConfig;
  /** Also after a failure; everybody's connections must be closed, or their processes ended. */
  drop(): Promise<void>;
}

export interface DatabaseKind {
  readonly title: 'SQLite' | 'PostgreSQL' | 'MariaDB';
  /** Several processes may use a database at the same time. */
  readonly isShared: boolean;
  create(): Promise<TestDatabase>;
  /** Undefined: it is there; else why it is not. */
  unreachable(): Promise<Error | undefined>;
}

/** A database server, and how one gets along with it. */
export interface DatabaseServer extends DatabaseKind {
  readonly url: URL;
  /** Runs a statement as the user of {@link url}, outside every test's database. */
  administer(sql: string): Promise<unknown[]>;
  /** The configuration of the database of that name, at another address where one is given. */
  configFor(name: string, address?: { readonly port: number }): StorageConfig;
}

export const SQLITE: DatabaseKind = {
  title: 'SQLite',
  isShared: false,
  create() {
    const folder = new TemporaryFolder();
    const config: StorageConfig = { dialect: 'sqlite', storage: path.join(folder.path, 'engine.sqlite') };
    return Promise.resolve({ config, drop: () => Promise.resolve(folder.remove()) });
  },
  unreachable: () => Promise.resolve(undefined),
};

export const POSTGRES = databaseServer({
  title: 'PostgreSQL',
  url: new URL(process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres'),
  // The storage makes the schema itself.
  create: () => 'select 1',
  drop: (name) => `drop schema if exists ${name} cascade`,
  place: (url, name) => ({ dialect: 'postgres', database: url.pathname.slice(1), schema: name }),
});

export const MARIADB = databaseServer({
  title: 'MariaDB',
  url: new URL(process.env['TEST_MARIADB_URL'] ?? 'mysql://root@127.0.0.1:3306/test'),
  create: (name) => `create database ${name}`,
  drop: (name) => `drop database if exists ${name}`,
  place: (_, name) => ({ dialect: 'mariadb', database: name }),
});

/** The kinds whose databases several engines share. */
export const SERVERS: readonly DatabaseServer[] = [POSTGRES, MARIADB];

export const DATABASES: readonly DatabaseKind[] = [SQLITE, ...SERVERS];

/** One suite for each kind; its title ends with the kind's. */
export function describeOnEach<K extends DatabaseKind>(
  kinds: readonly K[],
  title: string,
  suite: (this: Mocha.Suite, kind: K) => void,
): void {
  for (const kind of kinds) {
    describe(`${title} on ${kind.title}`, function () {
      before(async function () {
        this.timeout(20_000);
        const reason = await kind.unreachable();
        if (reason === undefined) return;
        if (process.env['CI'] === 'true') throw reason;
        process.stdout.write(`      skipped: no ${kind.title} (${reason.message})\n`);
        this.skip();
      });
      suite.call(this, kind);
    });
  }
}

interface ServerKind {
  readonly title: DatabaseKind['title'];
  readonly url: URL;
  readonly create: (name: string) => string;
  readonly drop: (name: string) => string;
  readonly place: (url: URL, name: string) => StorageConfig;
}

function databaseServer({ title, url, create, drop, place }: ServerKind): DatabaseServer {
  const administer = async (sql: string): Promise<unknown[]> => {
    const admin = new Sequelize(String(url).replace(/^mariadb:/, 'mysql:'), {
      logging: false,
      pool: { max: 1, acquire: 10_000 },
    });
    try {
      return (await admin.query(sql))[0];
    } finally {
      await admin.close();
    }
  };
  const configFor = (name: string, address?: { readonly port: number }): StorageConfig => ({
    ...addressOf(url),
    ...place(url, name),
    ...address,
  });
  return {
    title,
    url,
    isShared: true,
    administer,
    configFor,
    async create() {
      const name = `process_engine_faults_${process.pid}_${randomBytes(4).toString('hex')}`;
      await administer(create(name));
      return { config: configFor(name), drop: async () => void (await administer(drop(name))) };
    },
    unreachable: async () => {
      try {
        await administer('select 1');
        return undefined;
      } catch (error) {
        return error instanceof Error ? error : new Error(String(error));
      }
    },
  };
}

function addressOf(url: URL): Pick<StorageConfig, 'host' | 'port' | 'username' | 'password'> {
  return {
    host: url.hostname,
    port: url.port === '' ? null : Number(url.port),
    username: url.username === '' ? null : decodeURIComponent(url.username),
    password: url.password === '' ? null : decodeURIComponent(url.password),
  };
}
