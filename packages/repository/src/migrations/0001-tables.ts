/**
 * All tables. Keys begin with the process instance id, or with `partition_id`: the process instance id, or the id of the
 * definition that a start subscription or start timer belongs to. Every index costs each commit a page: those here serve
 * a claim, a lookup or a list; the rest is filtered. Few tenants share a database, so their id leads no index of rows
 * that stay: SQLite, which keeps no statistics, would take such an index for the best one.
 */
import type { SchemaBuilder } from './schema-builder.js';

export const name = '0001-tables';

export async function up(schema: SchemaBuilder): Promise<void> {
  await createDefinitions(schema);
  await createProcessInstances(schema);
  await createFlowNodeInstances(schema);
  await createExternalTasks(schema);
  await createUserTasks(schema);
  await createSubscriptions(schema);
  await createJobs(schema);
  await createMessages(schema);
  await createIncidents(schema);
  await createEventLog(schema);
  await createStartRecords(schema);
  await createCommitLog(schema);
}

async function createDefinitions(schema: SchemaBuilder): Promise<void> {
  await schema.table(
    'definition',
    {
      id: 'id',
      tenant_id: 'id',
      definition_key: 'id',
      version: 'count',
      hash: 'id',
      deployment_id: 'id',
      deployment_name: 'text?',
      file_name: 'text',
      name: 'text?',
      version_tag: 'id?',
      executable: 'flag',
      xml: 'text',
      created_at: 'integer',
      deleted_at: 'integer?',
    },
    ['id'],
  );
  await schema.index('definition', ['tenant_id', 'definition_key', 'version'], { unique: true });
}

async function createProcessInstances(schema: SchemaBuilder): Promise<void> {
  await schema.table(
    'process_instance',
    {
      id: 'id',
      tenant_id: 'id',
      definition_id: 'id',
      process_model_id: 'id',
      correlation_id: 'id',
      business_key: 'id?',
      parent_instance_id: 'id?',
      parent_flow_node_instance_id: 'id?',
      call_depth: 'count',
      owner_id: 'id',
      start_event_id: 'id?',
      state: 'id',
      version: 'count',
      completed_count: 'count',
      started_at: 'integer',
      ended_at: 'integer?',
      error: 'json?',
      payload: 'json?',
      local: 'json?',
    },
    ['id'],
  );
  await schema.index('process_instance', ['correlation_id']);
  await schema.index('process_instance', ['process_model_id', 'id']);
  // Running instances (null), and ended ones in the order in which they are removed.
  await schema.index('process_instance', ['ended_at', 'tenant_id', 'id']);
  await schema.index('process_instance', ['parent_instance_id'], { where: 'parent_instance_id is not null' });
  await schema.index('process_instance', ['business_key'], { where: 'business_key is not null' });
}

async function createFlowNodeInstances(schema: SchemaBuilder): Promise<void> {
  await schema.table(
    'flow_node_instance',
    {
      process_instance_id: 'id',
      id: 'id',
      flow_node_id: 'id',
      flow_node_type: 'id',
      scope_id: 'id',
      previous_id: 'text?',
      state: 'id',
      payload_from: 'id?',
      payload: 'json?',
      result: 'json?',
      trail: 'json',
      local: 'json?',
      external: 'flag',
      entered_at: 'integer',
      left_at: 'integer?',
      error: 'json?',
      completed_seq: 'count?',
    },
    ['process_instance_id', 'id'],
  );
  await schema.index('flow_node_instance', ['process_instance_id', 'left_at'], {
    name: 'flow_node_instance_live',
    where: 'left_at is null',
  });
  await schema.index('flow_node_instance', ['id'], { where: 'external = 1' });

  await schema.table('variable', { process_instance_id: 'id', scope_id: 'id', name: 'id', value: 'json' }, [
    'process_instance_id',
    'scope_id',
    'name',
  ]);
}

async function createExternalTasks(schema: SchemaBuilder): Promise<void> {
  await schema.table(
    'external_task',
    {
      id: 'id',
      process_instance_id: 'id',
      tenant_id: 'id',
      topic: 'id',
      correlation_id: 'id',
      process_model_id: 'id',
      flow_node_id: 'id',
      owner_id: 'id',
      payload: 'json?',
      worker_id: 'id?',
      locked_until: 'integer',
      retries: 'count?',
      priority: 'count',
      created_at: 'integer',
    },
    ['process_instance_id', 'id'],
  );
  await schema.index('external_task', ['id']);
  await schema.index('external_task', ['tenant_id', 'topic', 'locked_until', 'id']);
}

async function createUserTasks(schema: SchemaBuilder): Promise<void> {
  await schema.table(
    'user_task',
    {
      id: 'id',
      process_instance_id: 'id',
      tenant_id: 'id',
      kind: 'id',
      correlation_id: 'id',
      process_model_id: 'id',
      definition_id: 'id',
      flow_node_id: 'id',
      name: 'text?',
      lanes: 'text',
      owner_id: 'id',
      payload: 'json?',
      config: 'json?',
      assignee: 'id?',
      candidate_users: 'json',
      candidate_groups: 'json',
      due_at: 'integer?',
      follow_up_at: 'integer?',
      priority: 'count',
      created_at: 'integer',
    },
    ['process_instance_id', 'id'],
  );
  await schema.index('user_task', ['tenant_id', 'id']);
}

async function createSubscriptions(schema: SchemaBuilder): Promise<void> {
  await schema.table(
    'subscription',
    {
      id: 'id',
      tenant_id: 'id',
      kind: 'id',
      name: 'id',
      key_hash: 'id',
      process_instance_id: 'id?',
      flow_node_instance_id: 'id?',
      flow_node_id: 'id',
      flow_node_type: 'id',
      definition_id: 'id',
      process_model_id: 'id',
      correlation_id: 'id?',
      business_key: 'id?',
      lanes: 'text',
      created_at: 'integer',
      partition_id: 'id',
    },
    ['partition_id', 'id'],
  );
  await schema.index('subscription', ['tenant_id', 'name', 'key_hash', 'id'], {
    prefixes: { name: 128, key_hash: 64 },
  });
}

async function createJobs(schema: SchemaBuilder): Promise<void> {
  await schema.table(
    'job',
    {
      id: 'id',
      tenant_id: 'id',
      kind: 'id',
      process_instance_id: 'id?',
      definition_id: 'id?',
      flow_node_instance_id: 'id?',
      flow_node_id: 'id?',
      due_at: 'integer',
      owner: 'id?',
      locked_until: 'integer',
      attempts: 'count',
      payload: 'json?',
      created_at: 'integer',
      partition_id: 'id',
    },
    ['partition_id', 'id'],
  );
  await schema.index('job', ['locked_until', 'due_at', 'id']);
}

async function createMessages(schema: SchemaBuilder): Promise<void> {
  await schema.table(
    'message',
    {
      id: 'id',
      tenant_id: 'id',
      name: 'id',
      key_hash: 'id',
      correlation_keys: 'json?',
      business_key: 'id?',
      process_instance_id: 'id?',
      message_id: 'id?',
      payload: 'json?',
      expires_at: 'integer',
      created_at: 'integer',
    },
    ['tenant_id', 'id'],
  );
  await schema.index('message', ['name', 'id']);
  await schema.index('message', ['message_id'], { where: 'message_id is not null' });
  await schema.index('message', ['expires_at']);
}

async function createIncidents(schema: SchemaBuilder): Promise<void> {
  await schema.table(
    'incident',
    {
      id: 'id',
      process_instance_id: 'id',
      tenant_id: 'id',
      process_model_id: 'id',
      correlation_id: 'id',
      flow_node_instance_id: 'id',
      flow_node_id: 'id',
      error: 'json',
      created_at: 'integer',
    },
    ['process_instance_id', 'id'],
  );
  await schema.index('incident', ['tenant_id', 'id']);
}

async function createEventLog(schema: SchemaBuilder): Promise<void> {
  await schema.log('event_log', { process_instance_id: 'id?', kind: 'id', payload: 'json', created_at: 'integer' });
  await schema.index('event_log', ['process_instance_id'], { where: 'process_instance_id is not null' });
}

async function createStartRecords(schema: SchemaBuilder): Promise<void> {
  await schema.table(
    'idempotency',
    { tenant_id: 'id', process_model_id: 'id', start_key: 'id', process_instance_id: 'id', created_at: 'integer' },
    ['tenant_id', 'process_model_id', 'start_key'],
  );
  await schema.index('idempotency', ['created_at']);

  await schema.table(
    'cron_run',
    {
      definition_id: 'id',
      process_model_id: 'id',
      start_event_id: 'id',
      due_at: 'integer',
      schedule: 'id',
      executed_at: 'integer',
      process_instance_id: 'id',
    },
    ['definition_id', 'start_event_id', 'due_at'],
  );
  await schema.index('cron_run', ['process_instance_id']);
  await schema.index('cron_run', ['executed_at', 'due_at']);
}

async function createCommitLog(schema: SchemaBuilder): Promise<void> {
  // MariaDB and MySQL: a row per connection with the mark of its last commit tells how a commit ended whose answer was lost.
  await schema.table('commit_log', { id: 'id', created_at: 'integer' }, ['id']);
  await schema.index('commit_log', ['created_at']);
}
