import type { SchemaBuilder } from './schema-builder.js';

export const name = '0002-user-tasks';

/** People look for their own tasks among all that wait. */
export async function up(schema: SchemaBuilder): Promise<void> {
  await schema.column('user_task', 'assigned_at', 'integer?');
  await schema.index('user_task', ['tenant_id', 'assignee', 'id']);
}
