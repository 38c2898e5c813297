import { expect } from 'chai';
import { processBuilder, propertiesXml } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';

describe('A manual task', () => {
  it('waits until it is reported done, and leaves an empty object', async () => {
    const engine = await scenario([
      processBuilder('P').startEvent('S').node('manualTask', 'M', { name: 'Lift' }).endEvent('E'),
    ]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    const { manualTasks, totalCount } = await engine.engine.consumerApi.getManualTasksForProcessModel(
      engine.identity,
      'P',
    );
    expect(totalCount).to.equal(1);
    expect(manualTasks[0]).to.include({ flowNodeType: 'bpmn:ManualTask', id: 'M', name: 'Lift', processInstanceId });
    expect(manualTasks[0]!.tokenPayload).to.deep.equal({ v: 1 });
    await engine.finish('M');
    expect(await engine.result(processInstanceId, 'E')).to.deep.equal({});
    expect(await engine.variables(processInstanceId)).to.deep.equal({ v: 1 });
  });
});

describe('An untyped task', () => {
  const model = processBuilder('P').startEvent('S').node('task', 'T').endEvent('E');

  it('waits by default until it is finished as an empty activity, and passes the payload on', async () => {
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    const { emptyActivities } = await engine.engine.consumerApi.getEmptyActivitiesForProcessInstance(
      engine.identity,
      processInstanceId,
    );
    expect(emptyActivities).to.have.length(1);
    expect(emptyActivities[0]).to.include({ flowNodeType: 'bpmn:Task', id: 'T', name: '' });
    await engine.finish('T');
    expect(await engine.result(processInstanceId, 'T')).to.deep.equal({ v: 1 });
    expect(await engine.result(processInstanceId, 'E')).to.deep.equal({ v: 1 });
  });

  it('passes the token on where the engine is told so', async () => {
    const engine = await scenario([model], { untypedTasks: 'pass' });
    expect((await engine.call('P', { v: 1 })).tokenPayload).to.deep.equal({ v: 1 });
  });

  it('passes the token on, or waits, where its model says so', async () => {
    const passing = processBuilder('Passing')
      .startEvent('S1')
      .node('task', 'T1', {}, propertiesXml({ untypedTasks: 'pass' }))
      .endEvent('E1');
    const waiting = processBuilder('Waiting')
      .startEvent('S2')
      .node('task', 'T2', {}, propertiesXml({ untypedTasks: 'wait' }))
      .endEvent('E2');
    const engine = await scenario([passing, waiting], { untypedTasks: 'pass' });
    expect((await engine.call('Passing')).endEventId).to.equal('E1');
    const { processInstanceId } = await engine.start('Waiting');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['T2']);
  });
});
