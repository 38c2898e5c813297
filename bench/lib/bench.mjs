/**
 * A benchmark compares contestants that do the same work. Each run of a contestant is a fresh process, contestants take
 * turns so that a noisy minute hits all of them, and the median of the rounds counts.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isMain } from './is-main.mjs';
import { figuresTable } from './report.mjs';

/** Runs of each contestant; an odd number has a median that was measured. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

/** A run that takes longer hangs. */
const RUN_TIMEOUT = 10 * 60 * 1000;

/**
 * @typedef {Record<string, number>} Figures what one run measured; `cpu` is ms of CPU time per operation
 * @typedef {object} Definition
 * @property {string} title what one operation is
 * @property {string} [baseline] the contestant the ratios refer to
 * @property {string[]} columns the figures to show, in order
 * @property {Record<string, () => Promise<Figures>>} contestants
 */

/**
 * Defines the benchmark of a file. Run by itself the file prints its table; started for one contestant it measures that.
 *
 * @param {string} url `import.meta.url` of the file
 * @param {Definition} definition
 */
export function defineBench(url, definition) {
  const file = fileURLToPath(url);
  const bench = { ...definition, run: () => compare(file, definition) };
  if (isMain(url)) main(bench, process.argv[2]);
  return bench;
}

async function main(bench, contestant) {
  if (contestant !== undefined) {
    const figures = await bench.contestants[contestant]();
    if (process.send === undefined) return console.log(figures);
    process.send(figures);
    return process.disconnect();
  }
  console.log(figuresTable(bench, await bench.run()));
}

/** @returns {Promise<Record<string, Figures>>} the medians by contestant */
async function compare(file, { contestants }) {
  const runs = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of Object.keys(contestants)) runs[name].push(await runInChild(file, name));
  }
  return Object.fromEntries(Object.entries(runs).map(([name, figures]) => [name, mediansOf(figures)]));
}

function runInChild(file, contestant) {
  return new Promise((resolve, reject) => {
    const child = fork(file, [contestant], { timeout: RUN_TIMEOUT });
    let figures;
    child.on('message', (message) => (figures = message));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (figures !== undefined && code === 0) resolve(figures);
      else reject(new Error(`the run of '${contestant}' in ${file} ended with ${signal ?? code}`));
    });
  });
}

function mediansOf(runs) {
  return Object.fromEntries(Object.keys(runs[0]).map((key) => [key, median(runs.map((run) => run[key]))]));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
