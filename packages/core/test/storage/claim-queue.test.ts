import { expect } from 'chai';
import { describe, it } from 'mocha';

import { ClaimQueue, type ClaimableRow } from '../../dist/storage/memory/claim-queue.js';

interface Row extends ClaimableRow {
  readonly rank: number;
}

/** The same sequence of numbers every time (a linear congruential generator). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

function byRank(left: Row, right: Row): number {
  return left.rank - right.rank || (left.id < right.id ? -1 : 1);
}

describe('a claim queue', () => {
  it('hands out the same rows as a sorted list, whatever is put, deleted, locked and taken', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const next = numbers(seed);
      const queue = new ClaimQueue<Row>(byRank);
      const rows = new Map<string, Row>();
      for (let now = 1; now <= 400; now += 1) {
        const id = `row-${next(60)}`;
        if (next(4) === 0) {
          queue.delete(id);
          rows.delete(id);
        } else {
          const row = { id, rank: next(50), lockedUntil: next(3) === 0 ? now + next(20) : 0 };
          queue.put(row);
          rows.set(id, row);
        }
        expect(queue.size).to.equal(rows.size);
        if (next(5) > 0) continue;
        const limit = 1 + next(8);
        const dueRank = next(60);
        const claimable = [...rows.values()].filter(({ lockedUntil }) => lockedUntil <= now).sort(byRank);
        const end = claimable.findIndex(({ rank }) => rank > dueRank);
        const expected = (end === -1 ? claimable : claimable.slice(0, end)).slice(0, limit);
        const taken = queue.take(now, limit, ({ rank }) => rank <= dueRank);
        expect(taken, `seed ${seed}, now ${now}`).to.deep.equal(expected);
        for (const row of taken) {
          const locked = { ...row, lockedUntil: now + 1 + next(10) };
          queue.put(locked);
          rows.set(row.id, locked);
        }
      }
    }
  });

  it('knows the first free row and the lock that ends first', () => {
    const queue = new ClaimQueue<Row>(byRank);
    expect([queue.firstFree, queue.firstLocked]).to.deep.equal([undefined, undefined]);
    const rows = [
      { id: 'a', rank: 2, lockedUntil: 0 },
      { id: 'b', rank: 1, lockedUntil: 0 },
      { id: 'c', rank: 1, lockedUntil: 9 },
      { id: 'd', rank: 1, lockedUntil: 8 },
    ];
    for (const row of rows) queue.put(row);
    expect([queue.firstFree?.id, queue.firstLocked?.id]).to.deep.equal(['b', 'd']);
  });

  it('keeps a lock for a claimer whose clock is behind', () => {
    const queue = new ClaimQueue<Row>(byRank);
    queue.put({ id: 'a', rank: 1, lockedUntil: 10 });
    expect(queue.take(20, 5, () => false)).to.deep.equal([]);
    expect(queue.take(5, 5, () => true)).to.deep.equal([]);
    expect(queue.take(10, 5, () => true)).to.have.length(1);
  });
});
