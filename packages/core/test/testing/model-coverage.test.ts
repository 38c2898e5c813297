import { expect } from 'chai';
import {
  definitions,
  modelCoverage,
  type ModelCoverage,
  printCoverage,
  processBuilder,
  ScopeBuilder,
} from '../../dist/testing/index.js';
import { identity, scenario } from '../support/scenario.js';

const ids = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id);
const missing = ({ flowNodes, sequenceFlows }: ModelCoverage) => ({
  flowNodes: ids(flowNodes.missing),
  sequenceFlows: ids(sequenceFlows.missing),
});
const NOTHING = { flowNodes: [], sequenceFlows: [] };

const CHOICE = processBuilder('Choice')
  .startEvent('Start')
  .exclusiveGateway('Which', { default: 'Which-Little' })
  .from('Which', 'amount > 10')
  .node('task', 'Much', { name: 'Much is asked' })
  .endEvent('End')
  .from('Which')
  .endEvent('Little');

describe('Model coverage', () => {
  it('tells which flow nodes and flows were executed, and which were not', async () => {
    const engine = await scenario([CHOICE]);
    await engine.start('Choice', { amount: 1 });
    const [coverage] = await modelCoverage(engine);
    expect(ids(coverage!.flowNodes.executed)).to.deep.equal(['Start', 'Which', 'Little']);
    expect(ids(coverage!.sequenceFlows.executed)).to.deep.equal(['Start-Which', 'Which-Little']);
    expect(missing(coverage!)).to.deep.equal({ flowNodes: ['Much', 'End'], sequenceFlows: ['Which-Much', 'Much-End'] });
  });

  it('adds up all instances, those that wait included', async () => {
    const engine = await scenario([CHOICE]);
    await engine.start('Choice', { amount: 1 });
    await engine.start('Choice', { amount: 11 });
    const [coverage] = await modelCoverage(engine);
    expect(missing(coverage!)).to.deep.equal({ flowNodes: ['End'], sequenceFlows: ['Much-End'] });
    await engine.finish('Much');
    expect((await modelCoverage(engine)).map(missing)).to.deep.equal([NOTHING]);
  });

  it('has an entry for each version of each executable model', async () => {
    const sketch = processBuilder('Sketch', { isExecutable: false }).startEvent('S').endEvent('E');
    const engine = await scenario([CHOICE, sketch]);
    await engine.start('Choice');
    await engine.deploy(processBuilder('Choice').startEvent('Start').endEvent('End'));
    const coverage = await modelCoverage(engine);
    expect(coverage.map(({ processModelId, version }) => [processModelId, version])).to.deep.equal([
      ['Choice', 1],
      ['Choice', 2],
    ]);
    expect(missing(coverage[1]!)).to.deep.equal({ flowNodes: ['Start', 'End'], sequenceFlows: ['Start-End'] });
  });

  it('counts every flow into a join that has fired, and none of a join that still waits', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .parallelGateway('F')
      .userTask('A')
      .parallelGateway('J')
      .endEvent('E')
      .from('F')
      .userTask('B')
      .to('J');
    const engine = await scenario([model]);
    await engine.start('P');
    await engine.finish('A');
    const [waiting] = await modelCoverage(engine);
    expect(missing(waiting!)).to.deep.equal({ flowNodes: ['J', 'E'], sequenceFlows: ['A-J', 'J-E', 'B-J'] });
    await engine.finish('B');
    expect((await modelCoverage(engine)).map(missing)).to.deep.equal([NOTHING]);
  });

  it('does not count a join that was cancelled', async () => {
    const inner = (scope: ScopeBuilder) =>
      scope
        .startEvent('IS')
        .parallelGateway('F')
        .userTask('A')
        .parallelGateway('J')
        .endEvent('IE')
        .from('F')
        .userTask('B')
        .to('J');
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Sub', inner)
      .endEvent('E')
      .boundaryEvent('Late', 'Sub', definitions.timer('timeDuration', 'PT1H'))
      .endEvent('TooLate');
    const engine = await scenario([model]);
    await engine.start('P');
    await engine.finish('A');
    await engine.fireNextTimer();
    const [coverage] = await modelCoverage(engine);
    expect(missing(coverage!)).to.deep.equal({
      flowNodes: ['J', 'IE', 'E'],
      sequenceFlows: ['A-J', 'J-IE', 'B-J', 'Sub-E'],
    });
  });

  it('covers sub-processes, boundary events and event sub-processes', async () => {
    const reminder = new ScopeBuilder()
      .apart('startEvent', 'Every', { isInterrupting: false }, definitions.timer('timeDuration', 'PT1H'))
      .endEvent('Reminded')
      .innerXml();
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('Sub', (scope) =>
        scope
          .startEvent('IS')
          .userTask('U')
          .endEvent('IE')
          .apart('subProcess', 'Reminder', { triggeredByEvent: true }, reminder),
      )
      .endEvent('E')
      .boundaryEvent('B', 'Sub', definitions.timer('timeDuration', 'PT2H'), { cancelActivity: false })
      .endEvent('BE');
    const engine = await scenario([model]);
    await engine.start('P');
    await engine.fireNextTimer();
    await engine.fireNextTimer();
    await engine.finish('U');
    expect((await modelCoverage(engine)).map(missing)).to.deep.equal([NOTHING]);
  });

  it('covers repeated activities, loops back and called processes', async () => {
    const called = processBuilder('Called').startEvent('CS').endEvent('CE');
    const model = processBuilder('P')
      .startEvent('S')
      .exclusiveGateway('Again')
      .callActivity(
        'Call',
        'Called',
        '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>',
      )
      .scriptTask('Count', 'return { rounds: (rounds || 0) + 1 }')
      .exclusiveGateway('Enough', { default: 'Enough-E' })
      .from('Enough', 'rounds < 2')
      .to('Again')
      .from('Enough')
      .endEvent('E');
    const engine = await scenario([called, model]);
    await engine.start('P', { rounds: 0 });
    const coverage = await modelCoverage(engine);
    expect(coverage.map(({ processModelId }) => processModelId)).to.deep.equal(['Called', 'P']);
    expect(coverage.map(missing)).to.deep.equal([NOTHING, NOTHING]);
  });

  it('takes an engine, and asks as the identity it is given', async () => {
    const asked = new Set<string>();
    const iamService = {
      ensureHasClaim: ({ userId }: { userId: string }) => {
        asked.add(userId);
        return Promise.resolve();
      },
    };
    const engine = await scenario([CHOICE], { iamService });
    asked.clear();
    expect(await modelCoverage(engine.engine, identity('auditor'))).to.have.length(1);
    expect([...asked]).to.deep.equal(['auditor']);
  });

  it('does not depend on the services and bindings a model needs to be deployed', async () => {
    const model = processBuilder('P').startEvent('S').serviceTask('T', 'mail').endEvent('E');
    const engine = await scenario([model], { services: { mail: () => ({}) } });
    await engine.start('P');
    expect((await modelCoverage(engine)).map(missing)).to.deep.equal([NOTHING]);
  });

  it('is printed as a table for each model', async () => {
    const engine = await scenario([CHOICE, processBuilder('Other').startEvent('S').endEvent('E')]);
    await engine.start('Choice', { amount: 1 });
    await engine.start('Other');
    expect(printCoverage(await modelCoverage(engine)).split('\n')).to.deep.equal([
      'Choice, version 1',
      '  elements      3/5  missing: Much "Much is asked", End',
      '  flows         2/4  missing: Which-Much (Which -> Much), Much-End (Much -> End)',
      '',
      'Other, version 1',
      '  elements      2/2',
      '  flows         1/1',
    ]);
  });
});
