/** A SQLite file of its own for each run, gone afterwards; and the driver alone, for the peer and the raw limit. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

/** @param {(file: string) => Promise<T>} work @template T */
export async function withDatabaseFile(work) {
  const folder = await mkdtemp(path.join(process.env.BENCH_FOLDER ?? tmpdir(), 'bench-'));
  try {
    return await work(path.join(folder, 'bench.sqlite'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The driver with the durability the engine uses: a commit that was answered survives a power cut. */
export function openRaw(file, schema) {
  const database = new DatabaseSync(file);
  database.exec(`pragma journal_mode = wal; pragma synchronous = full; ${schema}`);
  return database;
}
