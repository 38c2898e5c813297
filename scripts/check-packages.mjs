/**
 * Holds every packages/<name>/package.json to the rules of the repository: one version, one licence, one range of Node,
 * exact internal versions, only the siblings `package-rule.json` allows, TypeScript references equal to them, and
 * entry points that exist after the build. Prints every finding and exits with 1 if there is one.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readJson, SCOPE, siblings, workspaces } from './workspaces.mjs';

const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

const packageRule = readJson('scripts/package-rule.json');
const { version } = readJson('lerna.json');
const { engines } = readJson('package.json');
const rootReferences = references('tsconfig.json', '.');

const findings = workspaces('packages').flatMap(({ folder, manifest }) => {
  const name = path.basename(folder);
  return [
    ...checkIdentity(name, manifest),
    ...checkSiblings(name, manifest),
    ...checkReferences(name, folder, manifest),
    ...checkEntryPoints(folder, manifest),
  ].map((finding) => `${folder}: ${finding}`);
});

for (const finding of findings) console.error(finding);
console.log(findings.length === 0 ? 'all packages follow the rule' : `${findings.length} finding(s)`);
process.exitCode = findings.length === 0 ? 0 : 1;

function checkIdentity(name, manifest) {
  return [
    expectEqual('name', manifest.name, `${SCOPE}${name}`),
    expectEqual('version', manifest.version, version),
    expectEqual('license', manifest.license, 'MIT'),
    expectEqual('type', manifest.type, 'module'),
    expectEqual('engines.node', manifest.engines?.node, engines.node),
    expectEqual('publishConfig.access', manifest.publishConfig?.access, 'public'),
  ].flat();
}

function checkSiblings(name, manifest) {
  const allowed = packageRule[name];
  if (!allowed) return ['has no row in scripts/package-rule.json'];
  const forbidden = siblings(manifest)
    .filter((sibling) => !allowed.includes(sibling))
    .map((sibling) => `must not depend on ${SCOPE}${sibling}`);
  const inexact = DEPENDENCY_FIELDS.flatMap((field) =>
    Object.entries(manifest[field] ?? {})
      .filter(([dependency]) => dependency.startsWith(SCOPE))
      .flatMap(([dependency, range]) => expectEqual(`${field}.${dependency}`, range, version)),
  );
  return [...forbidden, ...inexact];
}

function checkReferences(name, folder, manifest) {
  const expected = siblings(manifest).map((sibling) => `packages/${sibling}`);
  const missing = [folder, `${folder}/test`]
    .filter((project) => !existsSync(`${project}/tsconfig.json`) || !rootReferences.includes(project))
    .map((project) => `${project} needs a tsconfig.json that the repository's tsconfig.json references`);
  const found = references(`${folder}/tsconfig.json`, folder);
  return [...missing, ...expectEqual('tsconfig.json references', sorted(found), sorted(expected))];
}

function checkEntryPoints(folder, manifest) {
  const targets = [
    manifest.main,
    manifest.types,
    ...exportTargets(manifest.exports),
    ...Object.values(manifest.bin ?? {}),
  ];
  return [...new Set(targets)]
    .filter((target) => !target || !existsSync(path.join(folder, target)))
    .map((target) => (target ? `${target} does not exist; is it built?` : 'main and types are required'));
}

function exportTargets(value) {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(exportTargets) : [value];
}

function references(file, folder) {
  const { references: found = [] } = existsSync(file) ? readJson(file) : {};
  return found.map((reference) => path.posix.join(folder, reference.path).replace(/\/$/, ''));
}

function sorted(values) {
  return [...values].sort().join(', ');
}

function expectEqual(field, actual, expected) {
  return actual === expected ? [] : [`${field} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`];
}
