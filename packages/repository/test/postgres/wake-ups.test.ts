import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createEngine, type ProcessEngine } from '@process-engine/core';
import { ManualClock, processBuilder } from '@process-engine/core/testing';
import type { WakeUp } from '@process-engine/contracts/storage';
import { createStorage, type SequelizeStorage } from '@process-engine/repository';

import { endOf, startOf } from '../support/change-sets.js';
import { serverDatabase } from '../support/server-database.js';
import { postgresServer } from './postgres-server.js';

const identity = { userId: 'alice', token: '' };

describe('PostgreSQL, wake-ups between nodes', function () {
  this.timeout(20_000);
  const database = serverDatabase(postgresServer);

  describe('of two storages', () => {
    let here: SequelizeStorage;
    let there: SequelizeStorage;
    let heard: WakeUp[];

    beforeEach(async () => {
      here = await database.createEmpty();
      there = createStorage(database.config);
      await Promise.all([here.open(), there.open()]);
      heard = [];
      here.onWakeUp((wakeUp) => heard.push(wakeUp));
    });

    afterEach(() => Promise.all([here.close(), there.close()]));

    it('tell of instances that ended, and not of those that only started', async () => {
      const event = { processInstanceId: null, kind: 'tick', payload: {}, createdAt: 1 };
      await until(async () => {
        await there.commit({ events: [event] });
        return heard.length > 0;
      });
      heard = [];
      await there.commit(startOf('instance-1'));
      await there.commit(endOf('instance-1'));
      await until(() => heard.some(({ endedInstances }) => endedInstances !== undefined));
      expect(heard.filter(({ events }) => events !== true)).to.deep.equal([{ endedInstances: ['instance-1'] }]);
    });

    it('are told as anything after the listening connection was lost, and then again one by one', async () => {
      await until(async () => (await cutListening()) > 0);
      await until(() => heard.some((wakeUp) => Object.keys(wakeUp).length === 0));
      heard = [];
      await until(async () => {
        await there.commit({ events: [{ processInstanceId: null, kind: 'tick', payload: {}, createdAt: 1 }] });
        return heard.some(({ events }) => events === true);
      });
    });

    it('leave nothing behind when they are closed', async () => {
      await Promise.all([here.close(), there.close()]);
      await until(async () => (await cutListening()) === 0);
    });
  });

  // Their clocks stand still: nobody looks again because time has passed.
  describe('of two engines', () => {
    let nodes: readonly ProcessEngine[];

    beforeEach(async () => {
      const storages = [await database.createEmpty(), createStorage(database.config)];
      nodes = storages.map((storage, at) =>
        createEngine({ storage, nodeId: `node-${at}`, clock: new ManualClock(), eventLog: 'all' }),
      );
      for (const node of nodes) await node.start();
      const model = processBuilder('order').startEvent('start').externalTask('work', 'mail').endEvent('done');
      await nodes[0]!.managementApi.deploy(identity, { files: [{ name: 'order.bpmn', xml: model.toXml() }] });
    });

    afterEach(() => Promise.all(nodes.map((node) => node.stop())));

    it('end a long poll, the wait of a start call, and the sleep of a reader of the event log', async () => {
      const [here, there] = nodes as [ProcessEngine, ProcessEngine];
      const giveUp = AbortSignal.timeout(10_000);
      const seen: string[] = [];
      const events = await here.notificationApi.followEvents!(identity, { after: 0, signal: giveUp });
      const reading = (async () => {
        for await (const { kind } of events) {
          seen.push(kind);
          if (kind === 'process_ended') break;
        }
      })();
      const polling = here.externalTaskApi.fetchAndLockExternalTasks(identity, 'w', 'mail', 1, 60_000, 60_000, {
        signal: giveUp,
      });
      const ended = there.consumerApi.startProcessInstance(identity, 'order', {}, 2, undefined, undefined);
      const [task] = await polling;
      await here.externalTaskApi.finishExternalTask(identity, 'w', task!.id, {});
      expect((await ended).endEventId).to.equal('done');
      await reading;
      expect(seen).to.include('process_ended');
    });
  });

  /** Cuts the listening connections; answers their number. */
  async function cutListening(): Promise<number> {
    const channel = `select 'process_engine_' || md5('${database.config.schema ?? ''}')`;
    const [rows] = await database.sequelize.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where pid <> pg_backend_pid() and datname = current_database()
          and (query = 'listen ' || (${channel}) or query like 'select pg_notify(%' or query like '%as time')`,
    );
    return rows.length;
  }
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('what was waited for did not happen within 10 s');
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
