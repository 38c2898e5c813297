import { expect } from 'chai';
import { describe, it } from 'mocha';
import { StorageUnavailableError } from '@process-engine/contracts/storage';

import { FifoLock } from '../../dist/dialects/sqlite/fifo-lock.js';
import { loadDriver } from '../../dist/dialects/sqlite/load-driver.js';

describe('the SQLite driver', () => {
  const driver = { DatabaseSync: class {} };

  it('is the optional package where it is installed', () => {
    const asked: string[] = [];
    const loaded = loadDriver((name) => {
      asked.push(name);
      return driver;
    }, '24.0.0');
    expect(loaded).to.equal(driver);
    expect(asked).to.deep.equal(['@photostructure/sqlite']);
  });

  it('comes with Node.js 24 otherwise', () => {
    const load = (name: string): unknown => {
      if (name !== 'node:sqlite') throw new Error(`no ${name}`);
      return driver;
    };
    expect(loadDriver(load, '24.1.0')).to.equal(driver);
    expect(() => loadDriver(load, '22.12.0')).to.throw(
      /install the package @photostructure\/sqlite, or run Node\.js 24/,
    );
  });

  it('is missed with a text that names both ways', () => {
    const load = (): unknown => {
      throw new Error('not found');
    };
    expect(() => loadDriver(load, '24.0.0')).to.throw(/@photostructure\/sqlite.*node:sqlite/);
  });
});

describe('the turns at the writer', () => {
  it('go round in the order in which they were asked for', async () => {
    const lock = new FifoLock('the file', 1000);
    const order: number[] = [];
    await lock.acquire();
    const turns = [1, 2, 3].map(async (turn) => {
      await lock.acquire();
      order.push(turn);
      lock.release();
    });
    expect(lock.tryAcquire()).to.equal(false);
    lock.release();
    await Promise.all(turns);
    expect(order).to.deep.equal([1, 2, 3]);
    expect(lock.isHeld).to.equal(false);
  });

  it('are given up with a reason when the one before takes too long', async () => {
    const lock = new FifoLock('the file', 1);
    await lock.acquire();
    const [outcome] = await Promise.allSettled([lock.acquire()]);
    expect(outcome).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
    expect(outcome)
      .to.have.nested.property('reason.message')
      .that.matches(/waits for itself/);
    lock.release();
    expect(lock.tryAcquire()).to.equal(true);
  });
});
