/**
 * Where tests keep what they store: in memory or, as the variable ENGINE_STORAGE says, in a database (`sqlite`, `postgres`
 * or `mysql`). Tests behave the same on each. Where a server cannot be reached the run is skipped, with CI=true it fails.
 */
import { StorageUnavailableError, type Storage } from '@process-engine/contracts/storage';
import { MemoryStorage } from '../../dist/storage/memory-storage.js';
import { createDatabase, type DatabaseKind, type TestDatabase } from './test-databases.js';

const kind = storageKind();

/** Without rows and in nobody's use. */
const free: TestDatabase[] = [];
const used = new Set<TestDatabase>();
let callsUnderWay = 0;

/** A storage without rows, not opened. What it holds is gone after the test. */
export function testStorage(): Storage {
  return kind === 'memory' ? new MemoryStorage() : lentStorage(kind);
}

/** Whether something is asked of a database and not answered. */
export function isStorageBusy(): boolean {
  return callsUnderWay > 0;
}

/** After a test, when its engines have stopped. */
export async function takeStoragesBack(): Promise<void> {
  for (const database of used) {
    used.delete(database);
    await database.empty();
    free.push(database);
  }
}

/**
 * A database is taken when the storage is opened, and kept until the end of the test: an engine that starts again finds
 * what was stored. For one engine it is not shared, as in memory, so that it need not look out for others.
 */
function lentStorage(database: DatabaseKind): Storage {
  let lent: Promise<TestDatabase> | undefined;
  const open = async (): Promise<void> => void (await (lent ??= take(database)));
  const call = async (name: string, args: readonly unknown[]): Promise<unknown> => {
    if (lent === undefined) throw new StorageUnavailableError('the storage is not open');
    callsUnderWay += 1;
    try {
      const { storage } = await lent;
      const method = Reflect.get(storage, name) as (...all: readonly unknown[]) => Promise<unknown>;
      return await method.apply(storage, [...args]);
    } finally {
      callsUnderWay -= 1;
    }
  };
  // Time is the test's, and nobody else is there to be woken.
  const all = [...Object.keys(new MemoryStorage()), ...Object.getOwnPropertyNames(MemoryStorage.prototype)];
  const names = all.filter((name) => !LEFT_OUT.has(name));
  const methods = names.map((name) => [name, (...args: readonly unknown[]) => call(name, args)] as const);
  // As in a class: a test may put something in a method's place, and take it away again.
  const inherited = Object.fromEntries(methods) as unknown as Storage;
  // What was stored can be looked at after the engine has stopped.
  const close = (): Promise<void> => Promise.resolve();
  return Object.assign(Object.create(inherited) as Storage, { shared: false, open, close });
}

const LEFT_OUT = new Set(['constructor', 'now', 'onWakeUp', 'within']);

async function take(database: DatabaseKind): Promise<TestDatabase> {
  const taken = free.pop() ?? (await createDatabase(database));
  used.add(taken);
  return taken;
}

function storageKind(): 'memory' | DatabaseKind {
  const name = process.env['ENGINE_STORAGE'] ?? 'memory';
  if (name === 'memory' || name === 'sqlite' || name === 'postgres' || name === 'mysql') return name;
  throw new Error(`ENGINE_STORAGE is '${name}', expected is memory, sqlite, postgres or mysql`);
}

before(async function () {
  if (kind === 'memory') return;
  this.timeout(20_000);
  try {
    free.push(await createDatabase(kind));
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    process.stdout.write(`  skipped: no ${kind} (${error instanceof Error ? error.message : String(error)})\n`);
    this.skip();
  }
});

after(async function () {
  this.timeout(20_000);
  await takeStoragesBack();
  for (const database of free) await database.drop();
});
