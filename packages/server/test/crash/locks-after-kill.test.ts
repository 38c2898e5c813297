import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { rejection } from '../support/rejection.js';
import { HOLDING, journey } from './crash-models.js';
import {
  deploy,
  driveTo,
  driveToEnd,
  finishExternalTask,
  IDENTITY,
  LOCK_DURATION,
  lockTasks,
  nodeInstance,
  notesOf,
} from './drive.js';
import { EngineLives } from './engine-lives.js';
import { until } from './until.js';

describe('work that was locked when its engine process was killed', function () {
  this.timeout(20_000);
  let lives: EngineLives;

  before(async () => {
    lives = new EngineLives();
    await lives.begin();
    await deploy(lives, journey('journey'), HOLDING);
  });

  after(() => lives.end());

  it('stays with the external worker that locked it, until its time has passed', async () => {
    const instance = await start('journey');
    const { id: task } = await driveTo(lives, instance, 'pack');
    expect(await lockTasks(lives, 'pack', 'worker-a')).to.deep.equal([task]);
    await lives.killAndRevive();

    expect(await lockTasks(lives, 'pack', 'worker-b')).to.deep.equal([]);
    expect(await rejection(finishExternalTask(lives, task, 'worker-b'))).to.have.property('code', 423);
    await lives.advanceTo(lives.now() + LOCK_DURATION);
    expect(await lockTasks(lives, 'pack', 'worker-b')).to.deep.equal([task]);
    expect(await rejection(finishExternalTask(lives, task, 'worker-a'))).to.have.property('code', 423);
    await finishExternalTask(lives, task, 'worker-b');
    expect(await rejection(finishExternalTask(lives, task, 'worker-a'))).to.have.property('code', 410);
    expect(await driveToEnd(lives, instance)).to.have.property('state', 'finished');
  });

  it('is begun again at once by the same node where a service was interrupted', async () => {
    const instance = await start('holding');
    await begun(instance, 1);
    await lives.killAndRevive();
    await begun(instance, 2);
    await expectHeld(instance, 2);
  });

  it("is begun by another node when the dead node's lock has ended", async () => {
    const instance = await start('holding');
    await begun(instance, 1);
    await lives.killAndRevive({ nodeId: 'another' });
    await lives.engine.control.idle();
    expect(notesOf(lives, instance)).to.have.length(1);
    await lives.advanceTo(lives.now() + LOCK_DURATION);
    await begun(instance, 2);
    await expectHeld(instance, 2);
  });

  async function start(processModelId: string): Promise<string> {
    return (await lives.engine.consumerApi.startProcessInstance(IDENTITY, processModelId)).processInstanceId;
  }

  /** The service's handler is at work for the `times`-th time. */
  function begun(instance: string, times: number): Promise<true> {
    return until(`the service runs for the ${times}. time`, () =>
      Promise.resolve(notesOf(lives, instance).length >= times ? true : undefined),
    );
  }

  /** However often it was begun, it was one flow node instance, and what follows ran once. */
  async function expectHeld(instance: string, times: number): Promise<void> {
    const service = await nodeInstance(lives, instance, 'hold');
    await lives.engine.control.release();
    const { state, path } = await driveToEnd(lives, instance);
    expect(state).to.equal('finished');
    expect(path).to.deep.equal(['start', 'hold', 'note-held', 'end']);
    const entries = lives.ledger.entries(instance);
    const held = entries.filter(({ flowNodeId }) => flowNodeId === 'hold');
    expect(held.map(({ flowNodeInstanceId }) => flowNodeInstanceId)).to.deep.equal(new Array(times).fill(service?.id));
    expect(entries).to.have.length(times + 1);
  }
});
