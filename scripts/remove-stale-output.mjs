/**
 * Removes compiled files whose source is gone. `tsc -b` leaves them, so a deleted test would go on running and a deleted
 * module would still be packed. Only what the compiler wrote is touched (a `.js` with a `.d.ts` beside it), no copied asset.
 */
import { existsSync, rmSync } from 'node:fs';
import { filesUnder, workspaces } from './workspaces.mjs';

const OUTPUT = { dist: 'src', 'dist-test': 'test' };

for (const { folder } of workspaces('packages')) {
  for (const [output, source] of Object.entries(OUTPUT)) {
    const outputFolder = `${folder}/${output}`;
    for (const file of filesUnder(outputFolder, '.d.ts')) {
      const compiled = file.slice(0, -'.d.ts'.length);
      const written = compiled.replace(outputFolder, `${folder}/${source}`);
      if (existsSync(`${compiled}.js`) && !existsSync(`${written}.ts`)) removeCompiled(compiled);
    }
  }
}

function removeCompiled(compiled) {
  for (const ending of ['.js', '.js.map', '.d.ts', '.d.ts.map']) rmSync(`${compiled}${ending}`, { force: true });
  console.log(`removed ${compiled}.*`);
}
