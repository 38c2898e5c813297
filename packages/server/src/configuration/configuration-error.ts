/** The configuration cannot be used. The message names every key at fault and what to do about it. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
