import { expect } from 'chai';
import {
  definitions,
  processBuilder,
  propertiesXml,
  TestEngine,
  type ProcessBuilder,
} from '@process-engine/core/testing';

/** JavaScript expressions that would take the engine down if they ran in it. */
const ATTACKS = {
  'an endless loop': '(() => { for (;;) {} })()',
  'a memory bomb': "(() => { const all = []; for (;;) all.push('x'.repeat(1e6) + all.length); })()",
  'endless recursion': '(function again() { return again() + 1; })()',
  'deeply nested JSON': "JSON.parse('['.repeat(200000) + ']'.repeat(200000))",
  'a catastrophic regular expression': "/^(a+)+$/.test('a'.repeat(60) + 'b')",
} as const;

/** Where a model can hide one, and what a caller who waits sees: a failure, or a condition that fails as well. */
const PLACES: Record<string, (attack: string) => ProcessBuilder> = {
  'a script': (attack) => processBuilder('Hostile').startEvent('S').scriptTask('T', `return ${attack};`).endEvent('E'),
  'a condition': (attack) =>
    processBuilder('Hostile')
      .startEvent('S')
      .exclusiveGateway('G')
      .from('G', `${attack} === 1`)
      .endEvent('E')
      .from('G', 'false')
      .endEvent('F'),
  'the default of a form field': (attack) =>
    processBuilder('Hostile')
      .startEvent('S')
      .userTask(
        'U',
        `<bpmn:extensionElements><camunda:formData><camunda:formField id="f" type="string" label="f" defaultValue="\${${attack
          .replace(/"/g, '&quot;')
          .replace(/</g, '&lt;')
          .replace(/&(?!quot|lt)/g, '&amp;')}}"/></camunda:formData></bpmn:extensionElements>`,
      )
      .endEvent('E'),
  'a timer': (attack) =>
    processBuilder('Hostile')
      .startEvent('S')
      .node('intermediateCatchEvent', 'C', {}, definitions.timer('timeDuration', `token.current && ${attack}`))
      .endEvent('E'),
  'a topic': (attack) =>
    processBuilder('Hostile').startEvent('S').externalTask('X', `token.current && ${attack}`).endEvent('E'),
};

describe('A hostile model', () => {
  let test: TestEngine;

  before(async () => {
    const bystander = processBuilder('Bystander')
      .startEvent('S')
      .userTask('A')
      .scriptTask('Add', 'return { sum: (typeof leak === "undefined" ? 0 : 100) + x + 1 };')
      .endEvent('E');
    test = await TestEngine.start(process.env.ENGINE_CACHE === 'evicting' ? { cacheSize: 0 } : {});
    await test.deploy(bystander);
  });

  after(() => test.stop());

  for (const [place, build] of Object.entries(PLACES)) {
    for (const [attack, expression] of Object.entries(ATTACKS)) {
      it(`with ${attack} in ${place} harms neither the engine, nor an instance beside it, nor the next script`, async function () {
        this.timeout(20_000);
        const beside = await test.start('Bystander', { x: 1 });
        await test.deploy(build(expression));
        const hostile = await test.start('Hostile', { x: 1 });
        expect(await test.state(hostile.processInstanceId)).to.be.oneOf(['error', 'finished']);
        const waits = await test.tasks(hostile.processInstanceId);
        expect(waits, 'nothing is left half-entered').to.deep.equal([]);

        await test.finish('A');
        expect(await test.state(beside.processInstanceId)).to.equal('finished');
        expect(await test.variables(beside.processInstanceId)).to.include({ sum: 2 });
      });
    }
  }

  it('that leaves something behind in the sandbox is not seen by the next script', async () => {
    const leaks =
      'globalThis.leak = 1; Object.prototype.leak = 1; Array.prototype.map = () => 0; JSON.parse = () => 0; return {};';
    await test.deploy(processBuilder('Hostile').startEvent('S').scriptTask('T', leaks).endEvent('E').from('S'));
    await test.start('Hostile');
    const next = await test.start('Bystander', { x: 5 });
    await test.finish('A');
    expect(await test.variables(next.processInstanceId)).to.include({ sum: 6 });
  });

  it('cannot reach the host through a payload, an error or a variable', async () => {
    const escape =
      'try { return { found: typeof payload.constructor.constructor("return process")() }; } catch (e) { return { found: "nothing" }; }';
    await test.deploy(
      processBuilder('Hostile', {})
        .startEvent('S')
        .node(
          'scriptTask',
          'T',
          { scriptFormat: 'javascript' },
          `${propertiesXml({})}<bpmn:script>${escape.replace(/"/g, '&quot;')}</bpmn:script>`,
        )
        .endEvent('E'),
    );
    const { processInstanceId } = await test.start('Hostile', { payload: {} });
    expect((await test.variables(processInstanceId)).found).to.not.equal('object');
  });
});
