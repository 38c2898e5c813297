import { expect } from 'chai';
import { definitions, processBuilder, propertiesXml } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

const CALLER = processBuilder('P').startEvent('S').callActivity('C', 'Q').userTask('Z').endEvent('E');
const CALLED = processBuilder('Q').startEvent('QS').userTask('QA').node('endEvent', 'QE', { name: 'All done' });

describe('A call activity', () => {
  it('starts the called process as an instance of its own, in the same correlation and for the same owner', async () => {
    const engine = await scenario([CALLER, CALLED]);
    const parent = await engine.start('P', { v: 1 });
    const [childId] = await engine.instancesOf('Q');
    expect(await engine.instance(childId!)).to.deep.include({
      parentProcessInstanceId: parent.processInstanceId,
      correlationId: parent.correlationId,
      ownerId: 'tester',
      state: 'running',
    });
    expect(await engine.payloadAt('QA')).to.deep.equal({ v: 1 });
    expect(await engine.waiting(parent.processInstanceId)).to.deep.equal(['C']);
  });

  it('its result is that of the called process, with the end event it reached', async () => {
    const engine = await scenario([CALLER, CALLED]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('QA', { r: 5 });
    const result = { result: { form_fields: { r: 5 } }, endEventId: 'QE', endEventName: 'All done' };
    expect(await engine.result(processInstanceId, 'C')).to.deep.equal(result);
    expect(await engine.payloadAt('Z')).to.deep.equal(result);
  });

  it('the fields of the result become variables', async () => {
    const called = processBuilder('Q').startEvent('QS').scriptTask('T', 'return { sum: 3 };').endEvent('QE');
    const engine = await scenario([CALLER, called]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    expect(await engine.variables(processInstanceId)).to.deep.equal({ v: 1, sum: 3 });
  });

  it('a result that is a call result itself is not nested', async () => {
    const middle = processBuilder('Q').startEvent('QS').callActivity('QC', 'R').endEvent('QE');
    const inner = processBuilder('R').startEvent('RS').endEvent('RE');
    const engine = await scenario([CALLER, middle, inner]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    expect(await engine.result(processInstanceId, 'C')).to.deep.equal({ result: { v: 1 }, endEventId: 'QE' });
  });

  it('of a process without end event has no end event, and of several the first one reached', async () => {
    const endless = processBuilder('Q').startEvent('QS').userTask('QA');
    const engine = await scenario([CALLER, endless]);
    const first = await engine.start('P');
    await engine.finish('QA');
    expect(await engine.result(first.processInstanceId, 'C')).to.deep.equal({});
    await engine.deploy(
      processBuilder('Q')
        .startEvent('QS')
        .parallelGateway('F')
        .userTask('QA')
        .endEvent('E1')
        .from('F')
        .userTask('QB')
        .endEvent('E2'),
    );
    const second = await engine.start('P');
    await engine.finish('QB', { b: 1 });
    await engine.finish('QA', { a: 1 });
    expect(await engine.result(second.processInstanceId, 'C')).to.deep.equal({
      result: { form_fields: { b: 1 } },
      endEventId: 'E2',
    });
  });

  it('hands its payload expression over instead of the current payload', async () => {
    const caller = processBuilder('P')
      .startEvent('S')
      .callActivity('C', 'Q', propertiesXml({ payload: '({ only: token.current.v })' }))
      .endEvent('E');
    const engine = await scenario([caller, CALLED]);
    await engine.start('P', { v: 1, secret: 2 });
    expect(await engine.payloadAt('QA')).to.deep.equal({ only: 1 });
  });

  it('starts at the start event its model names', async () => {
    const caller = processBuilder('P')
      .startEvent('S')
      .callActivity('C', 'Q', propertiesXml({ startEventId: 'QS2' }))
      .endEvent('E');
    const called = processBuilder('Q').startEvent('QS').endEvent('QE').startEvent('QS2').endEvent('QE2');
    const engine = await scenario([caller, called]);
    const { tokenPayload } = await engine.call('P', { v: 1 });
    expect(tokenPayload).to.deep.equal({ result: { v: 1 }, endEventId: 'QE2' });
  });

  it('may name what it calls by an expression', async () => {
    const caller = processBuilder('P').startEvent('S').callActivity('C', '${which}').endEvent('E');
    const engine = await scenario([caller, processBuilder('Q').startEvent('QS').endEvent('QE')]);
    expect((await engine.call('P', { which: 'Q' })).tokenPayload).to.have.property('endEventId', 'QE');
    expect((await errorOf(engine.call('P', { which: 7 }))).message).to.match(/calledElement of 'C' is invalid/);
  });

  it('may call its own process', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('G', { default: 'G-E' })
      .from('G', 'n > 0')
      .callActivity('C', 'P', propertiesXml({ payload: '({ n: n - 1 })' }))
      .endEvent('E2')
      .from('G')
      .endEvent('E');
    const engine = await scenario([model]);
    expect((await engine.call('P', { n: 3 })).endEventId).to.equal('E2');
    expect(await engine.instancesOf('P')).to.have.length(4);
  });

  it('that calls itself without end fails after a hundred levels, in every one of them', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').callActivity('C', 'P').endEvent('E')]);
    const error = await errorOf(engine.call('P'));
    expect(error.message).to.match(/more than 100 nested calls/);
    const ids = await engine.instancesOf('P');
    expect(ids).to.have.length(101);
    for (const id of ids) expect(await engine.state(id)).to.equal('error');
  });

  it('cancelled by a boundary event ends the called process, and those below it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .callActivity('C', 'Q')
      .endEvent('E')
      .boundaryEvent('B', 'C', definitions.timer('timeDuration', 'PT1H'))
      .endEvent('TooLate');
    const middle = processBuilder('Q').startEvent('QS').callActivity('QC', 'R').endEvent('QE');
    const inner = processBuilder('R').startEvent('RS').userTask('RA').endEvent('RE');
    const engine = await scenario([model, middle, inner]);
    const { processInstanceId } = await engine.start('P');
    await engine.advance(3_600_000);
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'B', 'TooLate']);
    expect(await engine.tasks()).to.deep.equal([]);
    for (const id of [...(await engine.instancesOf('Q')), ...(await engine.instancesOf('R'))]) {
      expect(await engine.state(id)).to.equal('terminated');
    }
  });

  it('of a terminated instance ends the called process', async () => {
    const engine = await scenario([CALLER, CALLED]);
    const { processInstanceId } = await engine.start('P');
    await engine.terminate(processInstanceId);
    const [childId] = await engine.instancesOf('Q');
    expect(await engine.state(childId!)).to.equal('terminated');
  });

  it('goes on normally when the called process is terminated', async () => {
    const terminating = processBuilder('Q')
      .startEvent('QS')
      .parallelGateway('F')
      .userTask('QA')
      .endEvent('QT', definitions.terminate())
      .from('F')
      .userTask('QB');
    const engine = await scenario([CALLER, terminating]);
    const first = await engine.start('P');
    await engine.finish('QA', { a: 1 });
    expect(await engine.waiting(first.processInstanceId)).to.deep.equal(['Z']);
    expect(await engine.result(first.processInstanceId, 'C')).to.deep.equal({
      result: { form_fields: { a: 1 } },
      endEventId: 'QT',
    });
    const second = await engine.start('P');
    const [, childId] = await engine.instancesOf('Q');
    await engine.terminate(childId!);
    expect(await engine.waiting(second.processInstanceId)).to.deep.equal(['Z']);
    expect(await engine.result(second.processInstanceId, 'C')).to.deep.equal({});
  });

  it('is not disturbed by a result of the same process called elsewhere', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .callActivity('C1', 'Q')
      .endEvent('E1')
      .from('F')
      .callActivity('C2', 'Q')
      .endEvent('E2');
    const engine = await scenario([model, CALLED]);
    const { processInstanceId } = await engine.start('P');
    const [, second] = await engine.tasks();
    await engine.finishTask(second!, { n: 2 });
    await engine.engine.idle();
    // Either may have been called first.
    const [waiting, ...others] = await engine.waiting(processInstanceId);
    expect(others).to.deep.equal([]);
    const ended = waiting === 'C1' ? 'C2' : 'C1';
    expect(await engine.result(processInstanceId, ended)).to.have.deep.nested.property('result.form_fields', { n: 2 });
  });
});
