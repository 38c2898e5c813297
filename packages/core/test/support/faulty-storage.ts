/** Memory storage whose commits can be made to fail, and that can belong to several engines. */
import type { ChangeSet, Storage } from '@process-engine/contracts/storage';
import { MemoryStorage } from '../../dist/storage/memory-storage.js';

export interface Fault {
  /** Fails before the commit, or after it: then it has happened although the engine is told it has not. */
  readonly when: 'before' | 'after';
  readonly error: Error;
}

export class FaultyStorage extends MemoryStorage {
  readonly #faults = new Map<number, Fault>();
  /** Commits so far, failed ones included. */
  commits = 0;
  /** Lets commits of the change sets it picks fail. */
  failing: ((changes: ChangeSet) => Fault | undefined) | undefined;

  /** The n-th commit from now on (1: the next one) fails. */
  failAt(nth: number, fault: Fault): void {
    this.#faults.set(this.commits + nth, fault);
  }

  override async commit(changes: ChangeSet): Promise<void> {
    this.commits += 1;
    const fault = this.#faults.get(this.commits) ?? this.failing?.(changes);
    if (fault?.when === 'before') throw fault.error;
    await super.commit(changes);
    if (fault !== undefined) throw fault.error;
  }
}

/** The same storage as seen by an engine that is not alone on it. */
export function sharedStorage(storage: Storage): Storage {
  return new Proxy(storage, {
    get(target, name): unknown {
      if (name === 'shared') return true;
      // One engine's stop does not close it for the others.
      if (name === 'close') return () => Promise.resolve();
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** The storage as seen by an engine whose process dies: from a certain commit on, it is not answered any more. */
export function dyingStorage(
  storage: Storage,
  death: { readonly afterCommits: number; readonly committed: boolean },
): Storage {
  const never = new Promise<never>(() => undefined);
  let commits = 0;
  const commit = async (changes: ChangeSet): Promise<void> => {
    commits += 1;
    if (commits > death.afterCommits + 1) return never;
    if (commits <= death.afterCommits) return storage.commit(changes);
    if (death.committed) await storage.commit(changes);
    return never;
  };
  return new Proxy(storage, {
    get(target, name): unknown {
      if (name === 'commit') return commit;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return commits > death.afterCommits ? () => never : (value.bind(target) as unknown);
    },
  });
}
