import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { after, before, beforeEach, describe, it } from 'mocha';
import { ALARM, ALARMED, RECEIVER, SENDER } from './crash-models.js';
import { deploy, driveTo, driveToEnd, IDENTITY, instancesOf, notesOf, quiet } from './drive.js';
import type { Death } from './dying-storage.js';
import { EngineLives } from './engine-lives.js';

const HOUR = 3_600_000;

describe('an engine process that is killed between sending and receiving', function () {
  this.timeout(20_000);
  let lives: EngineLives;
  let correlationId: string;

  before(async () => {
    lives = new EngineLives();
    await lives.begin();
    await deploy(lives, RECEIVER, SENDER, ALARM, ALARMED);
  });

  beforeEach(() => {
    correlationId = randomUUID();
  });

  after(() => lives.end());

  it('brings a kept message to the instance that waited for it already', async () => {
    const receiver = await start('receiver');
    await driveTo(lives, receiver, 'payment');
    await dieAt({ moment: 'after', commit: 1 }, keepMessage);
    await expectPaid(receiver);
  });

  it('brings a kept message to an instance that had just begun to wait', async () => {
    await keepMessage();
    await dieAt({ moment: 'after', commit: 1 }, () => start('receiver'));
    const [receiver] = await instancesOf(lives, correlationId, 'receiver');
    await expectPaid(receiver!.id);
  });

  it('delivers a thrown message once', async () => {
    const receiver = await start('receiver');
    await driveTo(lives, receiver, 'payment');
    await dieAt({ moment: 'after', commit: 2 }, () => start('sender'));
    await expectPaid(receiver);
  });

  it('starts one instance by a thrown signal', async () => {
    await dieAt({ moment: 'after', commit: 2 }, () => start('alarm'));
    await quiet(lives);
    const alarmed = await instancesOf(lives, correlationId, 'alarmed');
    expect(alarmed.map(({ state }) => state)).to.deep.equal(['finished']);
  });

  async function start(processModelId: string): Promise<string> {
    const { consumerApi } = lives.engine;
    return (await consumerApi.startProcessInstance(IDENTITY, processModelId, { correlationId })).processInstanceId;
  }

  function keepMessage(): Promise<unknown> {
    const message = { name: 'paid', payload: { sum: 7 }, timeToLive: HOUR };
    return lives.engine.managementApi.publishMessage(IDENTITY, message);
  }

  async function dieAt(death: Death, act: () => Promise<unknown>): Promise<void> {
    await lives.engine.control.idle();
    await lives.engine.control.dieAt(death);
    await Promise.allSettled([act()]);
    await lives.revive();
  }

  /** The receiver got the message once, and no copy of it is left for anybody else. */
  async function expectPaid(receiver: string): Promise<void> {
    expect((await driveToEnd(lives, receiver)).state).to.equal('finished');
    expect(notesOf(lives, receiver).slice(0, 1)).to.deep.equal(['note-paid']);
    const now = lives.now();
    expect(await lives.engine.storage.findMessages({ tenantId: '', now })).to.deep.equal([]);
    expect(await lives.engine.control.audit()).to.deep.equal([]);
  }
});
