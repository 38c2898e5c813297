import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Sequelize } from 'sequelize';
import { createStorage, dialectModule } from '@process-engine/repository';

import { MIGRATIONS } from '../dist/migrations/migrate.js';
import * as tables from '../dist/tables.js';

describe('the schema', () => {
  it('has exactly the columns that the records fill', async () => {
    const sequelize = new Sequelize({ dialect: 'sqlite', dialectModule, storage: ':memory:', logging: false });
    const storage = createStorage({ sequelize });
    await storage.open();
    for (const { name, insertColumns } of Object.values(tables)) {
      const [rows] = await sequelize.query(`pragma table_info(${name})`);
      const columns = (rows as { name: string }[]).map((column) => column.name).filter((column) => column !== 'seq');
      expect([...columns].sort(), name).to.deep.equal([...insertColumns].sort());
    }
    await storage.close();
    await sequelize.close();
  });

  it('begins every key of rows of an instance with the instance', async () => {
    const sequelize = new Sequelize({ dialect: 'sqlite', dialectModule, storage: ':memory:', logging: false });
    const storage = createStorage({ sequelize });
    await storage.open();
    const partitions: Record<string, string> = {};
    for (const name of [
      'flow_node_instance',
      'variable',
      'external_task',
      'user_task',
      'subscription',
      'job',
      'incident',
    ]) {
      const [rows] = await sequelize.query(`pragma table_info(${name})`);
      partitions[name] = (rows as { name: string; pk: number }[]).find(({ pk }) => pk === 1)?.name ?? '';
    }
    expect(partitions).to.deep.equal({
      flow_node_instance: 'process_instance_id',
      variable: 'process_instance_id',
      external_task: 'process_instance_id',
      user_task: 'process_instance_id',
      subscription: 'partition_id',
      job: 'partition_id',
      incident: 'process_instance_id',
    });
    await storage.close();
    await sequelize.close();
  });

  it('can be made again where a migration was cut off', async () => {
    const sequelize = new Sequelize({ dialect: 'sqlite', dialectModule, storage: ':memory:', logging: false });
    const storage = createStorage({ sequelize });
    await storage.open();
    await storage.close();
    await sequelize.query('delete from process_engine_migration');
    await sequelize.query('drop table commit_log');
    await storage.open();
    const [rows] = await sequelize.query('select name from process_engine_migration');
    expect(rows).to.deep.equal(MIGRATIONS.map(({ name }) => ({ name })));
    const [log] = await sequelize.query('select count(*) as batches from commit_log');
    expect(log).to.deep.equal([{ batches: 0 }]);
    await storage.close();
    await sequelize.close();
  });
});
