import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Sequelize } from 'sequelize';

import { askTogether } from '../../dist/dialects/postgres/question-statements.js';
import { postgresDialect } from '../../dist/dialects/postgres/postgres-dialect.js';
import * as statements from '../../dist/dialects/postgres/statements.js';
import { PROCESS_INSTANCE, USER_TASK } from '../../dist/tables.js';
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

  it('use indexes on the connections of the storage, though the tables are empty when they are planned', async () => {
    const sequelize = new Sequelize(postgresDialect.sequelizeOptions(database.config));
    const plans: string[] = [];
    const explain = async (sql: string, values: readonly unknown[]): Promise<void> => {
      let last = 0;
      const numbered = sql.replaceAll('?', () => `$${(last += 1)}`);
      const [rows] = await sequelize.query(`explain ${numbered}`, { bind: [...values] });
      plans.push(JSON.stringify(rows));
    };
    try {
      const update = { table: PROCESS_INSTANCE, columns: ['state'], values: ['ended', 'p', 1], id: 'p' };
      const { sql, values } = statements.update(['id', 'version'], [update]);
      await explain(sql, values);
      const question = { table: USER_TASK.name, selected: 'id', equalColumns: ['process_instance_id'], values: ['p'] };
      const session = { rows: async (sql: string, values: readonly unknown[]) => (await explain(sql, values), []) };
      await askTogether({ ...session, run: () => Promise.resolve(0) }, [question, question]);
    } finally {
      await sequelize.close();
    }
    expect(plans[0]).to.match(/Index Scan using process_instance_pkey/);
    expect(plans[1]).to.match(/Index (Only )?Scan using user_task_pkey|Bitmap Index Scan on user_task_pkey/);
    for (const plan of plans) expect(plan).not.to.match(/Seq Scan|Hash Join|Merge Join/);
  });
});
