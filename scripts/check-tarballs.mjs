/**
 * Packs every package, looks into the tarballs, installs them in an empty folder and loads each entry point by `import()`
 * and by `require()`, as a user's program would. Installing third-party dependencies may use the npm registry.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { workspaces } from './workspaces.mjs';

const UNWANTED = /(?:^|\/)(?:test|dist-test|coverage|node_modules)\/|\.test\.|\.tsbuildinfo$|\.tgz$/;
const LOADER = `
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
let failed = 0;
for (const name of process.argv.slice(2)) {
  for (const [way, load] of [['import', (id) => import(id)], ['require', async (id) => require(id)]]) {
    try {
      if (way === 'import' && name.endsWith('.json')) continue;
      await load(name);
    } catch (error) {
      failed += 1;
      console.error(\`\${way} \${name}: \${error.stack}\`);
    }
  }
}
process.exitCode = failed === 0 ? 0 : 1;
`;

const packages = workspaces('packages');
const folder = mkdtempSync(path.join(tmpdir(), 'process-engine-tarballs-'));
try {
  const tarballs = pack();
  const findings = tarballs.flatMap(checkContents);
  if (findings.length > 0) throw new Error(findings.join('\n'));
  install(tarballs);
  load(packages.flatMap(({ manifest }) => entryPoints(manifest)));
  console.log(`${tarballs.length} tarballs install and load`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack() {
  const chosen = packages.flatMap((entry) => ['--workspace', entry.folder]);
  return JSON.parse(
    npm(process.cwd(), ['pack', '--json', '--silent', '--pack-destination', folder, ...chosen], 'pipe'),
  );
}

function checkContents(tarball) {
  const { manifest } = packages.find((entry) => entry.manifest.name === tarball.name);
  const files = new Set(tarball.files.map((file) => file.path));
  const unwanted = [...files].filter((file) => UNWANTED.test(file)).map((file) => `must not contain ${file}`);
  const targets = [
    ...Object.values(manifest.exports).flatMap((target) => Object.values(target)),
    ...Object.values(manifest.bin ?? {}),
  ];
  const missing = targets
    .map((target) => path.posix.normalize(target))
    .filter((target) => target.startsWith('dist/') && !files.has(target))
    .map((target) => `lacks ${target}`);
  return [...unwanted, ...missing].map((finding) => `${tarball.filename}: ${finding}`);
}

function install(tarballs) {
  const user = userFolder();
  mkdirSync(user);
  writeFileSync(path.join(user, 'package.json'), '{ "name": "user-of-the-packages", "private": true }\n');
  const files = tarballs.map((tarball) => path.join(folder, tarball.filename));
  npm(user, ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=warn', ...files], 'inherit');
}

function load(names) {
  const loader = path.join(userFolder(), 'load.mjs');
  writeFileSync(loader, LOADER);
  const { status } = spawnSync(process.execPath, [loader, ...names], { stdio: 'inherit', timeout: 60_000 });
  if (status === null) throw new Error('the loaded packages keep the process alive');
  if (status !== 0) throw new Error('an installed package does not load');
}

function entryPoints(manifest) {
  return Object.keys(manifest.exports).map((subpath) => path.posix.join(manifest.name, subpath));
}

function userFolder() {
  return path.join(folder, 'user');
}

function npm(cwd, args, stdout) {
  const stdio = ['ignore', stdout, 'inherit'];
  return execFileSync('npm', args, {
    cwd,
    stdio,
    timeout: 600_000,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
}
