// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { registerInContainer } from '@process-engine/client/ioc';
import { Container, Resolver } from 'addict-ioc';

const folder = new URL('./config/demo/', import.meta.url);

/**
 * Registrations name their configuration by a path, for example `services:http`; this finds what belongs there.
 *
 * @extends {Resolver<any, any>}
 */
class ConfigurationResolver extends Resolver {
  /** @param {unknown} config */
  resolveConfig(config) {
    return typeof config === 'string' ? configuration(config) : config;
  }
}

export function createContainer() {
  const container = new Container({ resolver: new ConfigurationResolver() });
  // The IoC module of the client package registers everything the package has to offer.
  registerInContainer(container);
  container.validateDependencies('ConsumerApiClientService');
  return { container, configuration };
}

/**
 * The file `<section>/<name>.json`; single values may be replaced by environment variables `section__name__key`.
 *
 * @param {string} path `section:name`
 * @returns {any} undefined: nothing is configured there
 */
function configuration(path) {
  const [section, name] = path.split(':');
  const file = new URL(`${section}/${name}.json`, folder);
  if (!existsSync(file)) return undefined;
  const values = JSON.parse(readFileSync(file, 'utf8'));
  const replaced = Object.keys(values).map((key) => [key, process.env[`${section}__${name}__${key}`] ?? values[key]]);
  return Object.fromEntries(replaced);
}
