/** What `npm install --omit=dev` of each package brings: the packages of its production tree and their size on disk. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { isMain } from './lib/is-main.mjs';
import { number, table } from './lib/report.mjs';

const REPOSITORY = path.resolve(import.meta.dirname, '..');
const OURS = ['core', 'repository', 'http', 'client', 'server'];

/** @returns {Record<string, { packages: number, megabytes: number }>} */
export function installSizes() {
  const ours = OURS.map((name) => [name, sizeOf(REPOSITORY, `packages/${name}`)]);
  const lean = ['server, --omit=optional', sizeOf(REPOSITORY, 'packages/server', { optional: false })];
  return Object.fromEntries([...ours, lean, ['bpmn-engine', sizeOf(import.meta.dirname, 'node_modules/bpmn-engine')]]);
}

export function sizesTable(sizes) {
  const rows = Object.entries(sizes).map(([name, { packages, megabytes }]) => [
    name,
    number(packages),
    number(megabytes),
  ]);
  return `Install size: production dependencies with the package itself\n\n${table([['', 'packages', 'MB'], ...rows])}\n`;
}

/** @param {string} root folder of a package-lock.json @param {string} start a location in it */
function sizeOf(root, start, { optional = true } = {}) {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const tree = productionTree(packages, { start, root, optional });
  const bytes = tree.reduce((sum, location) => sum + bytesOf(path.join(root, location)), 0);
  return { packages: tree.length, megabytes: bytes / 1e6 };
}

/** The locations of a package and everything it needs, as far as it is installed. */
function productionTree(packages, { start, root, optional }) {
  const seen = new Set();
  const visit = (location) => {
    if (seen.has(location) || !existsSync(path.join(root, location))) return;
    seen.add(location);
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta = {} } = packages[location];
    for (const name of Object.keys({ ...dependencies, ...(optional ? optionalDependencies : {}) }))
      visit(locate(packages, location, name));
    for (const name of Object.keys(peerDependencies ?? {})) {
      if (peerDependenciesMeta[name]?.optional !== true) visit(locate(packages, location, name));
    }
  };
  visit(start);
  return [...seen];
}

/** Where Node.js finds a package: in the nearest `node_modules` outward. */
function locate(packages, from, name) {
  for (let folder = from; ; folder = path.posix.dirname(folder)) {
    const location = path.posix.join(folder === '.' ? '' : folder, 'node_modules', name);
    const found = packages[location];
    if (found?.link === true) return found.resolved;
    if (found !== undefined) return location;
    if (folder === '.') return location;
  }
}

/** Size of the files that are published; packages inside it are counted by themselves. */
function bytesOf(folder) {
  const isOurs = existsSync(path.join(folder, 'tsconfig.json')) && existsSync(path.join(folder, 'src'));
  const entries = isOurs ? ['dist', 'src', 'package.json'] : readdirSync(folder);
  return entries
    .filter((name) => name !== 'node_modules')
    .reduce((sum, name) => sum + treeSize(path.join(folder, name)), 0);
}

function treeSize(entry) {
  const stats = statSync(entry);
  if (!stats.isDirectory()) return entry.endsWith('.tsbuildinfo') ? 0 : stats.size;
  return readdirSync(entry).reduce((sum, name) => sum + treeSize(path.join(entry, name)), 0);
}

if (isMain(import.meta.url)) console.log(sizesTable(installSizes()));
