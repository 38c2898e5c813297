import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { StorageUnavailableError, type Storage } from '@process-engine/contracts/storage';
import { createEngine, type EngineOptions, type ProcessEngine } from '@process-engine/core';
import { definitions, processBuilder } from '@process-engine/core/testing';
import { createStorage } from '@process-engine/repository';
import { rejection } from '../support/rejection.js';
import { IDENTITY } from './drive.js';
import { until } from './until.js';

const ASKING = processBuilder('asking').startEvent('start').userTask('ask').endEvent('end');
const FAILING = processBuilder('failing')
  .startEvent('start')
  .userTask('ask')
  .serviceTask('broken', 'broken')
  .endEvent('end');
const ERRING = processBuilder('erring')
  .root('error', 'refused', { errorCode: 'E1' })
  .startEvent('start')
  .userTask('ask')
  .endEvent('end', definitions.error('refused'));
const TERMINATING = processBuilder('terminating')
  .startEvent('start')
  .userTask('ask')
  .endEvent('end', definitions.terminate());
const CALLING = processBuilder('calling').startEvent('start').callActivity('call', 'failing').endEvent('end');

/** The limit of each case is mocha's: a start that is not answered hangs. */
describe('a start call that waits for the end', () => {
  let engine: ProcessEngine;

  beforeEach(() => open());

  afterEach(() => engine.stop());

  it('is answered with the end event when the instance finishes', async () => {
    const started = startAndWait('asking');
    await finishTask();
    expect(await started).to.have.property('endEventId', 'end');
  });

  it('is rejected when the engine stops', async () => {
    const started = startAndWait('asking');
    await waitingTask();
    const [error] = await Promise.all([rejection(started), engine.stop()]);
    expect(error).to.include({ code: 503, reason: 'engine-stopping' });
  });

  it('is rejected when the engine stops at the same moment', async () => {
    const started = startAndWait('asking');
    const [error] = await Promise.all([rejection(started), engine.stop()]);
    expect(error).to.have.property('code', 503);
  });

  it('is rejected when the engine has stopped', async () => {
    await engine.stop();
    expect(await rejection(startAndWait('asking'))).to.be.an('error');
  });

  it('is rejected with the failure of a service', async () => {
    const started = rejection(startAndWait('failing'));
    await finishTask();
    expect((await started).message).to.contain('it is broken');
  });

  it('is rejected with the code of an error end event', async () => {
    const started = rejection(startAndWait('erring'));
    await finishTask();
    expect(await started).to.have.nested.property('additionalInformation.code', 'E1');
  });

  it('is rejected when a terminate end event is reached', async () => {
    const started = rejection(startAndWait('terminating'));
    await finishTask();
    expect(await started).to.have.property('code', 500);
  });

  it('is rejected when an operator terminates the instance', async () => {
    const started = rejection(startAndWait('asking'));
    const { processInstanceId } = await waitingTask();
    await engine.managementApi.terminateProcessInstance(IDENTITY, processInstanceId);
    expect(await started).to.have.property('code', 500);
  });

  it('is rejected with the failure of a called process', async () => {
    const started = rejection(startAndWait('calling'));
    await finishTask();
    expect((await started).message).to.contain('it is broken');
  });

  it('is rejected when the caller gives up, and the instance goes on', async () => {
    const controller = new AbortController();
    const started = rejection(startAndWait('asking', controller.signal));
    await waitingTask();
    controller.abort(new Error('enough'));
    expect((await started).message).to.equal('enough');
    await finishTask();
  });

  it('is rejected with an incident of the instance', async () => {
    await reopen({ onFailure: 'incident' });
    const started = rejection(startAndWait('failing'));
    await finishTask();
    expect(await started).to.have.property('reason', 'incident');
  });

  it('is rejected with an incident of a called process', async () => {
    await reopen({ onFailure: 'incident' });
    const started = rejection(startAndWait('calling'));
    await finishTask();
    expect(await started).to.have.property('reason', 'incident');
  });

  it('is rejected when the storage cannot take the instance', async () => {
    await reopen({ storage: unavailableAt(1) });
    expect((await rejection(startAndWait('asking'))).message).to.contain('no space is left');
  });

  it('outlasts a commit that failed on the way: the work is done again', async () => {
    await reopen({ storage: unavailableAt(2) });
    const started = startAndWait('asking');
    expect((await rejection(finishTask())).message).to.contain('no space is left');
    await finishTask();
    expect(await started).to.have.property('endEventId', 'end');
  });

  async function open(options: EngineOptions = {}): Promise<void> {
    const broken = (): never => {
      throw new Error('it is broken');
    };
    const storage = createStorage({ dialect: 'sqlite', storage: ':memory:' });
    engine = createEngine({ storage, services: { broken }, ...options });
    await engine.start();
    const files = [ASKING, FAILING, ERRING, TERMINATING, CALLING].map((model) => ({
      name: `${model.id}.bpmn`,
      xml: model.toXml(),
    }));
    await engine.managementApi.deploy(IDENTITY, { files });
  }

  async function reopen(options: EngineOptions): Promise<void> {
    await engine.stop();
    await open(options);
  }

  function startAndWait(processModelId: string, signal?: AbortSignal) {
    const { consumerApi } = engine;
    return consumerApi.startProcessInstance(IDENTITY, processModelId, {}, 2, undefined, undefined, {
      ...(signal === undefined ? {} : { signal }),
    });
  }

  function waitingTask() {
    return until('a task waits', async () => (await engine.consumerApi.getAllSuspendedTasks(IDENTITY)).tasks[0]);
  }

  async function finishTask(): Promise<void> {
    const { processInstanceId, correlationId, flowNodeInstanceId } = await waitingTask();
    await engine.consumerApi.finishUserTask(IDENTITY, processInstanceId, correlationId, flowNodeInstanceId);
  }
});

/** The `count`-th commit fails, and nothing of it is kept. */
function unavailableAt(count: number): Storage {
  let commits = 0;
  const inner = createStorage({ dialect: 'sqlite', storage: ':memory:' });
  return new Proxy<Storage>(inner, {
    get(target, name): unknown {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      if (name !== 'commit') return call;
      return (changes: unknown) => {
        commits += 1;
        if (commits === count) return Promise.reject(new StorageUnavailableError('no space is left'));
        return call(changes);
      };
    },
  });
}
