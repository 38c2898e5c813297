import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { createStorage } from '@process-engine/repository';

import { startOf } from '../support/change-sets.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('opening a SQLite storage', () => {
  const folder = temporaryFolder();

  it('creates the file and its folders', async () => {
    const file = join(folder, 'a', 'b', 'engine.sqlite');
    const storage = createStorage({ dialect: 'sqlite', storage: file });
    await storage.open();
    await storage.close();
    expect(existsSync(file)).to.equal(true);
  });

  it('finds the rows of the last time, and migrates nothing twice', async () => {
    const logged: string[] = [];
    const file = join(folder, 'again.sqlite');
    const storage = createStorage({ dialect: 'sqlite', storage: file, logging: (sql) => logged.push(sql) });
    await storage.open();
    await storage.commit(startOf('instance-1'));
    await storage.close();
    logged.length = 0;
    await storage.open();
    expect((await storage.loadInstance('instance-1'))?.userTasks).to.have.length(1);
    await storage.close();
    expect(logged.filter((sql) => sql.includes('create table if not exists process_instance'))).to.deep.equal([]);
  });

  it('gives a second storage of this process the same database', async () => {
    const file = join(folder, 'shared.sqlite');
    const [first, second] = [file, file].map((path) => createStorage({ dialect: 'sqlite', storage: path }));
    await Promise.all([first?.open(), second?.open()]);
    await first?.commit(startOf('instance-1'));
    await first?.close();
    expect(await second?.loadInstance('instance-1')).to.not.equal(undefined);
    await second?.close();
  });

  it('knows a file by whatever link leads to it', async () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    const storages = ['real', 'link'].map((name) =>
      createStorage({ dialect: 'sqlite', storage: join(folder, name, 'engine.sqlite') }),
    );
    for (const storage of storages) await storage.open();
    await storages[0]?.commit(startOf('instance-1'));
    expect(await storages[1]?.loadInstance('instance-1')).to.not.equal(undefined);
    for (const storage of storages) await storage.close();
  });

  it('gives every storage in memory a database of its own', async () => {
    const [first, second] = [1, 2].map(() => createStorage({ dialect: 'sqlite', storage: ':memory:' }));
    await Promise.all([first?.open(), second?.open()]);
    await first?.commit(startOf('instance-1'));
    expect(await second?.loadInstance('instance-1')).to.equal(undefined);
    await Promise.all([first?.close(), second?.close()]);
  });

  it('is refused for a file that is no database', async () => {
    const file = join(folder, 'text.sqlite');
    writeFileSync(file, 'this is no database, but a text that is long enough to be taken for one'.repeat(20));
    const storage = createStorage({ dialect: 'sqlite', storage: file });
    const [outcome] = await Promise.allSettled([storage.open()]);
    expect(outcome)
      .to.have.nested.property('reason.message')
      .that.matches(/text\.sqlite' cannot be opened: .*not a database/);
  });

  it('is refused for a folder that cannot be written to', async function () {
    // The superuser may write anywhere.
    if (process.getuid?.() === 0) this.skip();
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    const storage = createStorage({ dialect: 'sqlite', storage: join(locked, 'engine.sqlite') });
    const [outcome] = await Promise.allSettled([storage.open()]);
    expect(outcome)
      .to.have.nested.property('reason.message')
      .that.matches(/cannot be opened/);
  });

  it('can be repeated and undone any number of times', async () => {
    const storage = createStorage({ dialect: 'sqlite', storage: join(folder, 'twice.sqlite') });
    await Promise.all([storage.open(), storage.open()]);
    await storage.open();
    await Promise.all([storage.close(), storage.close()]);
    await storage.close();
    const opening = storage.open();
    await storage.close();
    await opening;
    const [outcome] = await Promise.allSettled([storage.commit(startOf('instance-1'))]);
    expect(outcome).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
  });

  it('tells whether other processes may write to it', async () => {
    const storage = createStorage({ dialect: 'sqlite', storage: ':memory:' });
    expect(storage.shared).to.equal(true);
    await storage.open();
    expect(storage.shared).to.equal(false);
    await storage.close();
  });
});
