import { expect } from 'chai';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { errorOf, nextTurn, scenario } from '../support/scenario.js';

const MODEL = processBuilder('P').startEvent('S').userTask('A').endEvent('E');

describe('An idempotency key', () => {
  it('used twice starts one instance, and both calls get its ids', async () => {
    const engine = await scenario([MODEL]);
    const first = await engine.call('P', { n: 1 }, { type: 1, idempotencyKey: 'k' });
    const second = await engine.call('P', { n: 2 }, { type: 1, idempotencyKey: 'k', correlationId: 'other' });
    expect(second).to.deep.equal(first);
    expect(await engine.instancesOf('P')).to.have.length(1);
  });

  it('used at the same time starts one instance', async () => {
    const engine = await scenario([MODEL]);
    const calls = Array.from({ length: 5 }, () => engine.call('P', {}, { type: 1, idempotencyKey: 'k' }));
    const ids = new Set((await Promise.all(calls)).map(({ processInstanceId }) => processInstanceId));
    expect(ids.size).to.equal(1);
    expect(await engine.instancesOf('P')).to.have.length(1);
  });

  it('is one of its model', async () => {
    const engine = await scenario([MODEL, processBuilder('Q').startEvent('QS').endEvent('QE')]);
    await engine.call('P', {}, { type: 1, idempotencyKey: 'k' });
    expect((await engine.call('Q', {}, { idempotencyKey: 'k' })).endEventId).to.equal('QE');
  });

  it('used again with type 2 after the end gives the end of the first instance', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').endEvent('E')]);
    const first = await engine.call('P', { n: 1 }, { idempotencyKey: 'k' });
    expect(await engine.call('P', { n: 2 }, { idempotencyKey: 'k' })).to.deep.equal(first);
    expect(first.tokenPayload).to.deep.equal({ n: 1 });
  });

  it('used again while the first instance runs waits for its end', async () => {
    const engine = await scenario([MODEL]);
    const { answer, processInstanceId } = await engine.begin('P', {}, { idempotencyKey: 'k' });
    const again = engine.call('P', {}, { idempotencyKey: 'k' });
    await nextTurn();
    await engine.finish('A', { n: 1 });
    expect(await again).to.deep.equal(await answer);
    expect((await again).processInstanceId).to.equal(processInstanceId);
  });

  it('does not hide that the first instance failed', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').endEvent('E', definitions.error())]);
    const first = await errorOf(engine.call('P', {}, { idempotencyKey: 'k' }));
    expect(await errorOf(engine.call('P', {}, { idempotencyKey: 'k' }))).to.include({
      code: first.code,
      message: first.message,
    });
  });
});
