/**
 * How a field is stored. `flag`: 0 or 1 · `object`: JSON text, null is SQL NULL · `value`: JSON text, absent is SQL NULL
 * and JSON null the text `null` · `integer`: some drivers answer 64 bit integers as text.
 */
import type { Column, Table } from './tables.js';

export type Codec = 'plain' | 'integer' | 'flag' | 'object' | 'value';

export type SqlValue = string | number | null;

/** A result row, its values in the order of the selected columns. */
export type SqlRow = readonly unknown[];

export function encode(codec: Codec, value: unknown): SqlValue {
  switch (codec) {
    case 'plain':
    case 'integer':
      return value as SqlValue;
    case 'flag':
      return value === true ? 1 : 0;
    case 'object':
      return value === null ? null : JSON.stringify(value);
    case 'value':
      return value === undefined ? null : JSON.stringify(value);
  }
}

export function decode(codec: Codec, value: unknown): unknown {
  switch (codec) {
    case 'plain':
      return value;
    case 'integer':
      return typeof value === 'string' ? Number(value) : value;
    case 'flag':
      return Number(value) !== 0;
    case 'object':
      return value === null ? null : parse(value);
    case 'value':
      return value === null ? undefined : parse(value);
  }
}

function parse(text: unknown): unknown {
  return JSON.parse(text as string);
}

/** Appends the record's values to `into`, in the order of the table's insert columns; answers the length of its JSON. */
export function encodeRecord<R>(table: Table<R>, record: R, into: SqlValue[]): number {
  let length = 0;
  const fields = record as Readonly<Record<string, unknown>>;
  for (const { property, codec } of table.columns) {
    const value = encode(codec, fields[property]);
    if (codec === 'value' && value !== null) length += (value as string).length;
    into.push(value);
  }
  if (table.partition !== undefined) into.push(table.partition(record));
  return length;
}

/** The record of a row that was selected with {@link columnList}. */
export function decodeRecord<R>(table: Table<R>, row: SqlRow): R {
  const record: Record<string, unknown> = {};
  for (const [at, column] of table.columns.entries()) record[column.property] = decode(column.codec, row[at]);
  return record as R;
}

/** The record's columns for a select, after `alias.` if one is given. */
export function columnList(table: { readonly columns: readonly Column[] }, alias?: string): string {
  return table.columns.map(({ name }) => (alias === undefined ? name : `${alias}.${name}`)).join(', ');
}
