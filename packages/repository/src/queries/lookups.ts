/** Lookups the engine makes while it works: by a key or an index, on the fastest way the dialect has. */
import type {
  DefinitionFilter,
  DefinitionRecord,
  EventLogRecord,
  ExternalTaskLookup,
  MessageRecord,
  Page,
  PageRequest,
  Storage,
} from '@process-engine/contracts/storage';

import type { HotPath } from '../dialects/dialect.js';
import { statementOf } from '../gathered-questions.js';
import { columnList, decodeRecord } from '../row-codec.js';
import type { Select } from '../select.js';
import { DEFINITION, EVENT_LOG, EXTERNAL_TASK, MESSAGE } from '../tables.js';
import { Conditions } from './conditions.js';
import { paged } from './paged.js';

type FilterOf<Method extends keyof Storage> = Storage[Method] extends (filter: infer F, page?: PageRequest) => unknown
  ? F
  : never;

const OPEN_EXTERNAL_TASK = {
  table: EXTERNAL_TASK.name,
  selected: columnList(EXTERNAL_TASK),
  equalColumns: ['id'],
} as const;

export class Lookups {
  readonly #select: Select;
  readonly #ask: HotPath['ask'];

  constructor(select: Select, ask?: HotPath['ask']) {
    this.#select = select;
    this.#ask = ask;
  }

  /** The row of an open task goes when it is done; its flow node instance stays. */
  async externalTask(id: string): Promise<ExternalTaskLookup> {
    const question = { ...OPEN_EXTERNAL_TASK, values: [id] };
    const rows = this.#ask?.(question) ?? this.#select(statementOf(question), question.values);
    const [row] = await rows;
    if (row !== undefined) return { state: 'open', task: decodeRecord(EXTERNAL_TASK, row) };
    const [known] = await this.#select(
      'select process_instance_id from flow_node_instance where id = ? and external = 1',
      [id],
    );
    return known === undefined ? { state: 'unknown' } : { state: 'closed', processInstanceId: String(known[0]) };
  }

  async nextDue(): Promise<number | null> {
    const [row] = await this.#select(
      `select (select min(due_at) from job where locked_until = 0) as due,
              (select min(locked_until) from job where locked_until > 0) as free`,
      [],
    );
    const times = (row ?? []).filter((time) => time !== null).map(Number);
    return times.length === 0 ? null : Math.min(...times);
  }

  async definition(id: string): Promise<DefinitionRecord | undefined> {
    const [row] = await this.#select(`select ${columnList(DEFINITION)} from definition where id = ?`, [id]);
    return row === undefined ? undefined : decodeRecord(DEFINITION, row);
  }

  async latestDefinition(tenantId: string, key: string): Promise<string | undefined> {
    const sql = `select id from definition
      where tenant_id = ? and definition_key = ? and deleted_at is null order by version desc limit 1`;
    const [row] = await this.#select(sql, [tenantId, key]);
    return row === undefined ? undefined : String(row[0]);
  }

  definitions(filter: DefinitionFilter, page?: PageRequest): Promise<Page<DefinitionRecord>> {
    const conditions = definitionConditions(filter, 'd');
    if (filter.latest === true) {
      const newer = definitionConditions(filter, 'n');
      conditions.add(
        `d.version = (select max(n.version) from definition n where n.definition_key = d.definition_key${newer.and})`,
        ...newer.values,
      );
    }
    const query = {
      columns: columnList(DEFINITION, 'd'),
      from: 'definition d',
      conditions,
      orderBy: 'd.definition_key, d.version',
      decode: (row: readonly unknown[]) => decodeRecord(DEFINITION, row),
    };
    return paged(this.#select, query, page);
  }

  async messages(filter: FilterOf<'findMessages'>): Promise<MessageRecord[]> {
    // Written so that the tenant's part of the primary key is not taken for the best index.
    const { where, values } = new Conditions()
      .is("coalesce(tenant_id, '')", filter.tenantId)
      .is('name', filter.name)
      .is('message_id', filter.messageId)
      .isAfter('id', filter.afterId)
      .add('expires_at > ?', filter.now);
    const limit = filter.limit === undefined ? '' : ` limit ${Math.max(Math.trunc(filter.limit), 0)}`;
    const rows = await this.#select(`select ${columnList(MESSAGE)} from message${where} order by id${limit}`, values);
    return rows.map((row) => decodeRecord(MESSAGE, row));
  }

  async idempotentStart({
    tenantId,
    processModelId,
    key,
  }: FilterOf<'findIdempotentStart'>): Promise<string | undefined> {
    const [row] = await this.#select(
      'select process_instance_id from idempotency where tenant_id = ? and process_model_id = ? and start_key = ?',
      [tenantId, processModelId, key],
    );
    return row === undefined ? undefined : String(row[0]);
  }

  /** The highest number in the log that is not over `last`. */
  async lastEvent(last: number): Promise<number> {
    const [row] = await this.#select('select max(seq) from event_log where seq <= ?', [last]);
    return Number(row?.[0] ?? 0);
  }

  /** Events with a number over `after`, and not over `last`. */
  async events(after: number, last: number, limit: number): Promise<EventLogRecord[]> {
    const sql = `select seq, ${columnList(EVENT_LOG)} from event_log where seq > ? and seq <= ? order by seq limit ?`;
    const rows = await this.#select(sql, [after, last, limit]);
    return rows.map(([seq, ...row]) => ({ seq: Number(seq), ...decodeRecord(EVENT_LOG, row) }));
  }
}

function definitionConditions(filter: DefinitionFilter, alias: string): Conditions {
  const conditions = new Conditions();
  if (filter.withDeleted !== true) conditions.add(`${alias}.deleted_at is null`);
  return conditions
    .is(`${alias}.tenant_id`, filter.tenantId)
    .is(`${alias}.definition_key`, filter.key)
    .is(`${alias}.deployment_id`, filter.deploymentId)
    .is(`${alias}.version_tag`, filter.versionTag)
    .is(`${alias}.version`, filter.version);
}
