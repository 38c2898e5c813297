import path from 'node:path';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { Sequelize } from 'sequelize';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { createEngine, type ProcessEngine } from '@process-engine/core';
import { processBuilder } from '@process-engine/core/testing';
import { createStorage, dialectModule, type SequelizeStorage } from '@process-engine/repository';
import { auditStorage } from '../crash/audit-storage.js';
import { IDENTITY } from '../crash/drive.js';
import { report } from '../support/fault-run.js';
import { rejection } from '../support/rejection.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

const ASKING = processBuilder('asking').startEvent('start').userTask('ask').endEvent('end');
/** Fills pages. */
const LARGE = 'x'.repeat(20_000);

/** No space is left, or nothing may be written; undone by what follows. */
const STATES = [
  {
    what: 'has reached its size limit',
    forbid: 'pragma max_page_count = 1',
    allow: 'pragma max_page_count = 1073741823',
  },
  { what: 'may only be read', forbid: 'pragma query_only = on', allow: 'pragma query_only = off' },
];

describe('a SQLite file that', function () {
  this.timeout(60_000);
  let folder: TemporaryFolder;
  let sequelize: Sequelize;
  let storage: SequelizeStorage;
  let engine: ProcessEngine;

  beforeEach(async () => {
    folder = new TemporaryFolder();
    const file = path.join(folder.path, 'engine.sqlite');
    sequelize = new Sequelize({ dialect: 'sqlite', dialectModule, storage: file, logging: false });
    storage = createStorage({ sequelize });
    engine = createEngine({ storage });
    await engine.start();
    await engine.managementApi.deploy(IDENTITY, { files: [{ name: 'asking.bpmn', xml: ASKING.toXml() }] });
  });

  afterEach(async () => {
    for (const { allow } of STATES) await sequelize.query(allow);
    await engine.stop();
    await sequelize.close();
    folder.remove();
  });

  for (const { what, forbid, allow } of STATES) {
    it(`${what} takes no work, with the reason, keeps what is there, and goes on when it can`, async () => {
      const { processInstanceId } = await start();
      const [task] = (await engine.consumerApi.getAllSuspendedTasks(IDENTITY)).tasks;
      await sequelize.query(forbid);
      const refused = await refusedStarts();
      // Over HTTP: 503, and when to come back.
      expect(refused.at(-1))
        .to.be.instanceOf(StorageUnavailableError)
        .with.property('retryAfter')
        .that.is.greaterThan(0);
      expect(refused.at(-1)?.message).to.match(/full|readonly/);
      const before = await counts();
      expect(await auditStorage(storage)).to.deep.equal([]);
      expect(await rejection(finish(task!))).to.be.instanceOf(StorageUnavailableError);
      expect(await counts()).to.deep.equal(before);

      await sequelize.query(allow);
      await finish(task!);
      expect((await engine.managementApi.getProcessInstance(IDENTITY, processInstanceId)).state).to.equal('finished');
      await start();
      expect(await auditStorage(storage)).to.deep.equal([]);
      report(`SQLite file that ${what}: ${before.instances} instances before, ${refused.length} refused start(s)`);
    });
  }

  function start() {
    return engine.consumerApi.startProcessInstance(IDENTITY, 'asking', { inputValues: { large: LARGE } });
  }

  /** Pages that are free are still used: starts until one is refused, and one more. */
  async function refusedStarts(): Promise<Error[]> {
    for (let attempt = 0; attempt < 1_000; attempt += 1) {
      const outcome = await start().then(
        () => undefined,
        (error: unknown) => error as Error,
      );
      if (outcome !== undefined) return [outcome, await rejection(start())];
    }
    throw new Error('a full file took a thousand starts');
  }

  async function counts(): Promise<{ instances: number; nodes: number }> {
    const { totalCount: instances } = await storage.findProcessInstances({ tenantId: '' });
    const { totalCount: nodes } = await storage.findFlowNodeInstances({ tenantId: '' });
    return { instances, nodes };
  }

  function finish(task: {
    processInstanceId: string;
    correlationId: string;
    flowNodeInstanceId: string;
  }): Promise<void> {
    const { processInstanceId, correlationId, flowNodeInstanceId } = task;
    const result = { formFields: { large: LARGE } };
    return engine.consumerApi.finishUserTask(IDENTITY, processInstanceId, correlationId, flowNodeInstanceId, result);
  }
});
