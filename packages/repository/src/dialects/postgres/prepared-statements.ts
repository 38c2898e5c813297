import { createHash } from 'node:crypto';

import type { PostgresStatement } from './postgres-connection.js';

interface Prepared {
  readonly text: string;
  readonly hash: string;
  executions: number;
}

/** Statements that are prepared; what comes beyond is not worth the memory it takes in every connection. */
const MOST_PREPARED = 300;

/**
 * Names for prepared statements. The server keeps the plan it made first, perhaps for an empty table, until the table's
 * statistics are renewed. So a statement gets a new name, and thereby a new plan, at its 10th, 100th, 1,000th …
 * execution: a plan is never much older than the rows it was made for.
 */
export class PreparedStatements {
  readonly #prepared = new Map<string, Prepared>();

  /** @param sql its parameters are marked by `?`. */
  statement(sql: string, values: readonly unknown[]): PostgresStatement {
    let prepared = this.#prepared.get(sql);
    if (prepared === undefined) {
      if (this.#prepared.size >= MOST_PREPARED) return { text: numbered(sql), values, rowMode: 'array' };
      prepared = { text: numbered(sql), hash: hashOf(sql), executions: 0 };
      this.#prepared.set(sql, prepared);
    }
    prepared.executions += 1;
    const generation = Math.min(String(prepared.executions).length, 7);
    return { name: `${prepared.hash}_${generation}`, text: prepared.text, values, rowMode: 'array' };
  }
}

function numbered(sql: string): string {
  let last = 0;
  return sql.replaceAll('?', () => `$${(last += 1)}`);
}

/** By the text alone: an application may share its connections with several storages. */
function hashOf(sql: string): string {
  return `pe_${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`;
}
