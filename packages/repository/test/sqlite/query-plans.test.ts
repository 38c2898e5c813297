import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Sequelize } from 'sequelize';
import { createStorage, dialectModule } from '@process-engine/repository';
import { subscriptionPlan } from '../support/subscription-plan.js';

describe('the statements of SQLite', () => {
  it('find a subscription among all by an index of names and keys', async () => {
    const sequelize = new Sequelize({ dialect: 'sqlite', dialectModule, storage: ':memory:', logging: false });
    const storage = createStorage({ sequelize });
    await storage.open();
    const plan = await subscriptionPlan(sequelize, 'explain query plan');
    expect(plan).to.match(
      /USING INDEX subscription_tenant_id_name_key_hash_id \(tenant_id=\? AND name=\? AND key_hash=\?\)/,
    );
    expect(plan).not.to.match(/SCAN|TEMP B-TREE/);
    await storage.close();
    await sequelize.close();
  });
});
