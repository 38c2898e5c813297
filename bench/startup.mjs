/** Start-up: load the packages, make the engine, start it; the peer is loaded and has parsed a small model. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defineBench } from './lib/bench.mjs';
import { serviceTasks, straightModel } from './lib/models.mjs';
import { withDatabaseFile } from './lib/sqlite.mjs';

const MAKE_DATABASE = fileURLToPath(import.meta.resolve('./lib/make-database.mjs'));

async function measureOnce(work) {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const stop = await work();
  const wall = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  const memory = process.memoryUsage().rss / 1e6;
  await stop();
  return { cpu: (user + system) / 1000, wall, memory };
}

function inMemory() {
  return measureOnce(async () => {
    const { createEngine } = await import('../packages/core/dist/index.js');
    const engine = createEngine();
    await engine.start();
    return () => engine.stop();
  });
}

function onSqlite(file) {
  return measureOnce(async () => {
    const { createEngine } = await import('../packages/core/dist/index.js');
    const { createStorage } = await import('../packages/repository/dist/index.js');
    const engine = createEngine({ storage: createStorage({ dialect: 'sqlite', storage: file }) });
    await engine.start();
    return () => engine.stop();
  });
}

/** The file is made by a process of its own, so that this one has loaded nothing. */
function onExistingFile(file) {
  execFileSync(process.execPath, [MAKE_DATABASE, file]);
  return onSqlite(file);
}

function peer() {
  return measureOnce(async () => {
    const { Engine } = await import('bpmn-engine');
    const engine = new Engine({ name: 'bench', source: straightModel('services', serviceTasks(10)) });
    await engine.getDefinitions();
    return () => undefined;
  });
}

export default defineBench(import.meta.url, {
  title: 'Start-up: load, create, start',
  columns: ['cpu', 'wall', 'memory'],
  contestants: {
    'ours, memory': inMemory,
    'ours, SQLite, new file': () => withDatabaseFile(onSqlite),
    'ours, SQLite, existing file': () => withDatabaseFile(onExistingFile),
    'bpmn-engine': peer,
  },
});
