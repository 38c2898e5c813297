import { expect } from 'chai';
import { createIdSource } from '../../dist/runtime/ids.js';
import { LruCache } from '../../dist/runtime/lru-cache.js';

describe('The source of ids', () => {
  const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  it('makes UUIDs of version 7 that carry the time', () => {
    const id = createIdSource(() => Date.UTC(2030, 0, 1))();
    expect(id).to.match(UUID_7);
    expect(parseInt(id.replace('-', '').slice(0, 12), 16)).to.equal(Date.UTC(2030, 0, 1));
  });

  it('makes them grow, also within a millisecond and when the clock is set back', () => {
    let now = 1_000_000;
    const newId = createIdSource(() => now);
    const ids: string[] = [];
    for (let i = 0; i < 10_000; i += 1) ids.push(newId());
    now -= 500;
    for (let i = 0; i < 10; i += 1) ids.push(newId());
    now += 100_000;
    ids.push(newId());
    expect(ids).to.deep.equal([...ids].sort());
    expect(new Set(ids).size).to.equal(ids.length);
    for (const id of ids) expect(id).to.match(UUID_7);
  });
});

describe('The cache of instances', () => {
  it('forgets what was not used for longest, and gives a value to one taker only', () => {
    const cache = new LruCache<number>(2);
    cache.put('a', 1);
    cache.put('b', 2);
    cache.put('a', 1);
    cache.put('c', 3);
    expect([cache.take('b'), cache.take('a'), cache.take('a'), cache.take('c')]).to.deep.equal([
      undefined,
      1,
      undefined,
      3,
    ]);
  });

  it('leaves a shared value where it is, as the one used last', () => {
    const cache = new LruCache<number>(2);
    cache.put('a', 1);
    expect(cache.isFull).to.equal(false);
    cache.put('b', 2);
    expect([cache.get('a'), cache.isFull]).to.deep.equal([1, true]);
    cache.put('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).to.deep.equal([1, undefined, 3]);
  });

  it('of size 0 keeps nothing', () => {
    const cache = new LruCache<number>(0);
    cache.put('a', 1);
    expect(cache.take('a')).to.equal(undefined);
  });
});
