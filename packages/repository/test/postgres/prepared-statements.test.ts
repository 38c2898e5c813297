import { expect } from 'chai';
import { describe, it } from 'mocha';

import { PreparedStatements } from '../../dist/dialects/postgres/prepared-statements.js';

describe('prepared statements', () => {
  it('number their parameters and keep their name', () => {
    const statements = new PreparedStatements();
    const first = statements.statement('select ? + ?', [1, 2]);
    expect(first).to.deep.include({ text: 'select $1 + $2', values: [1, 2] });
    expect(statements.statement('select ? + ?', [3, 4]).name).to.equal(first.name);
    expect(statements.statement('select ? - ?', [3, 4]).name).not.to.equal(first.name);
    expect(new PreparedStatements().statement('select ? + ?', []).name).to.equal(first.name);
  });

  it('are planned anew at the 10th, 100th and 1,000th execution', () => {
    const statements = new PreparedStatements();
    const names = Array.from({ length: 1000 }, () => statements.statement('select ?', [1]).name);
    const changes = names.flatMap((name, at) => (at > 0 && name !== names[at - 1] ? [at + 1] : []));
    expect(changes).to.deep.equal([10, 100, 1000]);
  });

  it('are bounded in number', () => {
    const statements = new PreparedStatements();
    const names = Array.from({ length: 400 }, (_, at) => statements.statement(`select ${at}`, []).name);
    expect(names.filter((name) => name !== undefined).length).to.equal(300);
  });
});
