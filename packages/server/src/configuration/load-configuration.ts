import { checkConfiguration, type Origin } from './check-configuration.js';
import { configurationSchema, type Configuration } from './configuration-schema.js';
import { overridesIn, valueOf, withValue, type Override } from './environment-variables.js';
import { readConfigurationFile, readConfigurationFolder, type FoundConfiguration } from './read-configuration.js';

/** Where the configuration comes from. */
export interface ConfigurationSources {
  /** One JSON file, `{section: {name: {…}}}`. Without it the folder counts. */
  readonly file?: string | undefined;
  /** Root of the files `<folder>/<environment>/<section>/<name>.json`. Default: the variable CONFIG_PATH, else no files. */
  readonly folder?: string | undefined;
  /** Default: the variable NODE_ENV, else `sqlite`. */
  readonly environment?: string | undefined;
  /** Single values: `section__name__key`. Default: the variables of the process. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Reads the configuration: files first, then environment variables over them.
 *
 * @throws ConfigurationError naming the file, variable and key at fault, and what to do about it.
 */
export function loadConfiguration(sources: ConfigurationSources = {}): Configuration {
  const { variables = process.env } = sources;
  const found = readFiles(sources, variables);
  const overrides = overridesIn(variables);
  return checkConfiguration(applied(found.values, overrides), originIn(found, overrides));
}

function readFiles(
  { file, folder, environment }: ConfigurationSources,
  variables: Readonly<Record<string, string | undefined>>,
): FoundConfiguration {
  if (file !== undefined) return readConfigurationFile(file);
  const root = folder ?? nonEmpty(variables['CONFIG_PATH']);
  if (root === undefined) return { values: {}, files: new Map() };
  return readConfigurationFolder(root, environment ?? nonEmpty(variables['NODE_ENV']) ?? 'sqlite');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** A variable is read as JSON, unless its key wants a text: a password may be `12345`. */
function applied(values: unknown, overrides: readonly Override[]): unknown {
  const asJson = overrides.reduce<unknown>((all, { path, text }) => withValue(all, path, valueOf(text)), values);
  const { error } = configurationSchema.safeParse(asJson);
  const wrong = new Set(error?.issues.map(({ path }) => path.join('__')));
  return overrides
    .filter(({ path }) => wrong.has(path.join('__')))
    .reduce<unknown>((all, { path, text }) => withValue(all, path, text), asJson);
}

function originIn({ files }: FoundConfiguration, overrides: readonly Override[]): Origin {
  return (path) => {
    const variable = overrides.find((override) => startsWith(path.map(String), override.path));
    if (variable !== undefined) return `environment variable ${variable.variable}`;
    const [section, name] = path.map(String);
    const file = files.get(`${section}:${name}`) ?? files.get(`${section}`);
    return file === undefined ? undefined : `file ${file}`;
  };
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((step, index) => path[index] === step);
}
