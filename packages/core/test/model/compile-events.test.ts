import { expect } from 'chai';
import type { EventDefinition } from '../../dist/model/index.js';
import { evaluate, graphOf, nodeOf, processWith, sequence } from './model-source.js';

const BESIDE =
  '<message id="M" name="order"/><message id="N"/><signal id="Sig" name="alarm"/><error id="Err" name="Refused" errorCode="E1" message="no credit"/>' +
  '<error id="Err2" errorCode="E2" camunda:errorMessage="late"/><escalation id="Esc" name="Late" escalationCode="L"/><timerEventDefinition id="Daily"><timeDuration>P1D</timeDuration></timerEventDefinition>';

async function definitionsOf(event: string): Promise<readonly EventDefinition[]> {
  const graph = await graphOf(processWith(sequence(['A', event]), BESIDE));
  const node = graph.nodesById.get('A')!;
  return 'eventDefinitions' in node ? node.eventDefinitions : [];
}

const caught = (definition: string, attributes = ''): string =>
  `<intermediateCatchEvent id="A" ${attributes}>${definition}</intermediateCatchEvent>`;
const thrown = (definition: string): string => `<intermediateThrowEvent id="A">${definition}</intermediateThrowEvent>`;

describe('compileModel compiles events:', () => {
  it('messages and signals by name, or by id where they have none', async () => {
    const [message] = await definitionsOf(caught('<messageEventDefinition messageRef="M"/>'));
    expect(message).to.have.nested.property('name.source', 'order');
    expect(message).to.have.property('correlation', undefined);
    const [unnamed] = await definitionsOf(caught('<messageEventDefinition messageRef="N"/>'));
    expect(unnamed).to.have.nested.property('name.source', 'N');
    const [signal] = await definitionsOf(thrown('<signalEventDefinition signalRef="Sig"/>'));
    expect(signal).to.have.nested.property('name.source', 'alarm');
  });

  it('timers as literals, or as expressions where they mention the token or are marked', async () => {
    const timer = async (text: string) => {
      const [definition] = await definitionsOf(
        caught(
          `<timerEventDefinition><timeDuration xsi:type="tFormalExpression">${text}</timeDuration></timerEventDefinition>`,
        ),
      );
      return definition?.kind === 'timer' ? [definition.timer, definition.value.language] : [];
    };
    expect(await timer('PT5S')).to.deep.equal(['duration', 'literal']);
    expect(await timer('token.current.wait')).to.deep.equal(['duration', 'javascript']);
    expect(await timer('${wait}')).to.deep.equal(['duration', 'juel']);
    expect(await timer('=wait')).to.deep.equal(['duration', 'feel']);
  });

  it('a start timer can be switched off', async () => {
    const start = (property: string): string =>
      `<startEvent id="S"><extensionElements><camunda:properties>${property}</camunda:properties></extensionElements><timerEventDefinition><timeCycle>0 8 * * *</timeCycle></timerEventDefinition></startEvent>`;
    const enabled = async (property: string): Promise<unknown> => {
      const [definition] = nodeOf(await graphOf(processWith(start(property))), 'S', 'start-event').eventDefinitions;
      return definition?.kind === 'timer' && definition.enabled;
    };
    expect(await enabled('')).to.equal(true);
    expect(await enabled('<camunda:property name="enabled" value="false"/>')).to.equal(false);
  });

  it('errors with code, name and message', async () => {
    const graph = await graphOf(
      processWith(
        sequence([
          'A',
          '<task id="A"/><boundaryEvent id="X" attachedToRef="A"><errorEventDefinition errorRef="Err2"/></boundaryEvent><boundaryEvent id="Y" attachedToRef="A"><errorEventDefinition/></boundaryEvent>',
        ]).replace('<endEvent id="E"/>', '<endEvent id="E"><errorEventDefinition errorRef="Err"/></endEvent>'),
        BESIDE,
      ),
    );
    expect(nodeOf(graph, 'E', 'end-event').eventDefinitions).to.deep.equal([
      { kind: 'error', code: 'E1', name: 'Refused', message: 'no credit' },
    ]);
    expect(nodeOf(graph, 'X', 'boundary-event').eventDefinitions).to.deep.equal([
      { kind: 'error', code: 'E2', name: '', message: 'late' },
    ]);
    expect(nodeOf(graph, 'Y', 'boundary-event').eventDefinitions).to.deep.equal([
      { kind: 'error', code: undefined, name: '', message: '' },
    ]);
  });

  it('escalations, links, conditions and compensation', async () => {
    expect(await definitionsOf(thrown('<escalationEventDefinition escalationRef="Esc"/>'))).to.deep.equal([
      { kind: 'escalation', code: 'L', name: 'Late' },
    ]);
    const [condition] = await definitionsOf(
      caught('<conditionalEventDefinition><condition>level &gt; 3</condition></conditionalEventDefinition>'),
    );
    expect(condition?.kind === 'conditional' && evaluate(condition.condition, { level: 4 })).to.equal(true);
    expect(
      await definitionsOf(thrown('<compensateEventDefinition waitForCompletion="false" activityRef="A"/>')),
    ).to.deep.equal([{ kind: 'compensation', activityId: 'A', waitForCompletion: false }]);
    expect(await definitionsOf(thrown('<compensateEventDefinition/>'))).to.deep.equal([
      { kind: 'compensation', activityId: undefined, waitForCompletion: true },
    ]);
  });

  it('cancel and terminate', async () => {
    const graph = await graphOf(
      processWith(
        sequence([
          'A',
          '<transaction id="A"><task id="T"/><endEvent id="X"><cancelEventDefinition/></endEvent><sequenceFlow id="f" sourceRef="T" targetRef="X"/></transaction><boundaryEvent id="B" attachedToRef="A"><cancelEventDefinition/></boundaryEvent>',
        ]).replace('<endEvent id="E"/>', '<endEvent id="E"><terminateEventDefinition/></endEvent>'),
      ),
    );
    expect(nodeOf(graph, 'X', 'end-event').eventDefinitions).to.deep.equal([{ kind: 'cancel' }]);
    expect(nodeOf(graph, 'B', 'boundary-event').eventDefinitions).to.deep.equal([{ kind: 'cancel' }]);
    expect(nodeOf(graph, 'E', 'end-event').eventDefinitions).to.deep.equal([{ kind: 'terminate' }]);
  });

  it('several definitions of one event, its own and those it refers to', async () => {
    const definitions = await definitionsOf(
      caught(
        '<messageEventDefinition messageRef="M"/><signalEventDefinition signalRef="Sig"/><eventDefinitionRef>Daily</eventDefinitionRef>',
        'parallelMultiple="true"',
      ),
    );
    expect(definitions.map(({ kind }) => kind)).to.deep.equal(['message', 'signal', 'timer']);
  });

  it('boundary events on their activities, interrupting or not', async () => {
    const content = sequence([
      'A',
      '<boundaryEvent id="X" attachedToRef="A"><signalEventDefinition signalRef="Sig"/></boundaryEvent><boundaryEvent id="Y" attachedToRef="A" cancelActivity="false"><messageEventDefinition messageRef="M"/></boundaryEvent><userTask id="A"/>',
    ]);
    const graph = await graphOf(processWith(content, BESIDE));
    const task = nodeOf(graph, 'A', 'user-task');
    expect(task.boundaryEvents.map(({ id, interrupting }) => [id, interrupting])).to.deep.equal([
      ['X', true],
      ['Y', false],
    ]);
    expect(task.boundaryEvents[0]!.attachedTo).to.equal(task);
  });

  describe('message correlation', () => {
    const property = (id: string, name: string): string =>
      `<correlationProperty id="${id}" name="${name}"><correlationPropertyRetrievalExpression messageRef="M"><messagePath xsi:type="tFormalExpression">${name}</messagePath></correlationPropertyRetrievalExpression></correlationProperty>`;
    const collaboration =
      '<collaboration id="C"><participant id="p" processRef="P"/><correlationKey id="K"><correlationPropertyRef>CP</correlationPropertyRef></correlationKey></collaboration>';
    const event = caught('<messageEventDefinition messageRef="M"/>');

    it('reads the key of the conversation from the message', async () => {
      const graph = await graphOf(
        processWith(sequence(['A', event]), `${BESIDE}${property('CP', 'orderId')}${collaboration}`),
      );
      const [definition] = nodeOf(graph, 'A', 'intermediate-catch-event').eventDefinitions;
      const [first, ...rest] = (definition?.kind === 'message' && definition.correlation?.properties) || [];
      expect(rest).to.deep.equal([]);
      expect(first?.name).to.equal('orderId');
      expect(evaluate(first?.fromMessage, { orderId: 7 })).to.equal(7);
      expect(first?.fromInstance).to.equal(undefined);
    });

    it('reads the expected value from the data where the process subscribes', async () => {
      const subscription =
        '<correlationSubscription id="CS" correlationKeyRef="K"><correlationPropertyBinding correlationPropertyRef="CP"><dataPath xsi:type="tFormalExpression">order.id</dataPath></correlationPropertyBinding></correlationSubscription>';
      const graph = await graphOf(
        processWith(sequence(['A', event]) + subscription, `${BESIDE}${property('CP', 'orderId')}${collaboration}`),
      );
      const [definition] = nodeOf(graph, 'A', 'intermediate-catch-event').eventDefinitions;
      const [first] = (definition?.kind === 'message' && definition.correlation?.properties) || [];
      expect(evaluate(first?.fromInstance, { order: { id: 7 } })).to.equal(7);
    });

    it('knows the single key of zeebe messages', async () => {
      const message =
        '<message id="M" name="order"><extensionElements><zeebe:subscription correlationKey="${orderId}"/></extensionElements></message>';
      const graph = await graphOf(processWith(sequence(['A', event]), message));
      const [definition] = nodeOf(graph, 'A', 'intermediate-catch-event').eventDefinitions;
      const [first] = (definition?.kind === 'message' && definition.correlation?.properties) || [];
      expect(first?.name).to.equal('correlationKey');
      expect(evaluate(first?.fromInstance, { orderId: 7 })).to.equal(7);
    });
  });
});
