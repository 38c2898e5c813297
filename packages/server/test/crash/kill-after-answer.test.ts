import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { rejection } from '../support/rejection.js';
import { journey } from './crash-models.js';
import {
  deploy,
  driveTo,
  driveToEnd,
  finishExternalTask,
  finishUserTask,
  IDENTITY,
  instancesOf,
  LOCK_DURATION,
  lockTasks,
  notesOf,
  outcomeOf,
  WORKER,
  type Outcome,
} from './drive.js';
import { EngineLives } from './engine-lives.js';
import { until } from './until.js';

const NOTES = ['note-start', 'note-approved', 'note-packed', 'note-joined', 'note-rested'];

/** What is answered last before the process is killed. */
const KILL_POINTS: readonly { after: string; bring: (lives: EngineLives, instance: string) => Promise<unknown> }[] = [
  { after: 'the start', bring: () => Promise.resolve() },
  {
    after: 'finishing a user task',
    bring: async (lives, instance) => finishUserTask(lives, await driveTo(lives, instance, 'approve')),
  },
  {
    after: 'fetching and locking an external task',
    bring: async (lives, instance) => {
      const { id: task } = await driveTo(lives, instance, 'pack');
      expect(await lockTasks(lives, 'pack')).to.deep.equal([task]);
    },
  },
  {
    after: 'extending a lock',
    bring: async (lives, instance) => {
      const { id: task } = await driveTo(lives, instance, 'pack');
      await lockTasks(lives, 'pack');
      await lives.engine.externalTaskApi.extendLock(IDENTITY, WORKER, task, 2 * LOCK_DURATION);
    },
  },
  {
    after: 'finishing an external task',
    bring: async (lives, instance) => {
      const { id: task } = await driveTo(lives, instance, 'pack');
      await lockTasks(lives, 'pack');
      await finishExternalTask(lives, task);
    },
  },
  {
    after: 'the first of two arrivals at a parallel join',
    bring: async (lives, instance) => finishUserTask(lives, await driveTo(lives, instance, 'left')),
  },
  {
    after: 'the step that armed a timer',
    bring: async (lives, instance) => {
      await finishUserTask(lives, await driveTo(lives, instance, 'left'));
      await finishUserTask(lives, await driveTo(lives, instance, 'right'));
    },
  },
];

describe('an engine process that is killed right after an answer', function () {
  this.timeout(20_000);
  let lives: EngineLives;
  let undisturbed: Outcome;

  before(async () => {
    lives = new EngineLives();
    await lives.begin();
    await deploy(lives, journey('journey'));
    const instance = await start('journey');
    undisturbed = await driveToEnd(lives, instance);
    expect(undisturbed.state).to.equal('finished');
    expect(undisturbed.variables).to.include({ item: 'book', left: 'by tester', packed: true });
    expect(notesOf(lives, instance)).to.deep.equal(NOTES);
  });

  after(() => lives.end());

  it('has kept the deployment', async () => {
    await deploy(lives, journey('deployed-late'));
    await lives.killAndRevive();
    await expectUndisturbed(await start('deployed-late'));
  });

  for (const { after: answered, bring } of KILL_POINTS) {
    it(`goes on to the same end after ${answered}, and runs nothing twice`, async () => {
      const instance = await start('journey');
      await bring(lives, instance);
      const before = await outcomeOf(lives, instance);
      await lives.killAndRevive();
      expect(await outcomeOf(lives, instance)).to.deep.equal(before);
      await expectUndisturbed(instance);
    });
  }

  it('fires a timer whose time came while no engine lived', async () => {
    const instance = await start('journey');
    await finishUserTask(lives, await driveTo(lives, instance, 'left'));
    await finishUserTask(lives, await driveTo(lives, instance, 'right'));
    await lives.killAndRevive({ later: 3_600_000 });
    await expectUndisturbed(instance);
  });

  it('answers a caller who waited for the end, lost the answer and asks again with the same key', async () => {
    const payload = { correlationId: 'asked-twice', idempotencyKey: 'asked-twice', inputValues: { item: 'book' } };
    const ask = () => lives.engine.consumerApi.startProcessInstance(IDENTITY, 'journey', payload, 2);
    const first = rejection(ask());
    const { id } = await until(
      'the instance stands',
      async () => (await instancesOf(lives, 'asked-twice', 'journey'))[0],
    );
    await lives.killAndRevive();
    expect((await first).message).to.contain('gone');
    const second = ask();
    await expectUndisturbed(id);
    expect(await second).to.include({ processInstanceId: id, endEventId: 'end' });
  });

  async function start(processModelId: string): Promise<string> {
    const payload = { inputValues: { item: 'book' } };
    const { consumerApi } = lives.engine;
    return (await consumerApi.startProcessInstance(IDENTITY, processModelId, payload)).processInstanceId;
  }

  async function expectUndisturbed(instance: string): Promise<void> {
    expect(await driveToEnd(lives, instance)).to.deep.equal(undisturbed);
    expect(notesOf(lives, instance)).to.deep.equal(NOTES);
    expect(await lives.engine.control.audit()).to.deep.equal([]);
  }
});
