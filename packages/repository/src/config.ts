/** The configuration of a database: Sequelize's options as the engine's configuration files have always had them. */
export interface StorageConfig {
  /** `sqlite`, `postgres`, `mysql` or `mariadb` (which mean the same). */
  readonly dialect: string;
  /** SQLite: the path of the file, or `:memory:`. */
  readonly storage?: string | null;
  /** Database server: its address (default: the driver's, `localhost`). */
  readonly host?: string | null;
  readonly port?: number | null;
  readonly database?: string | null;
  readonly username?: string | null;
  readonly password?: string | null;
  /** PostgreSQL: the schema that holds the tables; made when it is missing. Default: what the user's search path says. */
  readonly schema?: string | null;
  /** Database server: true: the connection is encrypted, and the server's certificate checked. Default: not encrypted. */
  readonly ssl?: boolean | null;
  /** Database server: most connections, at least 4. Default 10. */
  readonly poolSize?: number | null;
  /** Found in old configuration files: times and counters are numbers either way. */
  readonly supportBigNumbers?: boolean | null;
  /** True: statements go to the console; a function gets them. Default: not logged. */
  readonly logging?: boolean | ((sql: string) => void) | null;
  /**
   * SQLite: `full` (default): a commit that was answered survives a power cut. `normal`: a power cut may lose the last
   * commits, the file stays sound; commits are cheaper.
   */
  readonly synchronous?: 'full' | 'normal';
  /** Found in old configuration files; ignored. */
  readonly resetPasswordRequestTimeToLive?: unknown;
}

interface Rule {
  readonly accepts: (value: unknown) => boolean;
  readonly expected: string;
}

const TEXT: Rule = { accepts: (value) => typeof value === 'string', expected: 'a text or null' };
const PORT: Rule = {
  accepts: (value) => typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536,
  expected: 'a port number or null',
};

const RULES: Readonly<Record<keyof StorageConfig, Rule>> = {
  dialect: TEXT,
  storage: TEXT,
  host: TEXT,
  port: PORT,
  database: TEXT,
  username: TEXT,
  password: TEXT,
  schema: {
    accepts: (value) => typeof value === 'string' && /^[a-z_][a-z0-9_]{0,62}$/.test(value),
    expected: 'a name of lower case letters, digits and _',
  },
  ssl: { accepts: (value) => typeof value === 'boolean', expected: 'true, false or null' },
  poolSize: {
    accepts: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 4 && value <= 1000,
    expected: 'a number from 4 to 1000',
  },
  supportBigNumbers: { accepts: (value) => typeof value === 'boolean', expected: 'true, false or null' },
  logging: {
    accepts: (value) => typeof value === 'boolean' || typeof value === 'function',
    expected: 'true, false, a function or null',
  },
  synchronous: { accepts: (value) => value === 'full' || value === 'normal', expected: "'full' or 'normal'" },
  resetPasswordRequestTimeToLive: { accepts: () => true, expected: 'anything' },
};

/**
 * Checks a configuration that came from a file or a caller.
 *
 * @throws Error that names the key at fault.
 */
export function checkConfig(config: unknown): StorageConfig {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new Error(`database configuration: an object is expected, not ${JSON.stringify(config) ?? 'undefined'}`);
  }
  for (const [key, value] of Object.entries(config)) checkKey(key, value);
  const present = Object.fromEntries(
    Object.entries(config).filter(([, value]) => value !== null && value !== undefined),
  );
  if (present['dialect'] === undefined)
    throw new Error("database configuration: 'dialect' is missing (for example sqlite)");
  return present as unknown as StorageConfig;
}

function checkKey(key: string, value: unknown): void {
  if (!Object.hasOwn(RULES, key)) throw new Error(`database configuration: '${key}' is unknown`);
  if (value === null || value === undefined) return;
  const rule = RULES[key as keyof StorageConfig];
  if (!rule.accepts(value)) {
    const shown = key === 'password' ? 'of another type' : (JSON.stringify(value) ?? typeof value);
    throw new Error(`database configuration: '${key}' is ${shown}, expected is ${rule.expected}`);
  }
}
