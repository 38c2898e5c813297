import { expect } from 'chai';
import { describe, it } from 'mocha';
import { serverDatabase } from '../support/server-database.js';
import { subscriptionPlan } from '../support/subscription-plan.js';
import { postgresServer } from './postgres-server.js';

const FILL = `
  insert into subscription (id, tenant_id, kind, name, key_hash, process_instance_id, flow_node_instance_id, flow_node_id,
    flow_node_type, definition_id, process_model_id, lanes, created_at, partition_id)
  select 'id-' || n, '', 'message', 'paid', 'hash-' || n, 'p-' || n, 'f-' || n, 'C', 'bpmn:IntermediateCatchEvent', 'd', 'P',
    '[]', 0, 'p-' || n from generate_series(1, 100000) as n`;

describe('the statements of PostgreSQL', () => {
  const database = serverDatabase(postgresServer);

  it('find one of 100,000 subscriptions by an index of names and keys', async function () {
    this.timeout(60_000);
    const { sequelize } = database;
    await sequelize.query(FILL);
    await sequelize.query('analyze subscription');
    const plan = await subscriptionPlan(sequelize, 'explain');
    expect(plan).to.match(/Index Scan using subscription_tenant_id_name_key_hash_id/);
    expect(plan).not.to.match(/Seq Scan/);
  });
});
