import type { SchemaBuilder } from './schema-builder.js';

export const name = '0003-audit-log';

/** Who did what: read by time, and cleared by time. */
export async function up(schema: SchemaBuilder): Promise<void> {
  await schema.table(
    'audit_log',
    {
      id: 'id',
      tenant_id: 'id',
      user_id: 'id',
      operation: 'id',
      target: 'json',
      outcome: 'id',
      code: 'count?',
      reason: 'id?',
      created_at: 'integer',
    },
    ['id'],
  );
  await schema.index('audit_log', ['tenant_id', 'created_at', 'id']);
  await schema.index('audit_log', ['created_at']);
}
