/** Removes what the build and the checks have written; a server's data in `.data` stays. */
import { rmSync } from 'node:fs';
import { workspaces } from './workspaces.mjs';

const OUTPUT = ['dist', 'dist-test', 'coverage'];

for (const { folder } of workspaces('packages')) {
  for (const output of OUTPUT) rmSync(`${folder}/${output}`, { recursive: true, force: true });
}
for (const folder of ['.cache', 'coverage']) rmSync(folder, { recursive: true, force: true });
