/**
 * Lints the repository; `--fix` repairs what can be repaired.
 *
 * ESLint's cache knows a file's own text only, but the type-aware rules also see the types the file imports. So each
 * package has a cache of its own, named by a hash of every declaration these rules can see: the package's, its siblings'
 * and, through the lock file, the third-party ones. When one of them changes the package is linted anew.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import { filesUnder, siblings, workspaces } from './workspaces.mjs';

const CACHE = '.cache/eslint';
const fix = process.argv.includes('--fix');

mkdirSync(CACHE, { recursive: true });

const packages = new Map(
  workspaces('packages').map(({ folder, manifest }) => [path.basename(folder), { folder, manifest }]),
);
const cacheFiles = new Set();
const results = [];
for (const [name, { folder }] of packages) results.push(...(await lint([folder], cacheFile(name, [name]))));
results.push(...(await lint(['.'], cacheFile('rest', [...packages.keys()]), ['packages/**'])));
for (const file of readdirSync(CACHE)) if (!cacheFiles.has(file)) rmSync(path.join(CACHE, file));

const formatter = await new ESLint().loadFormatter('stylish');
const text = await formatter.format(results);
if (text) console.log(text);
const found = results.reduce((total, result) => total + result.errorCount + result.warningCount, 0);
console.log(`${results.length} files, ${found} finding(s)`);
process.exitCode = found === 0 ? 0 : 1;

async function lint(patterns, cacheName, ignorePatterns = []) {
  const eslint = new ESLint({
    cache: true,
    cacheLocation: path.join(CACHE, cacheName),
    cacheStrategy: 'content',
    errorOnUnmatchedPattern: false,
    fix,
    ignorePatterns,
  });
  const linted = await eslint.lintFiles(patterns);
  if (fix) await ESLint.outputFixes(linted);
  return linted;
}

function cacheFile(name, packageNames) {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'tsconfig.base.json']) hash.update(readFileSync(file));
  for (const packageName of withSiblings(packageNames)) {
    for (const file of filesUnder(`packages/${packageName}/dist`, '.d.ts'))
      hash.update(file).update(readFileSync(file));
  }
  const file = `${name}-${hash.digest('hex').slice(0, 16)}`;
  cacheFiles.add(file);
  return file;
}

function withSiblings(names, seen = new Set()) {
  for (const name of names) {
    if (seen.has(name) || !packages.has(name)) continue;
    seen.add(name);
    const { dependencies, devDependencies } = packages.get(name).manifest;
    withSiblings(siblings({ dependencies: { ...dependencies, ...devDependencies } }), seen);
  }
  return [...seen].sort();
}
