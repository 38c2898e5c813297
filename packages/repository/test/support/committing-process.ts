/**
 * A process of its own that commits in a loop and prints the number of each commit once it is answered.
 * Arguments: the database file.
 */
import { writeSync } from 'node:fs';

import { createStorage } from '@process-engine/repository';

import { startOf } from './change-sets.js';

async function commitForever(file: string): Promise<void> {
  const storage = createStorage({ dialect: 'sqlite', storage: file });
  await storage.open();
  const instances = await storage.findProcessInstances({ tenantId: '' });
  const first = instances.totalCount;
  for (let batch = 0; ; batch += 1) {
    const numbers = Array.from({ length: 8 }, (_, at) => first + batch * 8 + at);
    await Promise.all(
      numbers.map(async (number) => {
        await storage.commit(startOf(instanceId(number)));
        // Synchronous: whatever was printed before the process dies has been answered.
        writeSync(1, `${number}\n`);
      }),
    );
  }
}

export function instanceId(number: number): string {
  return `instance-${String(number).padStart(8, '0')}`;
}

const file = process.argv[2];
if (file !== undefined && process.argv[1]?.endsWith('committing-process.js') === true) {
  commitForever(file).catch((error: unknown) => {
    writeSync(2, error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
