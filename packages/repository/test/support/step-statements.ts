import type { ChangeSet, Storage } from '@process-engine/contracts/storage';
import { processBuilder, TestEngine } from '@process-engine/core/testing';
import type { SequelizeStorage } from '@process-engine/repository';

/** Statements of the commits of each step, without those that begin and end the transaction. */
export interface StepStatements {
  /** Starting an instance, up to its external task. */
  readonly start: number;
  /** Completing the external task, up to a user task: two tables of open rows are written. */
  readonly goOn: number;
  /** Completing the user task, and with it the instance. */
  readonly complete: number;
}

const ORDER = processBuilder('order').startEvent('Start').externalTask('Pack', 'pack').userTask('Send').endEvent('End');

/**
 * Runs a process with an external and a user task twice: when connections, statements and caches are warm it is counted.
 *
 * @param framing the statements that begin and end a transaction.
 */
export async function statementsPerStep(
  storage: SequelizeStorage,
  framing: number,
  eventLog: 'none' | 'all',
): Promise<StepStatements> {
  const counts: number[] = [];
  const engine = await TestEngine.start({ storage: counting(storage, framing, counts), eventLog });
  try {
    await engine.deploy(ORDER);
    await steps(engine);
    counts.length = 0;
    await steps(engine);
  } finally {
    await engine.stop();
  }
  const [start, goOn, complete, ...more] = counts;
  if (start === undefined || goOn === undefined || complete === undefined || more.length > 0) {
    throw new Error(`three steps made ${counts.length} commits`);
  }
  return { start, goOn, complete };
}

async function steps(engine: TestEngine): Promise<void> {
  await engine.start('order', { amount: 1 });
  await engine.work('pack', { packed: true });
  await engine.finish('Send', { sent: true });
}

function counting(storage: SequelizeStorage, framing: number, counts: number[]): Storage {
  const commit = async (changes: ChangeSet): Promise<void> => {
    const before = storage.statistics.statements;
    await storage.commit(changes);
    counts.push(storage.statistics.statements - before - framing);
  };
  return new Proxy(storage, {
    get(target, name): unknown {
      if (name === 'commit') return commit;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
