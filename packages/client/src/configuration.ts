import type { ExternalAccessorConfig } from './accessors/external-accessor.js';

/** Where the engine's address may stand, the first one wins; a path is `section:name`. */
export const HTTP_CONFIG_PATHS = ['services:http', 'http:http_client'] as const;

/** Where the address of the notifications stands. */
export const ACCESSOR_CONFIG_PATH = 'consumer_api:external_accessor';

/**
 * Reads the options of an external accessor from an application's configuration: `services:http` or `http:http_client`
 * `{url}`, and `consumer_api:external_accessor` `{socketUrl}`. A path is a nested object or one key with colons.
 * TypeError naming the field: it is missing, or no text.
 */
export function externalAccessorConfig(configuration: unknown): ExternalAccessorConfig {
  const url = HTTP_CONFIG_PATHS.map((path) => textAt(configuration, path, 'url')).find((found) => found !== undefined);
  if (url === undefined) {
    throw new TypeError(`The configuration needs ${HTTP_CONFIG_PATHS.join(' or ')}, an object {url}.`);
  }
  const socketUrl = textAt(configuration, ACCESSOR_CONFIG_PATH, 'socketUrl');
  return socketUrl === undefined ? { url } : { url, socketUrl };
}

function textAt(configuration: unknown, path: string, field: string): string | undefined {
  const [section, name] = path.split(':') as [string, string];
  const value = fieldOf(sectionAt(configuration, path) ?? sectionAt(fieldOf(configuration, section), name), field);
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw new TypeError(`The configuration's ${path}.${field} must be a text.`);
}

const sectionAt = fieldOf;

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Record<string, unknown>)[name];
}
