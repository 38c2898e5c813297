import { expect } from 'chai';
import { SUPPORTED_ELEMENTS, type SupportedElements } from '../../dist/model/index.js';
import { compile, flow, processWith, sequence } from './model-source.js';

const BESIDE = '<message id="M" name="m"/><signal id="Sig" name="s"/><error id="Err" errorCode="1"/>';

async function unsupported(content: string, supportedElements?: SupportedElements): Promise<(string | undefined)[]> {
  const { findings } = await compile(
    processWith(content, BESIDE),
    supportedElements === undefined ? {} : { supportedElements },
  );
  return findings.filter(({ code }) => code === 'unsupported-element').map(({ elementId }) => elementId);
}

describe('supported elements', () => {
  it('let through what this release runs', async () => {
    const message = '<messageEventDefinition messageRef="M"/>';
    const content =
      `<laneSet><lane id="L" name="L"><flowNodeRef>S</flowNodeRef></lane></laneSet>` +
      `<startEvent id="S2"><timerEventDefinition><timeCycle>0 8 * * *</timeCycle></timerEventDefinition></startEvent><startEvent id="S3">${message}</startEvent>` +
      sequence(
        ['U', '<userTask id="U"/>'],
        ['G', '<exclusiveGateway id="G" default="G-T"/>'],
        ['T', `<intermediateThrowEvent id="T">${message}</intermediateThrowEvent>`],
        [
          'C',
          '<intermediateCatchEvent id="C"><timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition></intermediateCatchEvent>',
        ],
        [
          'X',
          '<serviceTask id="X" camunda:type="external" camunda:topic="t"/><boundaryEvent id="B" attachedToRef="X"><errorEventDefinition errorRef="Err"/></boundaryEvent>',
        ],
        ['P1', '<subProcess id="P1"><scriptTask id="I"><script>return 1</script></scriptTask></subProcess>'],
        ['A', '<callActivity id="A" calledElement="Sub"/>'],
      ) +
      `<endEvent id="E2"><terminateEventDefinition/></endEvent>${flow('B', 'E2')}${flow('S2', 'U')}${flow('S3', 'U')}`;
    expect(await unsupported(content)).to.deep.equal([]);
  });

  const cases: [string, string, string][] = [
    ['an inclusive gateway', sequence(['A', '<inclusiveGateway id="A"/>']), 'A'],
    [
      'a conditional event',
      sequence([
        'A',
        '<intermediateCatchEvent id="A"><conditionalEventDefinition><condition>x</condition></conditionalEventDefinition></intermediateCatchEvent>',
      ]),
      'A',
    ],
    [
      'a multiple event',
      sequence([
        'A',
        '<intermediateCatchEvent id="A"><messageEventDefinition messageRef="M"/><signalEventDefinition signalRef="Sig"/></intermediateCatchEvent>',
      ]),
      'A',
    ],
    [
      'an event sub-process',
      `${sequence()}<subProcess id="A" triggeredByEvent="true"><startEvent id="AS"><errorEventDefinition/></startEvent></subProcess>`,
      'A',
    ],
    [
      'a multi-instance activity',
      sequence([
        'A',
        '<userTask id="A"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>',
      ]),
      'A',
    ],
  ];
  const tableOf = (isSupported: boolean): SupportedElements =>
    Object.fromEntries(Object.keys(SUPPORTED_ELEMENTS).map((key) => [key, isSupported])) as SupportedElements;
  for (const [name, content, id] of cases) {
    it(`refuse ${name} as long as its line in the table says no`, async () => {
      expect(await unsupported(content, tableOf(false))).to.include(id);
      expect(await unsupported(content, tableOf(true))).to.deep.equal([]);
    });
  }

  it('have a line for every kind of every node', async () => {
    const all = Object.keys(SUPPORTED_ELEMENTS);
    expect(all).to.include.members([
      'receive-task',
      'instantiating event-based-gateway',
      'end-event terminate',
      'standard loop',
      'compensation activity',
    ]);
  });
});
