import type { SchemaBuilder } from './schema-builder.js';

export const name = '0004-failed-jobs';

/** Why a job failed the last time, and when; and the events that belong to no instance, by their age. */
export async function up(schema: SchemaBuilder): Promise<void> {
  await schema.column('job', 'error', 'json?');
  await schema.column('job', 'failed_at', 'integer?');
  await schema.index('event_log', ['created_at'], { where: 'process_instance_id is null' });
}
