import path from 'node:path';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createEngine, type ProcessEngine } from '@process-engine/core';
import { processBuilder } from '@process-engine/core/testing';
import { createStorage } from '@process-engine/repository';
import { RecordingLogger } from '../support/recording-logger.js';
import { rejection } from '../support/rejection.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { RECEIVER } from './crash-models.js';
import { IDENTITY } from './drive.js';
import { takeSpareEngine } from './spare-engine.js';
import { until } from './until.js';

const STARTS = 200;

const CALCULATING = processBuilder('calculating')
  .startEvent('start')
  .scriptTask('double', 'return { doubled: number * 2 };')
  .serviceTask('work', 'work')
  .scriptTask('sum', 'return { sum: doubled + worked };')
  .endEvent('end');

const ASKING = processBuilder('asking')
  .startEvent('start')
  .userTask('ask')
  .scriptTask('repeat', 'return { said: answer };')
  .endEvent('end');

describe('an engine on a SQLite file with 200 concurrent starts', function () {
  this.timeout(20_000);
  let folder: TemporaryFolder;
  let engine: ProcessEngine;
  let logger: RecordingLogger;
  let runs: Map<string, number>;

  beforeEach(async () => {
    folder = new TemporaryFolder();
    logger = new RecordingLogger();
    runs = new Map();
    const services = { work: ({ processInstanceId }: { processInstanceId: string }) => work(processInstanceId) };
    engine = createEngine({
      storage: createStorage({ dialect: 'sqlite', storage: file() }),
      logger,
      services: { ...services, note: () => ({}) },
    });
    await engine.start();
    const files = [CALCULATING, ASKING, RECEIVER].map((model) => ({ name: `${model.id}.bpmn`, xml: model.toXml() }));
    await engine.managementApi.deploy(IDENTITY, { files });
  });

  afterEach(async () => {
    await engine.stop();
    folder.remove();
    const bad = logger.lines.filter(({ level }) => level === 'error' || level === 'warn');
    expect(bad.map(({ message, fields }) => `${message} ${String(fields['error'])}`)).to.deep.equal([]);
  });

  it('finishes each of them once, with its own result', async () => {
    const answers = await Promise.all(numbers(STARTS).map((number) => startAndWait('calculating', { number })));
    expect(answers.map(({ tokenPayload }) => tokenPayload)).to.deep.equal(
      numbers(STARTS).map((number) => ({ sum: 2 * number + 1 })),
    );
    await expectEachFinishedOnce(answers, ['start', 'double', 'work', 'sum', 'end']);
    expect([...runs.values()]).to.deep.equal(new Array(STARTS).fill(1));
  });

  it('finishes each of them once when 200 people answer at the same time', async () => {
    const started = Promise.all(numbers(STARTS).map(() => startAndWait('asking', {})));
    const tasks = await until('200 tasks wait', async () => {
      const { userTasks } = await engine.consumerApi.getWaitingUserTasksByIdentity(IDENTITY);
      return userTasks.length === STARTS ? userTasks : undefined;
    });
    await Promise.all(
      tasks.map(({ processInstanceId, correlationId, flowNodeInstanceId }) =>
        engine.consumerApi.finishUserTask(IDENTITY, processInstanceId, correlationId, flowNodeInstanceId, {
          formFields: { answer: processInstanceId },
        }),
      ),
    );
    const answers = await started;
    for (const { processInstanceId, tokenPayload } of answers)
      expect(tokenPayload).to.deep.equal({ said: processInstanceId });
    await expectEachFinishedOnce(answers, ['start', 'ask', 'repeat', 'end']);
  });

  it('refuses a second process meanwhile, with a text that says why', async () => {
    const started = Promise.all(numbers(STARTS).map((number) => startAndWait('calculating', { number })));
    const second = takeSpareEngine();
    const ledger = path.join(folder.path, 'ledger.jsonl');
    const error = await rejection(
      second.control.open({ database: { dialect: 'sqlite', storage: file() }, ledger, nodeId: 'second', ahead: 0 }),
    );
    expect(error.message).to.equal(
      `the database '${file()}' is in use by another process; a SQLite file serves one process at a time`,
    );
    await second.kill();
    expect(await started).to.have.length(STARTS);
  });

  it('gives two kept messages to two of 20 receivers that come at the same time', async () => {
    const message = { name: 'paid', timeToLive: 60_000 };
    await engine.managementApi.publishMessage(IDENTITY, message);
    await engine.managementApi.publishMessage(IDENTITY, message);
    await Promise.all(numbers(20).map(() => engine.consumerApi.startProcessInstance(IDENTITY, 'receiver')));
    await engine.idle();
    const { totalCount } = await engine.managementApi.getProcessInstances(IDENTITY, { state: 'finished' });
    expect(totalCount).to.equal(2);
  });

  function file(): string {
    return path.join(folder.path, 'engine.sqlite');
  }

  function work(processInstanceId: string): { worked: number } {
    runs.set(processInstanceId, (runs.get(processInstanceId) ?? 0) + 1);
    return { worked: 1 };
  }

  function startAndWait(processModelId: string, inputValues: object) {
    return engine.consumerApi.startProcessInstance(IDENTITY, processModelId, { inputValues }, 2);
  }

  async function expectEachFinishedOnce(
    answers: readonly { processInstanceId: string; endEventId?: string }[],
    nodes: readonly string[],
  ): Promise<void> {
    expect(new Set(answers.map(({ endEventId }) => endEventId))).to.deep.equal(new Set(['end']));
    const ids = new Set(answers.map(({ processInstanceId }) => processInstanceId));
    expect(ids.size).to.equal(STARTS);
    const { processInstances } = await engine.managementApi.getProcessInstances(IDENTITY);
    expect(new Set(processInstances.map(({ processInstanceId }) => processInstanceId))).to.deep.equal(ids);
    expect(processInstances.map(({ state }) => state)).to.deep.equal(new Array(STARTS).fill('finished'));
    for (const id of ids) {
      const { flowNodeInstances } = await engine.managementApi.getFlowNodeInstances(IDENTITY, id);
      expect(flowNodeInstances.map(({ flowNodeId }) => flowNodeId)).to.deep.equal(nodes);
    }
  }
});

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}
