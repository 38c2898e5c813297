import { expect } from 'chai';
import { definitions, processBuilder, propertiesXml } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

const throwing = processBuilder('Q')
  .root('error', 'Known', { errorCode: 'E1', name: 'Known error', 'camunda:errorMessage': 'as expected' })
  .startEvent('QS')
  .endEvent('QE', definitions.error('Known'));

function caller(attached = '', inner = '') {
  const model = processBuilder('P')
    .root('error', 'Known', { errorCode: 'E1' })
    .root('error', 'Other', { errorCode: 'E2' });
  model.startEvent('S').callActivity('C', 'Q', inner).endEvent('E');
  return attached === '' ? model : model.boundaryEvent('B', 'C', attached).endEvent('Caught');
}

describe('An error of a called process', () => {
  it('is caught at the call activity by its code', async () => {
    const engine = await scenario([caller(definitions.error('Known')), throwing]);
    const { endEventId, tokenPayload } = await engine.call('P');
    expect(endEventId).to.equal('Caught');
    expect(tokenPayload).to.include({ name: 'Known error', code: 'E1' });
  });

  it('is caught there by an event without code', async () => {
    const engine = await scenario([caller(definitions.error()), throwing]);
    expect((await engine.call('P')).endEventId).to.equal('Caught');
  });

  it('that nobody catches ends both', async () => {
    const engine = await scenario([caller(definitions.error('Other')), throwing]);
    const error = await errorOf(engine.call('P'));
    expect(error).to.deep.include({ code: 500, additionalInformation: { name: 'Known error', code: 'E1' } });
    for (const id of [...(await engine.instancesOf('P')), ...(await engine.instancesOf('Q'))]) {
      expect(await engine.instance(id)).to.have.nested.property('error.code', 'E1');
    }
  });

  it('that is technical is caught by an event without code only', async () => {
    const failing = processBuilder('Q').startEvent('QS').serviceTask('T', 'boom').endEvent('QE');
    const boom = () => Promise.reject(new Error('boom'));
    const catching = await scenario([caller(definitions.error()), failing], { services: { boom } });
    expect((await catching.call('P')).tokenPayload).to.include({ message: 'boom' });
    const other = await scenario([caller(definitions.error('Known')), failing], { services: { boom } });
    expect(await errorOf(other.call('P'))).to.include({ code: 500, message: 'boom' });
  });

  it('that is caught inside it is not seen outside', async () => {
    const called = processBuilder('Q')
      .root('error', 'Known', { errorCode: 'E1' })
      .startEvent('QS')
      .subProcess('SP', (inner) => inner.startEvent('IS').endEvent('IE', definitions.error('Known')))
      .endEvent('QE')
      .boundaryEvent('QB', 'SP', definitions.error('Known'))
      .endEvent('QCaught');
    const engine = await scenario([caller(definitions.error()), called]);
    const { endEventId, tokenPayload } = await engine.call('P');
    expect(endEventId).to.equal('E');
    expect(tokenPayload).to.have.property('endEventId', 'QCaught');
  });
});

describe('A call that cannot be made', () => {
  it('of an unknown process fails with 404', async () => {
    const engine = await scenario([caller()]);
    const error = await errorOf(engine.call('P'));
    expect(error).to.include({ code: 404 });
    expect(error.message).to.match(/'Q' not found/);
  });

  it('of a process that is not executable fails with 404', async () => {
    const engine = await scenario([
      caller(),
      processBuilder('Q', { isExecutable: false }).startEvent('QS').endEvent('QE'),
    ]);
    expect((await errorOf(engine.call('P'))).message).to.match(/not executable/);
  });

  it('at a start event that is not there fails with 404 and says which was configured', async () => {
    const called = processBuilder('Q').startEvent('QS').endEvent('QE');
    const engine = await scenario([caller('', propertiesXml({ startEventId: 'Missing' })), called]);
    const error = await errorOf(engine.call('P'));
    expect(error).to.deep.include({ code: 404, additionalInformation: { configuredStartEventId: 'Missing' } });
    expect(error.message).to.match(/no matching startevent/i);
  });

  it('is caught by an error event without code, and is not tried again', async () => {
    const engine = await scenario([caller(definitions.error())], { retries: [1_000] });
    expect((await engine.call('P')).tokenPayload).to.include({ name: 'NotFoundError' });
  });

  it('with onFailure incident can be made again when the process is there', async () => {
    const engine = await scenario([caller()], { onFailure: 'incident' });
    const { processInstanceId } = await engine.start('P');
    const [incident] = await engine.incidents();
    expect(incident).to.include({ processInstanceId, flowNodeId: 'C' });
    await engine.deploy(processBuilder('Q').startEvent('QS').endEvent('QE'));
    await engine.engine.managementApi.retryIncident(engine.identity, incident!.id);
    await engine.engine.idle();
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  for (const [what, inner] of [
    ['payload', propertiesXml({ payload: 'token.current.a.b.c' })],
    ['business key', '<bpmn:extensionElements><camunda:in businessKey="${a.b.c.d}"/></bpmn:extensionElements>'],
    [
      'mapping',
      '<bpmn:extensionElements><camunda:in sourceExpression="${a.b.c.d}" target="t"/></bpmn:extensionElements>',
    ],
  ] as const) {
    it(`with an invalid ${what} fails, and no process is started`, async () => {
      const engine = await scenario([caller('', inner), processBuilder('Q').startEvent('QS').endEvent('QE')]);
      expect((await errorOf(engine.call('P', { a: 1 }))).message).to.match(/is invalid/);
      expect(await engine.instancesOf('Q')).to.deep.equal([]);
    });
  }
});
