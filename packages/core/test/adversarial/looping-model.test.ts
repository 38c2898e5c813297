import { expect } from 'chai';
import type { ChangeSet } from '@process-engine/contracts/storage';
import { MemoryStorage } from '@process-engine/core';
import { processBuilder, TestEngine } from '@process-engine/core/testing';

const ROUNDS = 20_000;
const NODES_PER_ROUND = 2;
const MAX_ENTRIES = 500;

/** Storage that notes the size of every commit. */
class CountingStorage extends MemoryStorage {
  readonly entered: number[] = [];

  override commit(changes: ChangeSet): Promise<void> {
    this.entered.push(changes.flowNodeInstances?.insert?.length ?? 0);
    return super.commit(changes);
  }
}

describe('A model that loops for long', () => {
  it('keeps to the budget of a step: many small commits, and other instances get their turn', async function () {
    this.timeout(60_000);
    const storage = new CountingStorage();
    const test = await TestEngine.start({
      storage,
      ...(process.env.ENGINE_CACHE === 'evicting' ? { cacheSize: 0 } : {}),
    });
    const loop = processBuilder('Loop')
      .startEvent('S')
      .scriptTask('Count', 'return { round: round + 1 };')
      .exclusiveGateway('Again', { default: 'Again-E' })
      .endEvent('E')
      .flow('Again', 'Count', `round < ${ROUNDS}`);
    await test.deploy(loop, processBuilder('Other').startEvent('S').endEvent('E'));

    const { consumerApi } = test.engine;
    const looping = await consumerApi.startProcessInstance(test.identity, 'Loop', { inputValues: { round: 0 } });
    const other = await consumerApi.startProcessInstance(test.identity, 'Other', {}, 2);
    expect(other.endEventId, 'the other instance ends meanwhile').to.equal('E');
    expect(await test.state(looping.processInstanceId)).to.equal('running');

    await test.engine.idle();
    expect(await test.state(looping.processInstanceId)).to.equal('finished');
    expect(await test.variables(looping.processInstanceId)).to.deep.equal({ round: ROUNDS });
    expect(Math.max(...storage.entered)).to.be.at.most(MAX_ENTRIES + 1);
    const needed = Math.ceil((ROUNDS * NODES_PER_ROUND) / MAX_ENTRIES);
    expect(storage.entered.filter((entered) => entered > 0).length).to.be.at.least(needed);
    await test.stop();
  });
});
