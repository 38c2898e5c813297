import { expect } from 'chai';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { processBuilder, propertiesXml } from '../../dist/testing/index.js';
import { nextTurn, scenario } from '../support/scenario.js';
import { testStorage } from '../support/test-storage.js';

/** A storage whose commits can be held: however long it takes until a command arrives, none is done before. */
function heldStorage() {
  let held: Promise<void> | undefined;
  let release = (): void => undefined;
  const storage = testStorage();
  const commit = storage.commit.bind(storage);
  storage.commit = async (changes) => {
    await held;
    await commit(changes);
  };
  const hold = (): void => {
    held = new Promise((resolve) => (release = resolve));
  };
  return { storage, hold, release: () => release() };
}

describe('More commands for one instance than may wait', () => {
  it('are refused with a hint to come back, and those that wait are carried out', async () => {
    const { storage, hold, release } = heldStorage();
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('A').endEvent('E')], { storage });
    const { processInstanceId } = await engine.start('P');
    hold();
    const set = (n: number) =>
      engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables: { [`v${n}`]: n } });
    const answers = Promise.allSettled(Array.from({ length: 1_100 }, (_, n) => set(n)));
    // One is under way, a thousand wait.
    while (engine.engine.statistics.refusedCommands < 99) await nextTurn();
    release();
    const outcomes = await answers;
    const refused = outcomes.filter((outcome): outcome is PromiseRejectedResult => outcome.status === 'rejected');
    expect(refused).to.have.length(99);
    for (const { reason } of refused) expect(reason).to.be.instanceOf(StorageUnavailableError);
    expect(Object.keys(await engine.variables(processInstanceId))).to.have.length(1_001);
    await engine.finish('A');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('are taken all the same where they report what services of this node have done', async () => {
    const loop =
      '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>1200</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>';
    const model = processBuilder('P')
      .startEvent('S')
      .node('serviceTask', 'T', {}, propertiesXml({ module: 'work' }) + loop)
      .endEvent('E');
    let calls = 0;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const work = async () => {
      calls += 1;
      await released;
    };
    const engine = await scenario([model], { services: { work } });
    const { processInstanceId } = await engine.engine.consumerApi.startProcessInstance(engine.identity, 'P');
    while (calls < 1_200) await nextTurn();
    release();
    await engine.engine.idle();
    expect(await engine.state(processInstanceId!)).to.equal('finished');
    expect(calls).to.equal(1_200);
  });
});
