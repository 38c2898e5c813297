/** 100,000 timers due at once, on SQLite and PostgreSQL: each fires once, and requests get their turn meanwhile. */
import { spawnSync } from 'node:child_process';

const TIMERS = process.env.TIMERS ?? '100000';

const failed = ['sqlite', 'postgres'].filter((database) => {
  const { status } = spawnSync(process.execPath, ['bench/w12-timers.mjs', TIMERS, database], { stdio: 'inherit' });
  return status !== 0;
});
process.exitCode = failed.length === 0 ? 0 : 1;
