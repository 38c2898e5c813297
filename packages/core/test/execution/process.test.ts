import { expect } from 'chai';
import { processBuilder } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';

describe('A process', () => {
  it('runs from its start event to its end event and hands the input through', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').endEvent('E')]);
    const { endEventId, tokenPayload, processInstanceId } = await engine.call('P', { order: 7 });
    expect({ endEventId, tokenPayload }).to.deep.equal({ endEventId: 'E', tokenPayload: { order: 7 } });
    expect(await engine.path(processInstanceId!)).to.deep.equal(['S', 'E']);
    expect(await engine.state(processInstanceId!)).to.equal('finished');
  });

  it('takes inputs of any JSON type, and an empty object where none is given', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').endEvent('E')]);
    for (const input of ['text', 5, true, [1, 2], { a: null }]) {
      expect((await engine.call('P', input)).tokenPayload).to.deep.equal(input);
    }
    const { consumerApi } = engine.engine;
    expect((await consumerApi.startProcessInstance(engine.identity, 'P', undefined, 2)).tokenPayload).to.deep.equal({});
  });

  it('keeps the fields of its input as variables', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('A').endEvent('E')]);
    const { processInstanceId } = await engine.start('P', { a: 1, b: { c: [2] }, nothing: null });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ a: 1, b: { c: [2] }, nothing: null });
  });

  it('without a start event begins at every node without incoming flow', async () => {
    const model = processBuilder('P').userTask('A').endEvent('EA').userTask('B').endEvent('EB');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'B']);
    await engine.finish('A');
    expect(await engine.state(processInstanceId)).to.equal('running');
    await engine.finish('B');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('without an end event is finished when nothing is left to do', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('A')]);
    const { answer } = await engine.begin('P');
    await engine.finish('A');
    const { endEventId, tokenPayload, processInstanceId } = await answer;
    expect({ endEventId, tokenPayload }).to.deep.equal({ endEventId: undefined, tokenPayload: undefined });
    expect(await engine.state(processInstanceId!)).to.equal('finished');
  });

  it('with several start events begins at the one that is named', async () => {
    const model = processBuilder('P').startEvent('S1').endEvent('E1').startEvent('S2').endEvent('E2');
    const engine = await scenario([model]);
    expect((await engine.call('P', {}, { startEventId: 'S2' })).endEventId).to.equal('E2');
    expect((await engine.call('P', {}, { startEventId: 'S1' })).endEventId).to.equal('E1');
  });

  it('is finished only when its last token is gone, and answers with the first end event reached', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .endEvent('EA')
      .from('F')
      .userTask('B')
      .endEvent('EB');
    const engine = await scenario([model]);
    const { answer, processInstanceId } = await engine.begin('P');
    await engine.finish('B', { b: 1 });
    expect(await engine.state(processInstanceId)).to.equal('running');
    await engine.finish('A', { a: 1 });
    const { endEventId, tokenPayload } = await answer;
    expect({ endEventId, tokenPayload }).to.deep.equal({ endEventId: 'EB', tokenPayload: { form_fields: { b: 1 } } });
  });

  it('runs across all lanes', async () => {
    const model = processBuilder('P')
      .xml('<bpmn:laneSet id="L"><bpmn:lane id="L1" name="one"><bpmn:flowNodeRef>S</bpmn:flowNodeRef></bpmn:lane>')
      .xml('<bpmn:lane id="L2" name="two"><bpmn:flowNodeRef>E</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>')
      .startEvent('S')
      .endEvent('E');
    const engine = await scenario([model]);
    expect((await engine.call('P')).endEventId).to.equal('E');
  });

  it('stays on the version it was started with', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('A').endEvent('Old')]);
    const { processInstanceId } = await engine.start('P');
    await engine.deploy(processBuilder('P').startEvent('S').endEvent('New'));
    await engine.finish('A');
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'A', 'Old']);
    expect((await engine.call('P')).endEventId).to.equal('New');
  });

  it('goes round a loop as often as its condition holds', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('Again')
      .serviceTask('Count', 'count')
      .exclusiveGateway('Done', { default: 'Done-Again' })
      .from('Done', 'n >= 3')
      .endEvent('E')
      .from('Done')
      .to('Again');
    let n = 0;
    const engine = await scenario([model], { services: { count: () => ({ n: (n += 1) }) } });
    const { tokenPayload } = await engine.call('P');
    expect(tokenPayload).to.deep.equal({ n: 3 });
  });
});
