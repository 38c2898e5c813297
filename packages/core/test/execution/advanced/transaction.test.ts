import { expect } from 'chai';
import { definitions, processBuilder, type ProcessBuilder, type ScopeBuilder } from '../../../dist/testing/index.js';
import { errorOf, scenario } from '../../support/scenario.js';
import { eventSubProcess, multiInstance, standardLoop, undoneBy } from './elements.js';

/** A transaction with this content, then a task N; cancelled it goes on to a task H. */
function transaction(build: (inner: ScopeBuilder) => ScopeBuilder, content = ''): ProcessBuilder {
  const inner = build(processBuilder('unused').startEvent('IS')).innerXml();
  return processBuilder('P')
    .root('message', 'M')
    .root('error', 'X', { errorCode: 'X' })
    .startEvent('S')
    .node('transaction', 'Tx', {}, content + inner)
    .userTask('N')
    .endEvent('E');
}

function cancelled(model: ProcessBuilder): ProcessBuilder {
  return model.boundaryEvent('Cancelled', 'Tx', definitions.cancel()).userTask('H').endEvent('EC');
}

/** A, B, then by choice the end or the cancel end event; both can be undone. */
function booking(inner: ScopeBuilder): ScopeBuilder {
  inner
    .userTask('A')
    .userTask('B')
    .exclusiveGateway('G', { default: 'G-IE' })
    .from('G', 'cancel')
    .endEvent('IC', definitions.cancel())
    .from('G')
    .endEvent('IE');
  return undoneBy(undoneBy(inner, 'A'), 'B');
}

describe('A transaction', () => {
  it('that is not cancelled goes on as a sub-process', async () => {
    const engine = await scenario([cancelled(transaction(booking))]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['N']);
    await engine.finish('N');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('that is cancelled undoes what was done, the last first, then leaves by its cancel event', async () => {
    const engine = await scenario([cancelled(transaction(booking))]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.finish('B', { cancel: true });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['undo-B']);
    await engine.finish('undo-B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['undo-A']);
    await engine.finish('undo-A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    await engine.finish('H');
    expect(await engine.path(processInstanceId)).to.deep.equal([
      'S',
      'IS',
      'A',
      'B',
      'G',
      'undo-B',
      'undo-A',
      'IC',
      'Cancelled',
      'H',
      'EC',
    ]);
  });

  it('that is cancelled with nothing to undo leaves at once', async () => {
    const engine = await scenario([
      cancelled(transaction((inner) => inner.userTask('A').endEvent('IC', definitions.cancel()))),
    ]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('that is cancelled first ends what is still active in it', async () => {
    const model = cancelled(
      transaction((inner) => {
        inner
          .parallelGateway('F')
          .userTask('A')
          .userTask('C')
          .endEvent('IC', definitions.cancel())
          .from('F')
          .subProcess('Sub', (sub) => sub.startEvent('SS').userTask('B').endEvent('SE'))
          .endEvent('IE');
        return undoneBy(undoneBy(inner, 'A'), 'Sub');
      }),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'C']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['undo-A']);
    await engine.finish('undo-A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('that is cancelled undoes what was completed in the sub-processes it ends', async () => {
    const model = cancelled(
      transaction((inner) => {
        inner
          .parallelGateway('F')
          .userTask('A')
          .endEvent('IC', definitions.cancel())
          .from('F')
          .subProcess('Sub', (sub) =>
            undoneBy(sub.startEvent('SS').userTask('B').userTask('Never').endEvent('SE'), 'B'),
          )
          .endEvent('IE');
        return undoneBy(inner, 'Sub');
      }),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['B', 'A']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['undo-B']);
    await engine.finish('undo-B');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('that is cancelled undoes the sub-processes completed in it', async () => {
    const model = cancelled(
      transaction((inner) =>
        inner
          .subProcess('Sub', (sub) => undoneBy(sub.startEvent('SS').userTask('A').endEvent('SE'), 'A'))
          .endEvent('IC', definitions.cancel()),
      ),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'undo-A']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('that is cancelled undoes what an event sub-process in it has completed', async () => {
    const model = cancelled(
      transaction((inner) => {
        inner.userTask('A').endEvent('IC', definitions.cancel());
        const start = { start: 'ES', definition: definitions.message('M'), interrupting: false };
        return eventSubProcess(inner, 'Handler', start, (handler) =>
          undoneBy(handler.userTask('B').endEvent('HE'), 'B'),
        );
      }),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M');
    for (const id of ['B', 'A', 'undo-B']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('that is left by an error undoes nothing', async () => {
    const model = transaction((inner) => undoneBy(inner.userTask('A').endEvent('IX', definitions.error('X')), 'A'));
    model.boundaryEvent('Failed', 'Tx', definitions.error('X')).userTask('HX').endEvent('EX');
    const engine = await scenario([cancelled(model)]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['HX']);
  });

  it('that is left by an error may be undone by what caught it only where it was completed', async () => {
    const model = transaction((inner) => undoneBy(inner.userTask('A').endEvent('IX', definitions.error('X')), 'A'));
    model.boundaryEvent('Failed', 'Tx', definitions.error('X')).endEvent('EX', definitions.compensation());
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('that was completed can be undone from outside', async () => {
    const model = processBuilder('P').startEvent('S');
    model.node('transaction', 'Tx', {}, booking(processBuilder('unused').startEvent('IS')).innerXml());
    model.endEvent('E', definitions.compensation());
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['A', 'B', 'undo-B', 'undo-A']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('in another cancels only itself', async () => {
    const model = cancelled(
      transaction((outer) => {
        outer
          .userTask('O')
          .node('transaction', 'Inner', {}, innerTransaction())
          .endEvent('OE')
          .boundaryEvent('InnerCancelled', 'Inner', definitions.cancel())
          .userTask('HI')
          .endEvent('OE2');
        return undoneBy(outer, 'O');
      }),
    );
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (const id of ['O', 'A', 'undo-A']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['HI']);
    await engine.finish('HI');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['N']);
  });

  it('without a cancel event ends when it is cancelled, and no token goes on', async () => {
    const engine = await scenario([transaction(booking)]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.finish('B', { cancel: true });
    for (const id of ['undo-B', 'undo-A']) await engine.finish(id);
    expect(await engine.state(processInstanceId)).to.equal('finished');
    expect(await engine.path(processInstanceId)).not.to.include('N');
  });

  it('hands an error of a handler on while it is being cancelled', async () => {
    const failing =
      '<bpmn:serviceTask id="undo-A" isForCompensation="true" camunda:type="external" camunda:topic="undo"/>';
    const model = transaction((inner) =>
      undoneBy(inner.userTask('A').endEvent('IC', definitions.cancel()), 'A', failing),
    );
    model.boundaryEvent('Failed', 'Tx', definitions.error('X')).userTask('HX').endEvent('EX');
    const engine = await scenario([cancelled(model)]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.failWork('undo', 'no', 'X');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['HX']);
  });

  it('of several instances is ended as a whole when one is cancelled', async () => {
    const engine = await scenario([cancelled(transaction(booking, multiInstance({ cardinality: '2' })))]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    await engine.finish('B', { cancel: true });
    for (const id of ['undo-B', 'undo-A']) await engine.finish(id);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    await engine.finish('H');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  for (const [what, loop] of [
    ['of several instances', multiInstance({ sequential: true, cardinality: '2' })],
    ['in a loop', standardLoop({ maximum: 2 })],
  ] as const) {
    it(`${what} without a cancel event goes on with the next when one is cancelled`, async () => {
      const engine = await scenario([
        transaction((inner) => inner.userTask('A').endEvent('IC', definitions.cancel()), loop),
      ]);
      const { processInstanceId } = await engine.start('P');
      await engine.finish('A');
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
      await engine.finish('A');
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['N']);
    });
  }

  it('is the only place for a cancel end event', async () => {
    const engine = await scenario([]);
    const model = processBuilder('P').startEvent('S').endEvent('IC', definitions.cancel());
    expect((await errorOf(engine.deploy(model))).message).to.include('IC');
  });
});

function innerTransaction(): string {
  const inner = processBuilder('unused').startEvent('IIS').userTask('A').endEvent('IIC', definitions.cancel());
  return undoneBy(inner, 'A').innerXml();
}
