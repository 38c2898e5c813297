/** What the workspace folders hold; paths are relative to the repository root, the working directory of every script. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const SCOPE = '@process-engine/';

/** @returns {{folder: string, manifest: object}[]} every folder directly under `parent` that has a package.json */
export function workspaces(parent) {
  return folders(parent)
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(`${folder}/package.json`))
    .map((folder) => ({ folder, manifest: readJson(`${folder}/package.json`) }));
}

/** @returns {string[]} the names, without the scope, of the sibling packages needed at run time */
export function siblings({ dependencies, optionalDependencies, peerDependencies }) {
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })
    .filter((name) => name.startsWith(SCOPE))
    .map((name) => name.slice(SCOPE.length));
}

/** @returns {string[]} the files under `folder` at any depth whose name ends in `ending`, sorted; none if there is no folder */
export function filesUnder(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.posix.join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('node_modules/'))
    .sort();
}

export function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function folders(parent) {
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
