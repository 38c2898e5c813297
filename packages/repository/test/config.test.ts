import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createStorage, type StorageConfig } from '@process-engine/repository';

describe('the configuration of a database', () => {
  const valid: StorageConfig = { dialect: 'sqlite', storage: ':memory:' };

  it('takes what the configuration files hold, with nulls', async () => {
    const storage = createStorage({
      ...valid,
      username: null,
      password: null,
      database: null,
      host: null,
      port: null,
      supportBigNumbers: true,
      logging: false,
      resetPasswordRequestTimeToLive: 12,
    });
    await storage.open();
    await storage.close();
  });

  const wrong: readonly (readonly [string, object, RegExp])[] = [
    ['no dialect', { storage: ':memory:' }, /'dialect' is missing/],
    ['an unknown dialect', { ...valid, dialect: 'oracle' }, /'dialect' "oracle" is unknown/],
    ['no database on a server', { dialect: 'postgres', database: null }, /'database' is missing/],
    ['a schema that is no plain name', { ...valid, schema: 'a b' }, /'schema' is "a b", expected is a name/],
    ['too few connections', { ...valid, poolSize: 1 }, /'poolSize' is 1, expected is a number from 4/],
    ['encryption of another type', { ...valid, ssl: 'yes' }, /'ssl' is "yes"/],
    ['no database on MySQL', { dialect: 'mysql', host: 'localhost' }, /'database' is missing/],
    ['a schema on MariaDB', { dialect: 'mariadb', database: 'pe', schema: 'pe' }, /'schema' is for PostgreSQL/],
    ['the name of something else', { ...valid, dialect: 'toString' }, /'dialect' "toString" is unknown/],
    ['a dialect of another type', { ...valid, dialect: 7 }, /'dialect' is 7, expected is a text/],
    ['no file', { dialect: 'sqlite', storage: null }, /'storage' is missing/],
    ['an empty file name', { dialect: 'sqlite', storage: '' }, /'storage' is missing/],
    ['a port that is none', { ...valid, port: 'high' }, /'port' is "high", expected is a port number/],
    ['a password of another type', { ...valid, password: 1234 }, /'password' is of another type/],
    [
      'an unknown durability',
      { ...valid, synchronous: 'off' },
      /'synchronous' is "off", expected is 'full' or 'normal'/,
    ],
    ['logging of another type', { ...valid, logging: 'yes' }, /'logging' is "yes"/],
    ['an unknown key', { ...valid, storag: 'x' }, /'storag' is unknown/],
    ['a list', [], /an object is expected/],
  ];
  for (const [title, config, message] of wrong) {
    it(`refuses ${title}, naming the key`, () => {
      expect(() => createStorage(config as StorageConfig)).to.throw(message);
    });
  }

  it('passes statements to a logging function', async () => {
    const logged: string[] = [];
    const storage = createStorage({ ...valid, logging: (sql) => logged.push(sql) });
    await storage.open();
    await storage.close();
    expect(logged.some((sql) => sql.includes('create table if not exists process_instance'))).to.equal(true);
  });
});
