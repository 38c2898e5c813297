/** Ports that packages share: the embedding application may bring its own. */

/** Structured logging: fields first, then the message, as pino has it. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Logs nothing. */
export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The structural part of an IoC container (for example addict-ioc) that `registerInContainer` functions use. */
export interface IocContainer {
  register(key: string, type: unknown): IocRegistration;
}

export interface IocRegistration {
  dependencies(...keys: string[]): IocRegistration;
  configure(config: unknown): IocRegistration;
  singleton(): IocRegistration;
}
