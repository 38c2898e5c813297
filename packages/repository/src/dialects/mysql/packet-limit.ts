import type { EncodedRows } from '../../encoded-changes.js';
import type { SqlValue } from '../../row-codec.js';

/** Bytes of a statement that are not values: the text, types, lengths. */
const MARGIN = 65_536;
const BYTES_PER_VALUE = 16;

/** Rows of one insert statement: many of them in a few shapes, few in one statement, however many they are. */
const CHUNKS = [64, 16];
const FEW = 15;

export interface InsertPart {
  readonly rows: number;
  /** Positions of the part's values. */
  readonly from: number;
  readonly to: number;
}

/** What fits into one statement. The server takes no more than its `max_allowed_packet` at once. */
export class PacketLimit {
  readonly #packet: number;

  /** @param packet the server's `max_allowed_packet`, in bytes. */
  constructor(packet: number) {
    this.#packet = packet;
  }

  get #bytes(): number {
    return this.#packet - MARGIN;
  }

  /** @throws Error when the values of one row are too long: trying again would not help. */
  check(table: string, values: readonly SqlValue[]): void {
    if (values.length * BYTES_PER_VALUE + 3 * charactersOf(values) <= this.#bytes) return;
    const bytes = values.reduce<number>((sum, value) => sum + bytesOf(value), 0);
    if (bytes <= this.#bytes) return;
    throw new Error(
      `a row of ${table} has ${bytes} bytes, the database server takes ${this.#packet} at once (max_allowed_packet)`,
    );
  }

  insertParts({ table, values }: EncodedRows): InsertPart[] {
    const width = table.insertColumns.length;
    const parts: InsertPart[] = [];
    let from = 0;
    while (from < values.length) {
      const rows = this.#fitting(values, from, width, chunkOf((values.length - from) / width));
      const to = from + rows * width;
      if (rows === 1) this.check(table.name, values.slice(from, to));
      parts.push({ rows, from, to });
      from = to;
    }
    return parts;
  }

  /** Rows in parts, each of which fits as JSON. A part of one row may not. */
  parts(rows: readonly (readonly SqlValue[])[]): (readonly (readonly SqlValue[])[])[] {
    const most = rows.reduce((sum, row) => sum + jsonBytes(row), 0);
    if (most <= this.#bytes || rows.length < 2) return [rows];
    const half = Math.ceil(rows.length / 2);
    return [...this.parts(rows.slice(0, half)), ...this.parts(rows.slice(half))];
  }

  /** How many of the next rows fit, of at most `most`; at least one. */
  #fitting(values: readonly SqlValue[], from: number, width: number, most: number): number {
    let bytes = 0;
    for (let rows = 0; rows < most; rows += 1) {
      const start = from + rows * width;
      for (let at = start; at < start + width; at += 1) bytes += bytesOf(values[at] ?? null);
      if (rows > 0 && bytes > this.#bytes) return Math.min(rows, chunkOf(rows));
    }
    return most;
  }
}

function chunkOf(rows: number): number {
  return rows <= FEW ? rows : (CHUNKS.find((chunk) => chunk <= rows) ?? FEW);
}

function charactersOf(values: readonly SqlValue[]): number {
  return values.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
}

function bytesOf(value: SqlValue): number {
  if (typeof value !== 'string') return BYTES_PER_VALUE;
  return BYTES_PER_VALUE + (value.length < 1000 ? 3 * value.length : Buffer.byteLength(value));
}

/** At least as many as the row has as JSON: a character has up to six bytes there. */
function jsonBytes(row: readonly SqlValue[]): number {
  return row.length * 2 * BYTES_PER_VALUE + 6 * charactersOf(row);
}
