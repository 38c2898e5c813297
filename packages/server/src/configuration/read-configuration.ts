import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError } from './configuration-error.js';

/** What files say, not yet checked, and in which file each `section:name` stands. */
export interface FoundConfiguration {
  readonly values: Record<string, unknown>;
  /** By `section:name`, or by section where a file holds whole sections. */
  readonly files: ReadonlyMap<string, string>;
}

/** One JSON file: `{section: {name: {…}}}`. */
export function readConfigurationFile(file: string): FoundConfiguration {
  const values = readJsonObject(file, 'the configuration file');
  return { values, files: new Map(Object.keys(values).map((section) => [section, file])) };
}

/** A folder of JSON files: `<root>/<environment>/<section>/<name>.json`. */
export function readConfigurationFolder(root: string, environment: string): FoundConfiguration {
  const folder = path.join(root, environment);
  if (!isFolder(folder)) {
    throw new ConfigurationError(
      `there is no configuration folder '${folder}': create it, or set CONFIG_PATH (root folder) and NODE_ENV (folder in it, default sqlite)`,
    );
  }
  const values: Record<string, Record<string, unknown>> = {};
  const files = new Map<string, string>();
  for (const section of namesIn(folder).filter((name) => isFolder(path.join(folder, name)))) {
    values[section] = {};
    for (const fileName of namesIn(path.join(folder, section)).filter((name) => name.endsWith('.json'))) {
      const file = path.join(folder, section, fileName);
      const name = path.basename(fileName, '.json');
      values[section][name] = readJsonObject(file, 'the configuration file');
      files.set(`${section}:${name}`, file);
    }
  }
  return { values, files };
}

function readJsonObject(file: string, what: string): Record<string, unknown> {
  const value = parsed(readText(file, what), file, what);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ConfigurationError(`${what} '${file}' must hold a JSON object`);
}

function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new ConfigurationError(`${what} '${file}' cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function parsed(text: string, file: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(`${what} '${file}' is not JSON: ${messageOf(error)}`, { cause: error });
  }
}

function namesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}

function isFolder(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
