export { createServer, type Server, type ServerOptions } from './create-server.js';
export { ConfigurationError } from './configuration/configuration-error.js';
export type { Configuration } from './configuration/configuration-schema.js';
export { loadConfiguration, type ConfigurationSources } from './configuration/load-configuration.js';
export { createLogger, type LoggerOptions, type LogLevel } from './create-logger.js';
