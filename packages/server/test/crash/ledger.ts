/** A file outside the engine in which services note that they ran: no transaction takes that back. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

export interface LedgerEntry {
  readonly processInstanceId: string;
  readonly flowNodeId: string;
  readonly flowNodeInstanceId: string;
}

export class Ledger {
  constructor(private readonly file: string) {}

  append({ processInstanceId, flowNodeId, flowNodeInstanceId }: LedgerEntry): void {
    appendFileSync(this.file, `${JSON.stringify({ processInstanceId, flowNodeId, flowNodeInstanceId })}\n`);
  }

  /** All entries so far, or those of one process instance, in the order they were made. */
  entries(processInstanceId?: string): readonly LedgerEntry[] {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file, 'utf8').split('\n').slice(0, -1);
    const entries = lines.map((line) => JSON.parse(line) as LedgerEntry);
    return entries.filter((entry) => processInstanceId === undefined || entry.processInstanceId === processInstanceId);
  }
}
