import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder of one test. */
export class TemporaryFolder {
  readonly path = mkdtempSync(path.join(tmpdir(), 'process-engine-server-'));

  /** Writes a file, JSON unless it is a text, and answers its path. */
  write(name: string, content: unknown): string {
    const file = path.join(this.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
