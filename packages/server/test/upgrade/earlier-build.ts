/**
 * The packages of an earlier commit, built and packed by this repository's own tools: no network is needed. They lie in
 * `.cache/earlier-build/<commit>`, and are made once.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';

const REPOSITORY = path.resolve(import.meta.dirname, '..', '..', '..', '..');
const CACHE = path.join(REPOSITORY, '.cache', 'earlier-build');
const SCOPE = '@process-engine';

/** False in a copy without history, for example. */
export function hasCommit(commit: string): boolean {
  try {
    execFileSync('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: REPOSITORY, stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/** The folder in whose `node_modules` the packages of the commit are installed as a user would have them. */
export function earlierBuild(commit: string): string {
  const folder = path.join(CACHE, commit);
  if (isUsable(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  const source = path.join(making, 'source');
  try {
    checkOut(commit, source);
    run(source, process.execPath, ['node_modules/typescript-7/bin/tsc', '-b', 'packages/server', 'packages/client']);
    install(source, making);
    rmSync(source, { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return folder;
}

/** Made, and its links to the dependencies lead somewhere: the repository may have been moved. */
function isUsable(folder: string): boolean {
  return existsSync(path.join(folder, 'node_modules', 'sequelize'));
}

/** The commit's packages, with the dependencies that are installed here. */
function checkOut(commit: string, source: string): void {
  mkdirSync(source, { recursive: true });
  const paths = ['packages', 'package.json', 'tsconfig.base.json'];
  const archive = run(REPOSITORY, 'git', ['archive', '--format=tar', commit, ...paths]);
  execFileSync('tar', ['-x', '-C', source], { input: archive });
  linkDependencies(path.join(source, 'node_modules'));
  mkdirSync(path.join(source, 'node_modules', SCOPE));
  for (const name of packagesIn(source)) {
    symlinkSync(path.join(source, 'packages', name), path.join(source, 'node_modules', SCOPE, name));
    linkOwnDependencies(name, path.join(source, 'packages', name));
  }
}

/** Packs each package and unpacks it in a `node_modules` of its own. */
function install(source: string, folder: string): void {
  const modules = path.join(folder, 'node_modules');
  linkDependencies(modules);
  for (const name of packagesIn(source)) {
    const installed = path.join(modules, SCOPE, name);
    mkdirSync(installed, { recursive: true });
    const packed = run(path.join(source, 'packages', name), 'npm', ['pack', '--json', '--silent', '--ignore-scripts']);
    const [{ filename }] = JSON.parse(String(packed)) as [{ filename: string }];
    const tarball = path.join(source, 'packages', name, filename);
    execFileSync('tar', ['-x', '-z', '-f', tarball, '-C', installed, '--strip-components=1']);
    linkOwnDependencies(name, installed);
  }
}

function packagesIn(source: string): string[] {
  return readdirSync(path.join(source, 'packages'));
}

/** All that is installed at the root but our own packages. */
function linkDependencies(modules: string): void {
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(path.join(REPOSITORY, 'node_modules'))) {
    if (name !== SCOPE) symlinkSync(path.join(REPOSITORY, 'node_modules', name), path.join(modules, name));
  }
}

/** Versions that only this package needs. */
function linkOwnDependencies(name: string, target: string): void {
  const own = path.join(REPOSITORY, 'packages', name, 'node_modules');
  if (existsSync(own)) symlinkSync(own, path.join(target, 'node_modules'));
}

function run(cwd: string, program: string, args: readonly string[]): Buffer {
  const options = {
    cwd,
    maxBuffer: 1 << 28,
    timeout: 300_000,
    shell: process.platform === 'win32' && program === 'npm',
  };
  return execFileSync(program, args, options);
}
