/** Elements and events that few models use: each executed once, so that no line of the table of supported elements is a claim. */
import { expect } from 'chai';
import {
  definitions,
  type ProcessBuilder,
  processBuilder,
  propertiesXml,
  ScopeBuilder,
} from '../../dist/testing/index.js';
import { errorOf, type Scenario, scenario } from '../support/scenario.js';

const HOUR = 3_600_000;

/** A process with everything its events may name. */
function process(): ProcessBuilder {
  return processBuilder('P')
    .root('message', 'M')
    .root('signal', 'Sig')
    .root('error', 'Err', { errorCode: 'E1' })
    .root('escalation', 'Esc', { escalationCode: '1' });
}

/** The instances of the process are ended, in this state. */
async function expectEnd(engine: Scenario, processInstanceId: string, path: readonly string[]): Promise<void> {
  expect(await engine.state(processInstanceId)).to.equal('finished');
  expect(await engine.path(processInstanceId)).to.deep.equal(path);
}

interface Trigger {
  readonly name: string;
  readonly definition: string;
  readonly attributes?: Readonly<Record<string, boolean>>;
  /** Lets the event occur. */
  readonly occur: (engine: Scenario, processInstanceId: string) => Promise<void>;
}

const BOTH = definitions.message('M') + definitions.signal('Sig');

async function set(engine: Scenario, processInstanceId: string, ready: boolean): Promise<void> {
  await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables: { ready } });
  await engine.engine.idle();
}

const TRIGGERS: readonly Trigger[] = [
  { name: 'message', definition: definitions.message('M'), occur: (engine) => engine.message('M') },
  { name: 'signal', definition: definitions.signal('Sig'), occur: (engine) => engine.signal('Sig') },
  {
    name: 'timer',
    definition: definitions.timer('timeDuration', 'PT1H'),
    occur: (engine) => engine.advance(HOUR),
  },
  { name: 'conditional', definition: definitions.conditional('ready'), occur: (engine, id) => set(engine, id, true) },
  { name: 'multiple', definition: BOTH, occur: (engine) => engine.signal('Sig') },
  {
    name: 'parallel-multiple',
    definition: BOTH,
    attributes: { parallelMultiple: true },
    occur: async (engine) => {
      await engine.signal('Sig');
      await engine.message('M');
    },
  },
];

for (const { name, definition, attributes = {}, occur } of TRIGGERS) {
  describe(`An event of the kind ${name}`, () => {
    const handling = (isInterrupting: boolean) =>
      process()
        .startEvent('S')
        .userTask('U')
        .endEvent('E')
        .apart(
          'subProcess',
          'Handler',
          { triggeredByEvent: true },
          new ScopeBuilder()
            .apart('startEvent', 'Start', { isInterrupting, ...attributes }, definition)
            .endEvent('Handled')
            .innerXml(),
        );
    const attached = (cancelActivity: boolean) =>
      process()
        .startEvent('S')
        .userTask('U')
        .endEvent('E')
        .boundaryEvent('B', 'U', definition, { cancelActivity, ...attributes })
        .endEvent('BE');

    it('starts an event sub-process that ends everything else in its scope', async () => {
      const engine = await scenario([handling(true)]);
      const { processInstanceId } = await engine.start('P');
      await occur(engine, processInstanceId);
      await expectEnd(engine, processInstanceId, ['S', 'Start', 'Handled', 'Handler']);
    });

    it('starts an event sub-process beside what runs, where it does not interrupt', async () => {
      const engine = await scenario([handling(false)]);
      const { processInstanceId } = await engine.start('P');
      await occur(engine, processInstanceId);
      expect(await engine.path(processInstanceId)).to.deep.equal(['S', 'Start', 'Handled', 'Handler']);
      await engine.finish('U');
      await expectEnd(engine, processInstanceId, ['S', 'Start', 'Handled', 'Handler', 'U', 'E']);
    });

    it('ends the activity it is attached to', async () => {
      const engine = await scenario([attached(true)]);
      const { processInstanceId } = await engine.start('P');
      await occur(engine, processInstanceId);
      await expectEnd(engine, processInstanceId, ['S', 'B', 'BE']);
    });

    it('leaves the activity it is attached to, where it does not interrupt', async () => {
      const engine = await scenario([attached(false)]);
      const { processInstanceId } = await engine.start('P');
      await occur(engine, processInstanceId);
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['U']);
      await engine.finish('U');
      await expectEnd(engine, processInstanceId, ['S', 'B', 'BE', 'U', 'E']);
    });
  });
}

describe('A parallel multiple event', () => {
  const model = process()
    .startEvent('S')
    .node('intermediateCatchEvent', 'C', { parallelMultiple: true }, BOTH)
    .endEvent('E');

  it('goes on when all its triggers have occurred', async () => {
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['C']);
    await engine.signal('Sig');
    await expectEnd(engine, processInstanceId, ['S', 'C', 'E']);
  });
});

describe('A start event that nothing could set off', () => {
  for (const [name, attributes, definition] of [
    ['all of several triggers', { parallelMultiple: true }, BOTH],
    ['a condition', {}, definitions.conditional('ready')],
  ] as const) {
    it(`is refused at deployment (${name})`, async () => {
      const engine = await scenario([]);
      const start = process().apart('startEvent', 'S', attributes, definition).endEvent('E');
      const refused = await errorOf(engine.deploy(start));
      expect(JSON.stringify(refused.additionalInformation)).to.contain('unsupported-element');
    });
  }
});

describe('A multiple event', () => {
  it('starts an instance by each of its triggers', async () => {
    const engine = await scenario([process().startEvent('S', BOTH).endEvent('E')]);
    await engine.message('M');
    await engine.signal('Sig');
    const instances = await engine.instancesOf('P');
    expect(instances).to.have.length(2);
    for (const id of instances) await expectEnd(engine, id, ['S', 'E']);
  });

  for (const [element, path] of [
    ['intermediateThrowEvent', ['S', 'T', 'E']],
    ['endEvent', ['S', 'T']],
  ] as const) {
    it(`throws all it names (${element})`, async () => {
      const sender = process().startEvent('S').node(element, 'T', {}, BOTH);
      if (element === 'intermediateThrowEvent') sender.endEvent('E');
      const receiver = processBuilder('R')
        .root('message', 'RM', { name: 'M' })
        .root('signal', 'RSig', { name: 'Sig' })
        .startEvent('RS')
        .node(
          'intermediateCatchEvent',
          'RC',
          { parallelMultiple: true },
          definitions.message('RM') + definitions.signal('RSig'),
        )
        .endEvent('RE');
      const engine = await scenario([sender, receiver]);
      const waiting = await engine.start('R');
      const { processInstanceId } = await engine.start('P');
      await expectEnd(engine, processInstanceId, path);
      await expectEnd(engine, waiting.processInstanceId, ['RS', 'RC', 'RE']);
    });
  }
});

describe('An event without a trigger', () => {
  for (const element of ['intermediateThrowEvent', 'intermediateCatchEvent']) {
    it(`lets the token pass, with its payload (${element})`, async () => {
      const engine = await scenario([process().startEvent('S').node(element, 'X').userTask('U').endEvent('E')]);
      const { processInstanceId } = await engine.start('P', { v: 1 });
      expect(await engine.payloadAt('U')).to.deep.equal({ v: 1 });
      expect(await engine.result(processInstanceId, 'X')).to.deep.equal({ v: 1 });
    });
  }
});

describe('An escalation', () => {
  const escalating = (last: 'end' | 'throw') => (scope: ScopeBuilder) => {
    scope.startEvent('IS').parallelGateway('F').userTask('U').endEvent('IE').from('F');
    if (last === 'end') return scope.endEvent('Escalated', definitions.escalation('Esc'));
    return scope.node('intermediateThrowEvent', 'Escalated', {}, definitions.escalation('Esc')).endEvent('IE2');
  };

  for (const last of ['end', 'throw'] as const) {
    it(`is caught at the boundary; the sub-process goes on where it is not interrupted (${last} event)`, async () => {
      const model = process()
        .startEvent('S')
        .subProcess('Sub', escalating(last))
        .endEvent('E')
        .boundaryEvent('B', 'Sub', definitions.escalation('Esc'), { cancelActivity: false })
        .endEvent('BE');
      const engine = await scenario([model]);
      const { processInstanceId } = await engine.start('P');
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['U']);
      expect(await engine.path(processInstanceId)).to.include.members(['Escalated', 'B', 'BE']);
      await engine.finish('U');
      expect(await engine.state(processInstanceId)).to.equal('finished');
    });
  }

  it('starts an event sub-process beside what runs', async () => {
    const handler = new ScopeBuilder()
      .apart('startEvent', 'Start', { isInterrupting: false }, definitions.escalation('Esc'))
      .endEvent('Handled')
      .innerXml();
    const model = escalating('throw')(process()) as ProcessBuilder;
    const engine = await scenario([model.apart('subProcess', 'Handler', { triggeredByEvent: true }, handler)]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['U']);
    expect(await engine.path(processInstanceId)).to.include.members(['Start', 'Handled', 'Handler']);
  });
});

describe('An instantiating receive task', () => {
  it('starts an instance with the message', async () => {
    const model = process()
      .apart('receiveTask', 'R', { instantiate: true, messageRef: 'M' })
      .userTask('U')
      .endEvent('E');
    const engine = await scenario([model]);
    await engine.message('M', { order: 7 });
    const [processInstanceId] = await engine.instancesOf('P');
    expect(await engine.path(processInstanceId!)).to.deep.equal(['R']);
    expect(await engine.payloadAt('U')).to.deep.equal({ order: 7 });
  });
});

describe('A transaction', () => {
  it('ends as a sub-process does, where nobody cancels it', async () => {
    const inner = new ScopeBuilder().startEvent('IS').userTask('U').endEvent('IE').innerXml();
    const engine = await scenario([process().startEvent('S').node('transaction', 'T', {}, inner).endEvent('E')]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('U');
    await expectEnd(engine, processInstanceId, ['S', 'IS', 'U', 'IE', 'T', 'E']);
  });
});

describe('A compensation event sub-process', () => {
  it('undoes its completed sub-process, with the data it had', async () => {
    const handler = new ScopeBuilder()
      .startEvent('Start', definitions.compensation())
      .scriptTask('Undo', 'return { undone: booking }')
      .endEvent('Undone')
      .innerXml();
    const model = process()
      .startEvent('S')
      .subProcess('Sub', (scope) =>
        scope
          .xml(`<bpmn:dataObject id="booking"/>`)
          .startEvent('IS')
          .scriptTask('Book', 'return { booking: 7 }')
          .endEvent('IE')
          .apart('subProcess', 'Handler', { triggeredByEvent: true }, handler),
      )
      .node('intermediateThrowEvent', 'T', {}, definitions.compensation())
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.state(processInstanceId)).to.equal('finished');
    expect(await engine.path(processInstanceId)).to.include.members(['Start', 'Undo', 'Undone', 'Handler', 'T', 'E']);
    expect(await engine.result(processInstanceId, 'Undo')).to.deep.equal({ undone: 7 });
  });
});

describe('An error mapping', () => {
  it('throws its error where its condition holds for the answer of the worker', async () => {
    const mapping =
      '<bpmn:extensionElements><camunda:errorEventDefinition errorRef="Err" expression="${refused}"/></bpmn:extensionElements>';
    const model = process()
      .startEvent('S')
      .externalTask('T', 'pay', mapping)
      .endEvent('E')
      .boundaryEvent('B', 'T', definitions.error('Err'))
      .endEvent('Refused');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.work('pay', { refused: true });
    await expectEnd(engine, processInstanceId, ['S', 'B', 'Refused']);
  });
});

describe('A business rule task', () => {
  it('is run by a service, or offered to workers, as a service task is', async () => {
    const model = process()
      .startEvent('S')
      .node('businessRuleTask', 'Here', {}, propertiesXml({ module: 'rules' }))
      .node('businessRuleTask', 'There', { 'camunda:type': 'external', 'camunda:topic': 'decide' })
      .endEvent('E');
    const engine = await scenario([model], { services: { rules: () => ({ discount: 3 }) } });
    const { processInstanceId } = await engine.start('P');
    await engine.work('decide', { accepted: true });
    await expectEnd(engine, processInstanceId, ['S', 'Here', 'There', 'E']);
    expect(await engine.variables(processInstanceId)).to.deep.equal({ discount: 3, accepted: true });
  });
});
