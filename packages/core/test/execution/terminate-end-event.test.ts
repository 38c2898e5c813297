import { expect } from 'chai';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

describe('A terminate end event', () => {
  it('ends the instance with all that is alive in it', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .endEvent('T', definitions.terminate())
      .from('F')
      .userTask('B')
      .endEvent('E')
      .from('F')
      .subProcess('SP', (inner) => inner.startEvent('IS').externalTask('X', 'topic').endEvent('IE'));
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.state(processInstanceId)).to.equal('terminated');
    const states = Object.fromEntries(
      (await engine.history(processInstanceId)).map(({ flowNodeId, state }) => [flowNodeId, state]),
    );
    expect(states).to.include({ A: 'finished', T: 'finished', B: 'cancelled', X: 'cancelled', SP: 'cancelled' });
    expect(await engine.fetch('topic')).to.deep.equal([]);
  });

  it('answers a waiting start with 500', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').endEvent('T', definitions.terminate())]);
    const error = await errorOf(engine.call('P'));
    expect(error.code).to.equal(500);
    expect(error.message).to.match(/process was terminated.*T/i);
    expect(error.message).to.equal("Process was terminated through TerminateEndEvent 'T'");
  });

  it('inside a sub-process ends that one only, and its result is what the event was reached with', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .subProcess('SP', (inner) =>
        inner
          .startEvent('IS')
          .parallelGateway('IF')
          .userTask('A')
          .endEvent('T', definitions.terminate())
          .from('IF')
          .userTask('B')
          .endEvent('IE'),
      )
      .userTask('Z')
      .endEvent('E')
      .from('F')
      .userTask('Beside')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { a: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Beside', 'Z']);
    expect(await engine.payloadAt('Z')).to.deep.equal({ form_fields: { a: 1 } });
    expect((await engine.entry(processInstanceId, 'B')).state).to.equal('cancelled');
    expect((await engine.entry(processInstanceId, 'SP')).state).to.equal('finished');
  });

  it('inside a nested sub-process leaves the outer one alive', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Outer', (outer) =>
        outer
          .startEvent('OS')
          .parallelGateway('F')
          .subProcess('Inner', (inner) => inner.startEvent('IS').endEvent('T', definitions.terminate()))
          .userTask('After')
          .endEvent('OE')
          .from('F')
          .userTask('Beside'),
      )
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['After', 'Beside']);
  });

  it('reached by a token while another is on its way to it ends once', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .exclusiveGateway('M')
      .endEvent('T', definitions.terminate())
      .from('F')
      .to('M')
      .from('F')
      .to('M');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.state(processInstanceId)).to.equal('terminated');
    expect((await engine.path(processInstanceId)).filter((id) => id === 'T')).to.have.length(1);
  });
});

describe('Terminating an instance from outside', () => {
  const model = processBuilder('P').startEvent('S').userTask('A').endEvent('E');

  it('ends it and tells who did it', async () => {
    const engine = await scenario([model]);
    const { answer, processInstanceId } = await engine.begin('P');
    await engine.terminate(processInstanceId);
    expect(await errorOf(answer)).to.include({ code: 500, message: "Process was terminated by user 'tester'" });
    expect(await engine.instance(processInstanceId)).to.include({
      state: 'terminated',
      endedAt: '2030-01-01T00:00:00.000Z',
    });
    expect(await engine.tasks()).to.deep.equal([]);
  });

  it('of an unknown or ended instance is refused', async () => {
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.terminate(processInstanceId);
    expect(await errorOf(engine.terminate(processInstanceId))).to.include({
      code: 410,
      reason: 'process-instance-ended',
    });
    expect(await errorOf(engine.terminate('nobody'))).to.include({ code: 404 });
  });
});
