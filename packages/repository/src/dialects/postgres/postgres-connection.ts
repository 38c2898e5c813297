/** The part of a connection of the `pg` package that is used. */
export interface PostgresConnection {
  query(statement: PostgresStatement): Promise<PostgresResult<readonly unknown[]>>;
  /** Several statements, separated by semicolons, have several results. */
  query(sql: string): Promise<PostgresResult<unknown> | readonly PostgresResult<unknown>[]>;
  end(): Promise<void>;
}

export interface PostgresStatement {
  /** Prepared under this name, once per connection. */
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly rowMode: 'array';
}

export interface PostgresResult<Row> {
  /** The statement's first word. */
  readonly command: string;
  readonly rows: readonly Row[];
  readonly rowCount: number | null;
}

/** The same, as a connection that listens is used. */
export interface ListeningConnection {
  query(sql: string, values?: readonly unknown[]): Promise<PostgresResult<Readonly<Record<string, unknown>>>>;
  on(event: 'notification', listener: (notification: { readonly payload?: string }) => void): unknown;
  on(event: 'error' | 'end', listener: () => void): unknown;
  end(): Promise<void>;
}
