import { expect } from 'chai';
import { describe, it } from 'mocha';
import { processBuilder, TestEngine } from '@process-engine/core/testing';
import { StartCallbackType } from '@process-engine/contracts';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { MemoryStorage } from '../../dist/storage/memory-storage.js';

const ORDER = processBuilder('order').startEvent('Start').userTask('Check').endEvent('End');

class BusyStorage extends MemoryStorage {
  overloaded = false;
}

describe('A storage for which too much waits', () => {
  it('lets no instance begin, and those that wait go on', async () => {
    const storage = new BusyStorage();
    const engine = await TestEngine.start({ storage });
    await engine.deploy(ORDER);
    await engine.start('order');
    storage.overloaded = true;
    for (const callbackType of [
      StartCallbackType.CallbackOnProcessInstanceCreated,
      StartCallbackType.CallbackOnProcessInstanceFinished,
    ]) {
      const refused = await engine.engine.consumerApi
        .startProcessInstance(engine.identity, 'order', {}, callbackType)
        .catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(StorageUnavailableError);
    }
    expect(engine.engine.statistics.refusedCommands).to.equal(2);
    await engine.finish('Check');
    const { totalCount } = await storage.findProcessInstances({ tenantId: '' });
    expect(totalCount).to.equal(1);
    storage.overloaded = false;
    await engine.start('order');
    await engine.stop();
  });
});
