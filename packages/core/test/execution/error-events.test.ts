import { expect } from 'chai';
import { BpmnError } from '../../dist/execution/bpmn-error.js';
import { definitions, processBuilder, type ScopeBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

function withErrors() {
  return processBuilder('P')
    .root('error', 'E1', { errorCode: 'E1', name: 'First' })
    .root('error', 'E2', { errorCode: 'E2', name: 'Second' })
    .root('error', 'NoCode');
}

/** A sub-process that ends with the error, inside another; boundary events as given: `[id, host, error]`. */
function nested(thrown: string | undefined, boundaries: readonly (readonly [string, string, string?])[]) {
  const own = (host: string, scope: ScopeBuilder) => {
    for (const [id, at, error] of boundaries) {
      if (at === host) scope.boundaryEvent(id, host, definitions.error(error)).endEvent(`After${id}`);
    }
    return scope;
  };
  const inner = (scope: ScopeBuilder) =>
    scope.startEvent('IS').userTask('A').endEvent('Throws', definitions.error(thrown));
  const model = withErrors().startEvent('S');
  model
    .subProcess('Outer', (scope) => own('Inner', scope.startEvent('OS').subProcess('Inner', inner).endEvent('OE')))
    .endEvent('E');
  return own('Outer', model) as typeof model;
}

describe('An error end event', () => {
  it('that nobody catches ends the instance with the error', async () => {
    const engine = await scenario([nested('E1', [])]);
    const { answer, processInstanceId } = await engine.begin('P');
    await engine.finish('A');
    const error = await errorOf(answer);
    expect(error).to.deep.include({ code: 500, additionalInformation: { name: 'First', code: 'E1' } });
    expect(await engine.instance(processInstanceId)).to.deep.include({
      state: 'error',
      error: { name: 'First', code: 'E1', message: '' },
    });
    const states = Object.fromEntries(
      (await engine.history(processInstanceId)).map(({ flowNodeId, state }) => [flowNodeId, state]),
    );
    expect(states).to.include({ Throws: 'finished', Inner: 'error', Outer: 'error' });
  });

  it('carries name, code and message of the error it refers to, or three empty texts', async () => {
    const model = processBuilder('P').root('error', 'X', { name: 'N', errorCode: 'C', 'camunda:errorMessage': 'M' });
    model.startEvent('S').endEvent('E', definitions.error('X'));
    const engine = await scenario([model, processBuilder('Q').startEvent('QS').endEvent('QE', definitions.error())]);
    expect(await errorOf(engine.call('P'))).to.deep.include({
      message: 'M',
      additionalInformation: { name: 'N', code: 'C' },
    });
    expect(await errorOf(engine.call('Q'))).to.deep.include({
      code: 500,
      additionalInformation: { name: '', code: '' },
    });
    const [id] = await engine.instancesOf('Q');
    expect((await engine.instance(id!)).error).to.deep.equal({ name: '', code: '', message: '' });
  });

  it('ends all that is alive beside it', async () => {
    const model = withErrors()
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .endEvent('Throws', definitions.error('E1'))
      .from('F')
      .externalTask('X', 'topic');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A');
    expect(await engine.state(processInstanceId)).to.equal('error');
    expect((await engine.entry(processInstanceId, 'X')).state).to.equal('cancelled');
    expect(await engine.fetch('topic')).to.deep.equal([]);
  });
});

describe('A thrown error has exactly one handler:', () => {
  const cases: readonly (readonly [
    string,
    string | undefined,
    readonly (readonly [string, string, string?])[],
    string,
  ])[] = [
    [
      'the one of its code in the nearest scope',
      'E1',
      [
        ['BI', 'Inner', 'E1'],
        ['BO', 'Outer', 'E1'],
      ],
      'BI',
    ],
    [
      'the nearest that catches everything, before an exact one further out',
      'E1',
      [
        ['BI', 'Inner'],
        ['BO', 'Outer', 'E1'],
      ],
      'BI',
    ],
    [
      'in one scope the exact one, before one that catches everything',
      'E1',
      [
        ['BA', 'Inner'],
        ['BX', 'Inner', 'E1'],
      ],
      'BX',
    ],
    [
      'further out, where the nearest has another code',
      'E1',
      [
        ['BI', 'Inner', 'E2'],
        ['BO', 'Outer', 'E1'],
      ],
      'BO',
    ],
    [
      'of several that fit the first',
      'E1',
      [
        ['B1', 'Inner', 'E1'],
        ['B2', 'Inner', 'E1'],
      ],
      'B1',
    ],
    [
      'without code, one that catches everything',
      undefined,
      [
        ['BX', 'Inner', 'E1'],
        ['BA', 'Outer'],
      ],
      'BA',
    ],
    ['without code in the definition, one that catches everything', 'NoCode', [['BA', 'Inner', 'NoCode']], 'BA'],
  ];
  for (const [what, thrown, boundaries, expected] of cases) {
    it(what, async () => {
      const engine = await scenario([nested(thrown, boundaries)]);
      const { answer, processInstanceId } = await engine.begin('P');
      await engine.finish('A');
      await answer;
      const fired = (await engine.path(processInstanceId)).filter((id) => id.startsWith('B'));
      expect(fired).to.deep.equal([expected]);
    });
  }
});

describe('An error boundary event', () => {
  it('ends its host with the error, and hands it to the path behind it as data', async () => {
    const model = withErrors()
      .startEvent('S')
      .serviceTask('T', 'boom')
      .endEvent('E')
      .boundaryEvent('B', 'T', definitions.error('E1'))
      .serviceTask('Show', 'show', { method: 'show', params: '[token.current, token.history.T, code]' })
      .endEvent('Handled');
    const boom = () => Promise.reject(new BpmnError('E1', 'went wrong'));
    const engine = await scenario([model], {
      services: { boom, show: { show: (...seen: unknown[]) => ({ seen: seen.map((value) => value ?? null) }) } },
    });
    const { tokenPayload, processInstanceId } = await engine.call('P');
    const error = { name: 'BpmnError', code: 'E1', message: 'went wrong' };
    expect(tokenPayload).to.deep.equal({ seen: [error, error, null] });
    expect(await engine.entry(processInstanceId!, 'T')).to.deep.include({ state: 'error', result: error, error });
    expect(await engine.result(processInstanceId!, 'B')).to.deep.equal(error);
  });

  it('is not disarmed by the error it caught: a loop may come back', async () => {
    const model = withErrors()
      .startEvent('S')
      .exclusiveGateway('Again')
      .serviceTask('T', 'flaky')
      .endEvent('E')
      .boundaryEvent('B', 'T', definitions.error('E1'))
      .to('Again');
    let calls = 0;
    const flaky = () => ((calls += 1) < 4 ? Promise.reject(new BpmnError('E1')) : { calls });
    const engine = await scenario([model], { services: { flaky } });
    expect((await engine.call('P')).tokenPayload).to.deep.equal({ calls: 4 });
  });

  it('catches the failure of something deep inside its sub-process', async () => {
    const model = withErrors()
      .startEvent('S')
      .subProcess('Outer', (outer) =>
        outer
          .startEvent('OS')
          .subProcess('Inner', (inner) =>
            inner
              .startEvent('IS')
              .exclusiveGateway('G')
              .from('G', 'false')
              .endEvent('IE')
              .from('G', 'false')
              .endEvent('IE2'),
          )
          .endEvent('OE'),
      )
      .endEvent('E')
      .boundaryEvent('B', 'Outer', definitions.error())
      .endEvent('Handled');
    const engine = await scenario([model]);
    const { endEventId, tokenPayload } = await engine.call('P');
    expect(endEventId).to.equal('Handled');
    expect(tokenPayload).to.include({ name: 'BadRequestError' });
  });

  it('a failure on the path behind it is not its own', async () => {
    const model = withErrors()
      .startEvent('S')
      .serviceTask('T', 'boom')
      .endEvent('E')
      .boundaryEvent('B', 'T', definitions.error())
      .serviceTask('T2', 'boom')
      .endEvent('End2');
    const engine = await scenario([model], { services: { boom: () => Promise.reject(new BpmnError('E1', 'again')) } });
    expect(await errorOf(engine.call('P'))).to.include({ message: 'again' });
    const [id] = await engine.instancesOf('P');
    expect((await engine.history(id!)).filter(({ flowNodeId }) => flowNodeId === 'B')).to.have.length(1);
  });

  it('catches an exact code of a failure', async () => {
    const model = withErrors()
      .startEvent('S')
      .serviceTask('T', 'boom')
      .endEvent('E')
      .boundaryEvent('B', 'T', definitions.error('E1'))
      .endEvent('Handled');
    const engine = await scenario([model], {
      services: { boom: () => Promise.reject(Object.assign(new Error('x'), { code: 'E1' })) },
    });
    expect((await engine.call('P')).endEventId).to.equal('Handled');
  });
});
