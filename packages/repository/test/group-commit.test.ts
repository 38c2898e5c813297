import { expect } from 'chai';
import { describe, it } from 'mocha';
import { StorageUnavailableError } from '@process-engine/contracts/storage';

import { GroupCommit, type BatchRunner } from '../dist/group-commit.js';

interface Item {
  readonly name: string;
  readonly weight: number;
}

/** Runs batches when told to, and notes them. Members named `bad…` fail. */
class Batches implements BatchRunner<Item, string> {
  readonly together: string[][] = [];
  readonly each: string[][] = [];
  failure: Error | undefined;
  gate: Promise<void> = Promise.resolve();

  async runTogether(members: readonly Item[]): Promise<readonly string[]> {
    this.together.push(members.map(({ name }) => name));
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    return members.map(result);
  }

  async runEach(members: readonly Item[]): Promise<readonly PromiseSettledResult<string>[]> {
    this.each.push(members.map(({ name }) => name));
    return Promise.allSettled(members.map(async (member) => result(member)));
  }
}

function result({ name }: Item): string {
  if (name.startsWith('bad')) throw new Error(`${name} failed`);
  return `${name} done`;
}

function item(name: string, weight = 1): Item {
  return { name, weight };
}

describe('group commit', () => {
  it('puts what was submitted in the same turn into one batch and answers each member', async () => {
    const batches = new Batches();
    const group = new GroupCommit(batches);
    const results = await Promise.all(['a', 'b', 'c'].map((name) => group.submit(item(name))));
    expect(results).to.deep.equal(['a done', 'b done', 'c done']);
    expect(batches.together).to.deep.equal([['a', 'b', 'c']]);
  });

  it('gathers what comes while a batch is under way', async () => {
    const batches = new Batches();
    const { promise, open } = gate();
    batches.gate = promise;
    const group = new GroupCommit(batches);
    const first = group.submit(item('a'));
    await turns();
    const others = [group.submit(item('b')), group.submit(item('c'))];
    open();
    await Promise.all([first, ...others]);
    expect(batches.together).to.deep.equal([['a'], ['b', 'c']]);
  });

  it('has as many batches under way as wanted, and no more', async () => {
    const batches = new Batches();
    const { promise, open } = gate();
    batches.gate = promise;
    const group = new GroupCommit(batches, { maxInFlight: 2 });
    const results = [group.submit(item('a')), group.submit(item('b'))];
    await turns();
    results.push(group.submit(item('c')));
    await turns();
    results.push(group.submit(item('d')), group.submit(item('e')));
    await turns();
    expect(batches.together).to.deep.equal([['a', 'b'], ['c']]);
    open();
    await group.close();
    await Promise.all(results);
    expect(batches.together).to.deep.equal([['a', 'b'], ['c'], ['d', 'e']]);
  });

  it('bounds a batch by members and by weight', async () => {
    const batches = new Batches();
    const group = new GroupCommit(batches, { maxMembers: 2, maxWeight: 10 });
    await Promise.all(
      [item('a'), item('b'), item('c', 8), item('d', 8), item('e', 99)].map((member) => group.submit(member)),
    );
    expect(batches.together).to.deep.equal([['a', 'b'], ['c'], ['d'], ['e']]);
  });

  it('runs a heavy member by itself, beside light ones where it may', async () => {
    const batches = new Batches();
    const { promise, open } = gate();
    batches.gate = promise;
    const group = new GroupCommit(batches, { maxInFlight: 2, heavy: 10 });
    const results = [item('H1', 10), item('a'), item('H2', 10), item('b')].map((member) => group.submit(member));
    await turns();
    expect(batches.together).to.deep.equal([['H1'], ['a', 'b']]);
    open();
    await Promise.all(results);
    expect(batches.together.at(-1)).to.deep.equal(['H2']);
  });

  it('lets light members that come meanwhile go before the next heavy one', async () => {
    const batches = new Batches();
    const { promise, open } = gate();
    batches.gate = promise;
    const group = new GroupCommit(batches, { heavy: 10 });
    const results = [group.submit(item('H1', 10)), group.submit(item('H2', 10))];
    await turns();
    results.push(group.submit(item('a')));
    open();
    await Promise.all(results);
    expect(batches.together).to.deep.equal([['H1'], ['a'], ['H2']]);
  });

  it('keeps heavy members waiting for no one where there are no light ones, and for no pause when it closes', async () => {
    const batches = new Batches();
    const group = new GroupCommit(batches, { heavy: 10 });
    await Promise.all([item('H1', 10), item('H2', 10)].map((member) => group.submit(member)));
    const { promise, open } = gate();
    batches.gate = promise;
    const results = [item('H3', 10), item('H4', 10), item('a')].map((member) => group.submit(member));
    await turns();
    const closed = group.close();
    open();
    await Promise.all([closed, ...results]);
    expect(batches.together.flat()).to.have.members(['H1', 'H2', 'H3', 'H4', 'a']);
  });

  it('runs the members of a failed batch for themselves', async () => {
    const batches = new Batches();
    const group = new GroupCommit(batches);
    const outcomes = await Promise.allSettled(['a', 'bad', 'c'].map((name) => group.submit(item(name))));
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
    expect(batches.each).to.deep.equal([['a', 'bad', 'c']]);
  });

  it('does not repeat a lone member', async () => {
    const batches = new Batches();
    const [outcome] = await Promise.allSettled([new GroupCommit(batches).submit(item('bad'))]);
    expect(outcome).to.have.nested.property('reason.message', 'bad failed');
    expect(batches.each).to.deep.equal([]);
  });

  it('fails all members when the database is not available', async () => {
    const batches = new Batches();
    batches.failure = new StorageUnavailableError('disk full');
    const group = new GroupCommit(batches);
    const outcomes = await Promise.allSettled(['a', 'b'].map((name) => group.submit(item(name))));
    expect(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason === batches.failure)).to.equal(
      true,
    );
    expect(batches.each).to.deep.equal([]);
    batches.failure = undefined;
    expect(await group.submit(item('c'))).to.equal('c done');
  });

  it('refuses members once too many wait, or too heavy ones', async () => {
    const group = new GroupCommit(new Batches(), { maxQueued: 2, maxQueuedWeight: 10 });
    const taken = [group.submit(item('a')), group.submit(item('b'))];
    const [refused] = await Promise.allSettled([group.submit(item('c'))]);
    expect(refused).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
    await Promise.all(taken);
    expect(group.isFull).to.equal(false);
    const heavy = group.submit(item('d', 10));
    expect(group.isFull).to.equal(true);
    const [refusedToo] = await Promise.allSettled([group.submit(item('e'))]);
    expect(refusedToo).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
    expect(await heavy).to.equal('d done');
    expect(await group.submit(item('f'))).to.equal('f done');
  });

  it('finishes what was taken before it closes, and takes nothing afterwards', async () => {
    const batches = new Batches();
    const group = new GroupCommit(batches, { maxMembers: 1 });
    const taken = [group.submit(item('a')), group.submit(item('b'))];
    await group.close();
    expect(batches.together).to.deep.equal([['a'], ['b']]);
    expect(await Promise.all(taken)).to.deep.equal(['a done', 'b done']);
    const [refused] = await Promise.allSettled([group.submit(item('c'))]);
    expect(refused).to.have.property('reason').that.is.instanceOf(StorageUnavailableError);
  });
});

function gate(): { promise: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** Lets the event loop go round twice. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
