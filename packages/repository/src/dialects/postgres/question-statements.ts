/** Many questions of one form as one statement: what each column has to equal is an array. */
import type { Question } from '../../gathered-questions.js';
import type { SqlRow } from '../../row-codec.js';
import type { Session } from '../server/sessions.js';

export async function askTogether(
  session: Session,
  questions: readonly Question[],
): Promise<readonly (readonly SqlRow[])[]> {
  const [first] = questions;
  if (first === undefined) return [];
  const values = first.equalColumns.map((_, at) => questions.map((question) => question.values[at] ?? null));
  const answers = questions.map((): SqlRow[] => []);
  for (const [at, ...row] of await session.rows(together(first), [questions.map((_, n) => n), ...values])) {
    answers[Number(at)]?.push(row);
  }
  return answers;
}

const STATEMENTS = new Map<string, string>();

function together({ table, selected, equalColumns }: Question): string {
  const form = `${table} ${equalColumns.join()}`;
  let sql = STATEMENTS.get(form);
  if (sql === undefined) {
    const arrays = ['int', ...equalColumns.map(() => 'text')].map((type) => `(select ?::${type}[])`).join(', ');
    const keys = equalColumns.map((_, at) => `k${at}`);
    const equal = equalColumns.map((column, at) => `${column} = q.k${at}`).join(' and ');
    sql = `select q.n as question, ${selected} from unnest(${arrays}) as q (n, ${keys.join(', ')})
      join ${table} on ${equal} order by q.n, id`;
    STATEMENTS.set(form, sql);
  }
  return sql;
}
