import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { after } from 'mocha';

/** A folder for the calling suite, removed after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'process-engine-'));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
