import { expect } from 'chai';
import { definitions, processBuilder, type ScopeBuilder } from '../../dist/testing/index.js';
import { scenario } from '../support/scenario.js';
import { eventSubProcess } from './advanced/elements.js';

const HOUR = 3_600_000;

function model(definition: string, interrupting = true) {
  const built = processBuilder('P')
    .root('message', 'M')
    .root('signal', 'G')
    .root('error', 'Err', { errorCode: 'E1' })
    .startEvent('S')
    .userTask('A')
    .endEvent('E');
  return eventSubProcess(built, 'ESP', { start: 'ES', definition, interrupting }, (scope) =>
    scope.userTask('H').endEvent('HE'),
  );
}

describe('An event sub-process', () => {
  it('that interrupts ends what runs in its scope; the scope ends with it', async () => {
    const engine = await scenario([model(definitions.message('M'))]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M', { told: 1 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    expect(await engine.variables(processInstanceId)).to.deep.equal({ told: 1 });
    expect(await engine.subscriptions()).to.deep.equal([]);
    await engine.finish('H');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('that does not interrupt runs beside it, as often as its event occurs', async () => {
    const engine = await scenario([model(definitions.signal('G'), false)]);
    const { processInstanceId } = await engine.start('P');
    await engine.signal('G');
    await engine.signal('G');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H']);
    await engine.finish('A');
    await engine.finish('H');
    expect(await engine.state(processInstanceId)).to.equal('running');
    await engine.finish('H');
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('of a timer with a cycle fires each time', async () => {
    const engine = await scenario([model(definitions.timer('timeCycle', 'R2/PT1H'), false)]);
    const { processInstanceId } = await engine.start('P');
    await engine.advance(5 * HOUR);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H']);
  });

  it('of a condition fires when it becomes true, and again only after it was false', async () => {
    const engine = await scenario([model(definitions.conditional('level > 5'), false)]);
    const { processInstanceId } = await engine.start('P', { level: 1 });
    const set = async (level: number): Promise<void> => {
      await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables: { level } });
      await engine.engine.idle();
    };
    await set(6);
    await set(7);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H']);
    await set(1);
    await set(8);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'H', 'H']);
  });

  it('of an error takes errors of its scope; what goes wrong inside it goes outward', async () => {
    const inner = (scope: ScopeBuilder): ScopeBuilder => {
      scope.startEvent('IS').userTask('A').endEvent('IE', definitions.error('Err'));
      return eventSubProcess(scope, 'ESP', { start: 'ES', definition: definitions.error('Err') }, (handler) =>
        handler.userTask('H').endEvent('HE', definitions.error('Err')),
      );
    };
    const built = processBuilder('P')
      .root('error', 'Err', { errorCode: 'E1' })
      .startEvent('S')
      .subProcess('SP', inner)
      .endEvent('E')
      .boundaryEvent('B', 'SP', definitions.error())
      .userTask('Z')
      .endEvent('E2');
    const engine = await scenario([built]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
    await engine.finish('H');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['Z']);
  });

  it('is disarmed when its scope ends', async () => {
    const inner = (scope: ScopeBuilder): ScopeBuilder => {
      scope.startEvent('IS').userTask('A').endEvent('IE');
      return eventSubProcess(scope, 'ESP', { start: 'ES', definition: definitions.message('M') }, (handler) =>
        handler.endEvent('HE'),
      );
    };
    const engine = await scenario([
      processBuilder('P').root('message', 'M').startEvent('S').subProcess('SP', inner).userTask('Z').endEvent('E'),
    ]);
    await engine.start('P');
    expect(await engine.subscriptions()).to.have.length(1);
    await engine.finish('A');
    expect(await engine.subscriptions()).to.deep.equal([]);
  });
});
