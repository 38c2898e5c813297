import { expect } from 'chai';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';

const HOUR = 3_600_000;

describe('A clock that jumps', () => {
  it('forward fires what is due, once', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .userTask('A')
      .endEvent('E')
      .boundaryEvent('B', 'A', definitions.timer('timeCycle', 'R/PT1H'), { cancelActivity: false })
      .userTask('H')
      .endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    engine.clock.set(engine.clock.now() + 24.5 * HOUR);
    await engine.advance(0);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
    await engine.advance(HOUR);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H']);
  });

  it('backward fires nothing twice', async () => {
    const engine = await scenario([
      processBuilder('P').startEvent('S', definitions.timer('timeCycle', '0 * * * *')).endEvent('E'),
    ]);
    await engine.advance(2 * HOUR);
    expect(await engine.instancesOf('P')).to.have.length(2);
    engine.clock.set(engine.clock.now() - 90 * 60_000);
    await engine.advance(89 * 60_000);
    expect(await engine.instancesOf('P')).to.have.length(2);
    await engine.advance(61 * 60_000);
    expect(await engine.instancesOf('P')).to.have.length(3);
  });

  it('backward keeps ids growing, so that the order of what happened stays', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('A').userTask('B').endEvent('E')]);
    const { processInstanceId } = await engine.start('P');
    engine.clock.set(engine.clock.now() - HOUR);
    await engine.finish('A');
    await engine.finish('B');
    const ids = (await engine.history(processInstanceId)).map(({ flowNodeInstanceId }) => flowNodeInstanceId);
    expect(ids).to.deep.equal([...ids].sort());
    expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'A', 'B', 'E']);
  });
});
