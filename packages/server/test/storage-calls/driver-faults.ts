/**
 * Lets database drivers fail at a chosen statement. The faults are real ones as far as they can be: the server is made to
 * refuse the statement inside the transaction, or the connection's socket is destroyed. SQLite has neither; there the
 * call of the connection fails.
 */
import { createRequire } from 'node:module';
import { Sequelize } from 'sequelize';
import { createSandbox } from 'sinon';
import { dialectModule } from '@process-engine/repository';
import type { DatabaseKind } from '../support/databases.js';

/**
 * `refused`: the statement fails, and does nothing · `lost before`: the connection dies before the statement is sent ·
 * `lost after`: the statement is carried out, and the connection dies before its answer is there.
 */
export type Fault = 'refused' | 'lost before' | 'lost after';

export interface FaultPlan {
  readonly fault: Fault;
  /** Of the statements that match: 1 is the first. */
  readonly nth: number;
  readonly matches: (sql: string) => boolean;
}

type Method = (this: object, ...args: unknown[]) => unknown;
type Callback = (error: Error | null, result?: unknown) => void;
type Prototype = Record<string, Method>;

const load = createRequire(import.meta.url);

/** Watches every statement of this process's connections to databases of one kind. */
export class DriverFaults {
  /** Statements since the last {@link watch} or {@link plan}, in order. */
  statements: string[] = [];
  #plan: FaultPlan | undefined;
  #matching = 0;
  #isWatching = false;
  readonly #sandbox = createSandbox();

  private constructor() {}

  static async on(kind: DatabaseKind): Promise<DriverFaults> {
    const faults = new DriverFaults();
    if (kind.title === 'SQLite') faults.#watchSqlite(await sqliteConnections());
    else if (kind.title === 'PostgreSQL') faults.#watchPostgres();
    else faults.#watchMysql();
    return faults;
  }

  /** Notes statements, without faults. */
  watch(): void {
    this.#begin(undefined);
  }

  /** From now on; the fault happens once. */
  plan(plan: FaultPlan): void {
    this.#begin(plan);
  }

  /** Lets everything pass unseen; answers whether the planned fault has happened. */
  pass(): boolean {
    this.#isWatching = false;
    return this.#plan === undefined;
  }

  restore(): void {
    this.#sandbox.restore();
  }

  #begin(plan: FaultPlan | undefined): void {
    this.#plan = plan;
    this.#matching = 0;
    this.statements = [];
    this.#isWatching = true;
  }

  #next(sql: string): Fault | undefined {
    if (!this.#isWatching) return undefined;
    this.statements.push(sql);
    const plan = this.#plan;
    if (plan?.matches(sql) !== true) return undefined;
    this.#matching += 1;
    if (this.#matching !== plan.nth) return undefined;
    this.#plan = undefined;
    return plan.fault;
  }

  #watchSqlite(prototype: Prototype): void {
    const next = (sql: string): Fault | undefined => this.#next(sql);
    for (const name of ['run', 'control', 'rows', 'objects', 'runForId']) {
      const original = prototype[name]!;
      this.#sandbox.replace(prototype, name, function (this: object, ...args: unknown[]): unknown {
        const fault = next(String(args[0]));
        const result = fault === 'refused' || fault === 'lost before' ? undefined : original.apply(this, args);
        if (fault === undefined) return result;
        throw Object.assign(new Error('disk I/O error (injected)'), { errcode: 10 });
      });
    }
  }

  #watchPostgres(): void {
    const { Client } = load('pg') as { Client: { prototype: Prototype } };
    const refused = "do $$ begin raise exception 'injected' using errcode = '53200'; end $$";
    this.#watchServer(Client.prototype, ['query'], {
      refuse: (query, client, done) => query.call(client, refused, done),
      cut: (client) => (client as { connection: { stream: Socket } }).connection.stream.destroy(),
    });
  }

  #watchMysql(): void {
    const { Connection } = load('mysql2') as { Connection: { prototype: object } };
    const prototype = Object.getPrototypeOf(Connection.prototype) as Prototype;
    const query = prototype['query']!;
    const refused = "signal sqlstate 'HY001' set mysql_errno = 1037, message_text = 'injected'";
    this.#watchServer(prototype, ['query', 'execute'], {
      refuse: (_, connection, done) => query.call(connection, { sql: refused }, done),
      cut: (connection) => (connection as { stream: Socket }).stream.destroy(),
    });
  }

  #watchServer(prototype: Prototype, names: readonly string[], driver: ServerDriver): void {
    for (const name of names) {
      const original = prototype[name]!;
      const next = (sql: string): Fault | undefined => this.#next(sql);
      this.#sandbox.replace(prototype, name, function (this: object, ...args: unknown[]): unknown {
        const fault = next(sqlOf(args[0]));
        if (fault === undefined) return original.apply(this, args);
        const done = args.at(-1);
        const call = (callback: Callback): unknown =>
          faulty(fault, { original, connection: this, args }, driver, callback);
        if (typeof done === 'function') return call(done as Callback);
        return new Promise((resolve, reject) => {
          call((error, result) => (error === null ? resolve(result) : reject(error)));
        });
      });
    }
  }
}

interface Socket {
  destroy(): void;
}

interface ServerDriver {
  /** Runs a statement in the place of another that the server refuses. */
  readonly refuse: (original: Method, connection: object, done: Callback) => unknown;
  readonly cut: (connection: object) => void;
}

interface Call {
  readonly original: Method;
  readonly connection: object;
  readonly args: readonly unknown[];
}

function faulty(fault: Fault, { original, connection, args }: Call, driver: ServerDriver, done: Callback): unknown {
  if (fault === 'refused') return driver.refuse(original, connection, done);
  const withCallback = (callback: Callback): unknown =>
    original.call(connection, ...args.slice(0, typeof args.at(-1) === 'function' ? -1 : undefined), callback);
  if (fault === 'lost before') {
    driver.cut(connection);
    return withCallback(done);
  }
  return withCallback((error) => {
    driver.cut(connection);
    done(error ?? new Error('the connection was cut (injected)'));
  });
}

function sqlOf(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  const { text, sql } = statement as { text?: string; sql?: string };
  return text ?? sql ?? '';
}

/** What all connections to SQLite files have in common: the drivers' own objects cannot be changed. */
async function sqliteConnections(): Promise<Prototype> {
  const sequelize = new Sequelize({ dialect: 'sqlite', dialectModule, storage: ':memory:', logging: false });
  try {
    const connection = await sequelize.connectionManager.getConnection({ type: 'write' });
    return Object.getPrototypeOf((connection as { file: { writer: object } }).file.writer) as Prototype;
  } finally {
    await sequelize.close();
  }
}
