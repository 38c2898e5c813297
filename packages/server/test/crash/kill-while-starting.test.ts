import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import type { ProcessInstanceRecord } from '@process-engine/contracts/storage';
import { randomFrom } from '../support/random.js';
import { MANY } from './crash-models.js';
import { deploy, IDENTITY, instancesOf, notesOf, outcomeOf } from './drive.js';
import { EngineLives } from './engine-lives.js';
import { until } from './until.js';

const STARTS = 50;
const SEEDS = [1, 5, 8];
/** A start's own commit, and that of the service after it. */
const COMMITS = 2 * STARTS;

describe('an engine process that is killed while 50 starts are under way', function () {
  this.timeout(20_000);
  let lives: EngineLives;

  before(async () => {
    lives = new EngineLives();
    await lives.begin();
    await deploy(lives, MANY);
  });

  after(() => lives.end());

  for (const seed of SEEDS) {
    const random = randomFrom(seed);
    const commit = 1 + Math.floor(random() * COMMITS);
    const moment = random() < 0.5 ? 'before' : 'after';

    it(`has each answered one exactly once when it kills itself ${moment} commit ${commit}`, async () => {
      await lives.engine.control.dieAt({ moment, commit });
      const answered = await startMany(`seed-${seed}`);
      await lives.revive();
      await expectEachOnce(`seed-${seed}`, answered);
    });

    const answers = Math.floor(random() * STARTS);
    it(`has each answered one exactly once when it is killed after ${answers} answers`, async () => {
      const answered = await startMany(`answers-${seed}`, answers);
      await lives.revive();
      await expectEachOnce(`answers-${seed}`, answered);
    });
  }

  /** The numbers of the starts that were answered; kills the engine after so many. */
  async function startMany(name: string, killAfter = Infinity): Promise<readonly number[]> {
    const answered: number[] = [];
    const { engine } = lives;
    const killing: Promise<void>[] = killAfter === 0 ? [engine.kill()] : [];
    const starts = Array.from({ length: STARTS }, async (_, number) => {
      await start(name, number);
      answered.push(number);
      if (answered.length === killAfter) killing.push(engine.kill());
    });
    await Promise.allSettled(starts);
    await Promise.all(killing);
    return answered;
  }

  async function start(name: string, number: number): Promise<void> {
    const key = `${name}-${number}`;
    await lives.engine.consumerApi.startProcessInstance(IDENTITY, 'many', { correlationId: key, idempotencyKey: key });
  }

  async function expectEachOnce(name: string, answered: readonly number[]): Promise<void> {
    const kept = await perStart(name);
    for (const number of answered) expect(kept[number], `answered start ${number}`).to.have.length(1);
    for (const instances of kept) expect(instances.length).to.be.at.most(1);
    // Whoever had no answer asks again with the same key.
    await Promise.all(kept.map((_, number) => start(name, number)));
    const instances = await perStart(name);
    for (const [number, { length }] of instances.entries()) expect(length, `start ${number}`).to.equal(1);
    await finishAll();
    await Promise.all(instances.map(([instance]) => expectFinished(instance!.id)));
    expect(await lives.engine.control.audit()).to.deep.equal([]);
  }

  function perStart(name: string): Promise<(readonly ProcessInstanceRecord[])[]> {
    return Promise.all(Array.from({ length: STARTS }, (_, number) => instancesOf(lives, `${name}-${number}`, 'many')));
  }

  /** Only the instances of this round still run. */
  async function finishAll(): Promise<void> {
    const { consumerApi, control } = lives.engine;
    const tasks = await until(`${STARTS} tasks wait`, async () => {
      const { userTasks } = await consumerApi.getUserTasksForProcessModel(IDENTITY, 'many');
      return userTasks.length === STARTS ? userTasks : undefined;
    });
    await Promise.all(
      tasks.map(({ processInstanceId, correlationId, flowNodeInstanceId }) =>
        consumerApi.finishUserTask(IDENTITY, processInstanceId, correlationId, flowNodeInstanceId, {
          formFields: { approved: true },
        }),
      ),
    );
    await control.idle();
  }

  async function expectFinished(instance: string): Promise<void> {
    expect(await outcomeOf(lives, instance)).to.deep.equal({
      state: 'finished',
      path: ['start', 'note-start', 'work', 'approve', 'note-approved', 'end'],
      variables: { worked: true, approved: true },
    });
    expect(notesOf(lives, instance).filter((note) => note === 'note-approved')).to.have.length(1);
  }
});
