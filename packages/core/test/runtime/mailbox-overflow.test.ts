import { expect } from 'chai';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { processBuilder, propertiesXml } from '../../dist/testing/index.js';
import { nextTurn, scenario } from '../support/scenario.js';

describe('More commands for one instance than may wait', () => {
  it('are refused with a hint to come back, and those that wait are carried out', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('A').endEvent('E')]);
    const { processInstanceId } = await engine.start('P');
    const set = (n: number) =>
      engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables: { [`v${n}`]: n } });
    const outcomes = await Promise.allSettled(Array.from({ length: 1_100 }, (_, n) => set(n)));
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
