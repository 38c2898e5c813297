import { join } from 'node:path';

import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { DataTypes, Sequelize, UniqueConstraintError } from 'sequelize';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { createStorage, dialectModule, type SequelizeStorage } from '@process-engine/repository';

import { endOf, startOf } from '../support/change-sets.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe("an application's Sequelize on the engine's SQLite file", () => {
  const folder = temporaryFolder();
  let sequelize: Sequelize;
  let storage: SequelizeStorage;
  let files = 0;

  beforeEach(async () => {
    files += 1;
    const file = join(folder, `${files}.sqlite`);
    sequelize = new Sequelize({ dialect: 'sqlite', dialectModule, storage: file, logging: false });
    storage = createStorage({ sequelize });
    await storage.open();
    await sequelize.query('create table invoice (id integer primary key, number text unique, paid boolean, scan blob)');
  });

  afterEach(async () => {
    await storage.close();
    await sequelize.close();
  });

  it('is still open when the storage has closed', async () => {
    await storage.close();
    await sequelize.query("insert into invoice (number) values ('1')");
    const [rows] = await sequelize.query('select number from invoice');
    expect(rows).to.deep.equal([{ number: '1' }]);
  });

  it('commits and rolls back beside the commits of the engine', async () => {
    const ids = Array.from({ length: 20 }, (_, at) => `instance-${at}`);
    const outcomes = await Promise.allSettled([
      ...ids.map((id) => storage.commit(startOf(id))),
      ...ids.map((id, at) =>
        sequelize.transaction(async (transaction) => {
          await sequelize.query('insert into invoice (number) values (?)', { replacements: [id], transaction });
          if (at % 2 === 0) throw new Error('rolled back');
        }),
      ),
      ...ids.map((id) => storage.commit(startOf(`more-${id}`))),
    ]);
    expect(outcomes.filter(({ status }) => status === 'rejected')).to.have.length(10);
    const [rows] = await sequelize.query('select count(*) as invoices from invoice');
    expect(rows).to.deep.equal([{ invoices: 10 }]);
    expect((await storage.findProcessInstances({ tenantId: '' })).totalCount).to.equal(40);
  });

  it('keeps uncommitted rows from being read', async () => {
    await storage.commit(startOf('instance-1'));
    const transaction = await sequelize.transaction();
    await sequelize.query('delete from user_task', { transaction });
    const [inside] = await sequelize.query('select id from user_task', { transaction });
    expect(inside).to.deep.equal([]);
    expect((await storage.findUserTasks({ tenantId: '' })).totalCount).to.equal(1);
    expect((await storage.loadInstance('instance-1'))?.userTasks).to.have.length(1);
    expect((await sequelize.query('select id from user_task'))[0]).to.have.length(1);
    const waiting = storage.commit(endOf('instance-1'));
    await transaction.rollback();
    await waiting;
    expect((await storage.findUserTasks({ tenantId: '' })).totalCount).to.equal(0);
  });

  it('frees the writer when a transaction is abandoned with its connection', async () => {
    await sequelize.transaction();
    await sequelize.close();
    await storage.commit(startOf('instance-1'));
    expect(await storage.loadInstance('instance-1')).to.not.equal(undefined);
  });

  it('works with models: keys, unique errors, flags, dates and binary data', async () => {
    const Invoice = sequelize.define(
      'invoice',
      { number: DataTypes.STRING, paid: DataTypes.BOOLEAN, scan: DataTypes.BLOB },
      { tableName: 'invoice', timestamps: false },
    );
    const created = await Invoice.create({ number: '1', paid: true, scan: Buffer.from([1, 2]) });
    expect(created.get('id')).to.equal(1);
    const found = await Invoice.findByPk(1);
    expect(found?.get('paid')).to.equal(true);
    expect(found?.get('scan')).to.deep.equal(Buffer.from([1, 2]));
    const [outcome] = await Promise.allSettled([Invoice.create({ number: '1' })]);
    expect(outcome).to.have.property('reason').that.is.instanceOf(UniqueConstraintError);
    expect(await Invoice.update({ paid: false }, { where: { number: '1' } })).to.deep.equal([1]);
    expect(await Invoice.destroy({ where: {} })).to.equal(1);
  });

  it('tells why the database takes no more, and nothing of the commit is kept', async () => {
    const [[size]] = (await sequelize.query('pragma page_count')) as unknown as [[{ page_count: number }]];
    await sequelize.query(`pragma max_page_count = ${size.page_count + 2}`);
    const large = { ...startOf('instance-1'), variables: { upsert: [variable('x'.repeat(100_000))] } };
    const outcomes = await Promise.allSettled([storage.commit(startOf('instance-0')), storage.commit(large)]);
    expect(outcomes[1]).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
    expect(outcomes[1])
      .to.have.nested.property('reason.message')
      .that.matches(/database or disk is full/);
    expect(await storage.loadInstance('instance-1')).to.equal(undefined);
    await sequelize.query('pragma max_page_count = 1000000');
    await storage.commit(large);
    expect((await storage.loadInstance('instance-1'))?.userTasks).to.have.length(1);
  });

  it('is refused with a driver of its own', () => {
    const other = { ...dialectModule };
    const foreign = new Sequelize({ dialect: 'sqlite', dialectModule: other, storage: ':memory:', logging: false });
    expect(() => createStorage({ sequelize: foreign })).to.throw(/dialectModule/);
  });
});

function variable(value: string): { processInstanceId: string; scopeId: string; name: string; value: string } {
  return { processInstanceId: 'instance-1', scopeId: 'instance-1', name: 'large', value };
}
