/** The conformance cases in every combination of mode, storage and cache. */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync(process.execPath, ['conformance/run-all.mjs', '--all'], { stdio: 'inherit' });
process.exitCode = status ?? 1;
