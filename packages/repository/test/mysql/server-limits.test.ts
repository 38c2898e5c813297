import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Sequelize } from 'sequelize';
import { createStorage } from '@process-engine/repository';

import { keyRows } from '../../dist/dialects/mysql/key-table.js';
import { PacketLimit } from '../../dist/dialects/mysql/packet-limit.js';
import { checkSettings, checkVersion } from '../../dist/dialects/mysql/server-settings.js';
import { EVENT_LOG } from '../../dist/tables.js';

describe('MariaDB and MySQL servers', () => {
  for (const version of [
    '10.6.0-MariaDB',
    '10.11.19-MariaDB-0+deb12u1',
    '5.5.5-11.4.2-MariaDB',
    '8.0.17',
    '8.4.3',
    '9.1.0',
  ]) {
    it(`of version ${version} are taken`, () => {
      expect(() => checkVersion(version)).not.to.throw();
    });
  }

  for (const [version, least] of [
    ['10.5.9-MariaDB', 'MariaDB 10.6.0'],
    ['8.0.16', 'MySQL 8.0.17'],
    ['5.7.44-log', 'MySQL 8.0.17'],
  ] as const) {
    it(`of version ${version} are refused: ${least} is needed`, () => {
      expect(() => checkVersion(version)).to.throw(`${version}; ${least} or later is needed`);
    });
  }

  it('that would cut off values are refused', () => {
    const isolation = ['tx_isolation', 'READ-COMMITTED'];
    const wait = ['innodb_lock_wait_timeout', '50'];
    expect(checkSettings([isolation, wait, ['sql_mode', 'STRICT_TRANS_TABLES,ANSI_QUOTES']])).to.deep.equal({
      isolation: 'READ COMMITTED',
      waitsBriefly: false,
    });
    expect(() => checkSettings([isolation, ['sql_mode', 'ANSI_QUOTES']])).to.throw(/without STRICT_TRANS_TABLES/);
  });

  it("are not used over an application's Sequelize with another driver, or with flags that change what is counted", () => {
    const counting = new Sequelize('mysql://root@127.0.0.1/test', { dialectOptions: { flags: 'FOUND_ROWS' } });
    expect(() => createStorage({ sequelize: counting })).to.throw(/FOUND_ROWS/);
    const usual = new Sequelize('mysql://root@127.0.0.1/test', { dialectOptions: { flags: '-FOUND_ROWS' } });
    expect(() => createStorage({ sequelize: usual })).not.to.throw();
  });
});

describe('what fits into one statement on MariaDB', () => {
  const packet = 1_065_536;
  const limit = new PacketLimit(packet);
  const event = (size: number) => [null, 'tick', 'x'.repeat(size), 1];

  it('is 64 rows, 16, or up to 15: few statements and few shapes of them', () => {
    const rows = (number: number) => {
      const values = Array.from({ length: number }, () => event(1)).flat();
      return limit.insertParts({ table: EVENT_LOG, values }).map((part) => part.rows);
    };
    expect(rows(7)).to.deep.equal([7]);
    expect(rows(100)).to.deep.equal([64, 16, 16, 4]);
  });

  it('is fewer rows where they are large', () => {
    const values = [event(400_000), event(400_000), event(400_000), event(10)].flat();
    const parts = limit.insertParts({ table: EVENT_LOG, values });
    expect(parts.map((part) => part.rows)).to.deep.equal([2, 2]);
    expect(parts.map(({ from, to }) => [from, to])).to.deep.equal([
      [0, 8],
      [8, 16],
    ]);
    expect(limit.parts([event(80_000), event(80_000), event(80_000)]).map((part) => part.length)).to.deep.equal([2, 1]);
  });

  it('is never a row that the server would refuse: the error names the table and the setting', () => {
    const values = event(2_000_000);
    expect(() => limit.insertParts({ table: EVENT_LOG, values })).to.throw(
      /a row of event_log has \d+ bytes, .* takes 1065536 at once \(max_allowed_packet\)/,
    );
  });

  it('is one text for many keys, without null and without half characters', () => {
    expect(
      keyRows([
        ['a', null, 1],
        ['\ud800', 'b ', 2],
      ]),
    ).to.equal('[{"c0":"a","c2":1},{"c0":"\ufffd","c1":"b ","c2":2}]');
  });
});
