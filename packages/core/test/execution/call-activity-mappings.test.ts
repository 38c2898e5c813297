import { expect } from 'chai';
import { processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

function caller(inner: string, attributes: Readonly<Record<string, string>> = {}) {
  const extensions = inner === '' ? '' : `<bpmn:extensionElements>${inner}</bpmn:extensionElements>`;
  return processBuilder('P')
    .startEvent('S')
    .node('callActivity', 'C', { calledElement: 'Q', ...attributes }, extensions)
    .endEvent('E');
}

const CALLED = processBuilder('Q').startEvent('QS').userTask('QA').endEvent('QE');

async function run(inner: string, fields: Record<string, unknown> = {}, input = { a: 1, b: 2 }) {
  const engine = await scenario([caller(inner), CALLED]);
  const { processInstanceId } = await engine.start('P', input);
  const [childId] = await engine.instancesOf('Q');
  const given = await engine.variables(childId!);
  await engine.finish('QA', fields);
  return { engine, given, taken: await engine.variables(processInstanceId) };
}

describe('The data of a call activity:', () => {
  it('without mappings the payload is handed over, and the result object taken back', async () => {
    const { given, taken } = await run('', { x: 1 });
    expect(given).to.deep.equal({ a: 1, b: 2 });
    expect(taken).to.deep.equal({ a: 1, b: 2, form_fields: { x: 1 } });
  });

  it('only mapped variables are handed over', async () => {
    const { given } = await run(
      '<camunda:in source="a" target="first"/><camunda:in sourceExpression="${a + b}" target="sum"/>',
    );
    expect(given).to.deep.include({ first: 1, sum: 3 });
  });

  it('all variables are handed over where the mapping says so', async () => {
    const { given } = await run('<camunda:in variables="all"/>');
    expect(given).to.deep.include({ a: 1, b: 2 });
  });

  it('only mapped variables of the called process are taken back', async () => {
    const { taken } = await run(
      '<camunda:out source="x" target="fromChild"/><camunda:out sourceExpression="${x * 10}" target="tenfold"/>',
      { x: 4, y: 5 },
    );
    expect(taken).to.deep.equal({ a: 1, b: 2, fromChild: 4, tenfold: 40 });
  });

  it('all variables of the called process are taken back where the mapping says so', async () => {
    const { taken } = await run('<camunda:out variables="all"/>', { x: 4, a: 100 });
    expect(taken).to.deep.equal({ a: 100, b: 2, x: 4 });
  });

  it('the business key is that of the caller, or what the mapping says', async () => {
    const engine = await scenario([caller(''), CALLED]);
    await engine.call('P', {}, { type: 1, businessKey: 'order-7' });
    const [inherited] = await engine.instancesOf('Q');
    expect((await engine.instance(inherited!)).businessKey).to.equal('order-7');
    await engine.deploy(caller('<camunda:in businessKey="${key}"/>'));
    await engine.start('P', { key: 8 });
    const [, mapped] = await engine.instancesOf('Q');
    expect((await engine.instance(mapped!)).businessKey).to.equal('8');
  });
});

describe('The version a call activity calls', () => {
  const version = (n: number, attributes: Readonly<Record<string, string>> = {}) =>
    processBuilder('Q', attributes).startEvent('QS').endEvent(`End${n}`);
  const endOf = (answer: { tokenPayload?: unknown }) => (answer.tokenPayload as { endEventId: string }).endEventId;

  it('is the newest by default', async () => {
    const engine = await scenario([caller(''), version(1)]);
    await engine.deploy(version(2));
    expect(endOf(await engine.call('P'))).to.equal('End2');
  });

  it('is that of the same deployment, where so bound', async () => {
    const engine = await scenario([caller('', { 'camunda:calledElementBinding': 'deployment' }), version(1)]);
    await engine.deploy(version(2));
    expect(endOf(await engine.call('P'))).to.equal('End1');
  });

  it('is a number, where so bound', async () => {
    const engine = await scenario([
      caller('', { 'camunda:calledElementBinding': 'version', 'camunda:calledElementVersion': '${v}' }),
      version(1),
    ]);
    await engine.deploy(version(2));
    expect(endOf(await engine.call('P', { v: 1 }))).to.equal('End1');
    expect(endOf(await engine.call('P', { v: 2 }))).to.equal('End2');
    expect(await errorOf(engine.call('P', { v: 3 }))).to.include({ code: 404 });
  });

  it('is that with a tag, where so bound', async () => {
    const bound = { 'camunda:calledElementBinding': 'versionTag', 'camunda:calledElementVersionTag': 'stable' };
    const engine = await scenario([caller('', bound), version(1, { 'camunda:versionTag': 'stable' })]);
    await engine.deploy(version(2));
    expect(endOf(await engine.call('P'))).to.equal('End1');
  });

  it('of a deleted process is none', async () => {
    const engine = await scenario([caller(''), version(1)]);
    await engine.engine.managementApi.deleteProcessModel(engine.identity, 'Q');
    expect(await errorOf(engine.call('P'))).to.include({ code: 404 });
  });
});
