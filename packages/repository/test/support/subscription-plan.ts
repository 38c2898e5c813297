import { Sequelize, QueryTypes } from 'sequelize';
import { OpenRowQueries } from '../../dist/queries/open-row-queries.js';

/** The statement by which a message of a name and with keys finds who waits for it, and what the database makes of it. */
export async function subscriptionPlan(sequelize: Sequelize, explain: string): Promise<string> {
  const statements: { sql: string; values: readonly unknown[] }[] = [];
  const queries = new OpenRowQueries((sql, values) => {
    statements.push({ sql, values });
    return Promise.resolve([]);
  });
  const filter = { tenantId: '', kinds: ['message'] as const, name: 'paid', keyHashes: ['hash-77777'], start: false };
  await queries.subscriptions(filter, { limit: 20, uncounted: true });
  const [{ sql, values } = { sql: '', values: [] }] = statements;
  const rows = await sequelize.query(`${explain} ${sql}`, {
    replacements: [...values],
    type: QueryTypes.SELECT,
  });
  return JSON.stringify(rows);
}
