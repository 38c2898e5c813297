/** External tasks are claimed by priority: the index that gives them in their order has to know it. */
import type { SchemaBuilder } from './schema-builder.js';

export const name = '0007-task-priority';

export async function up(schema: SchemaBuilder): Promise<void> {
  await schema.index('external_task', ['tenant_id', 'topic', 'locked_until', 'priority desc', 'id'], {
    name: 'external_task_by_priority',
  });
  await schema.dropIndex('external_task', ['tenant_id', 'topic', 'locked_until', 'id']);
}
