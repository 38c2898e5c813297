/** Small models with one element each, to ask the engine what it says of elements it does not run. */

const NAMESPACE = 'http://www.omg.org/spec/BPMN/20100524/MODEL';
const PLAIN = chain('<startEvent id="S"/>', '<endEvent id="E"/>');

function file(process, beside = '') {
  const roots = '<message id="M"/><signal id="Sig"/><error id="Err"/><escalation id="Esc"/>';
  return `<definitions xmlns="${NAMESPACE}" id="D" targetNamespace="sample">${roots}${beside}${process}</definitions>`;
}

function process(content, beside) {
  return file(`<process id="P" isExecutable="true">${content}</process>`, beside);
}

/** Connects the elements in a row. */
function chain(...elements) {
  const ids = elements.map((element) => /id="([^"]+)"/.exec(element)[1]);
  const flows = ids.slice(1).map((id, at) => `<sequenceFlow id="f${id}" sourceRef="${ids[at]}" targetRef="${id}"/>`);
  return [...elements, ...flows].join('');
}

const alone = (element, beside) => process(chain('<startEvent id="S"/>', element, '<endEvent id="E"/>'), beside);

const DEFINITIONS = {
  none: '',
  message: '<messageEventDefinition messageRef="M"/>',
  signal: '<signalEventDefinition signalRef="Sig"/>',
  timer: '<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>',
  conditional: '<conditionalEventDefinition><condition>x</condition></conditionalEventDefinition>',
  error: '<errorEventDefinition errorRef="Err"/>',
  escalation: '<escalationEventDefinition escalationRef="Esc"/>',
  compensation: '<compensateEventDefinition/>',
  cancel: '<cancelEventDefinition/>',
  terminate: '<terminateEventDefinition/>',
  link: '<linkEventDefinition name="L"/>',
};
DEFINITIONS.multiple = DEFINITIONS.message + DEFINITIONS.signal;
DEFINITIONS['parallel-multiple'] = DEFINITIONS.multiple;

const AT = {
  'start-event': (event) => process(chain(event('startEvent'), '<endEvent id="E"/>')),
  'event-sub-process-start': (event) => {
    const handler = chain(event('startEvent'), '<endEvent id="HE"/>');
    return process(`${PLAIN}<subProcess id="H" triggeredByEvent="true">${handler}</subProcess>`);
  },
  'intermediate-catch-event': (event) => alone(event('intermediateCatchEvent')),
  'intermediate-throw-event': (event) => alone(event('intermediateThrowEvent')),
  'boundary-event': (event) => {
    const host = chain('<startEvent id="S"/>', '<userTask id="U"/>', '<endEvent id="E"/>');
    return process(host + chain(event('boundaryEvent', ' attachedToRef="U"'), '<endEvent id="BE"/>'));
  },
  'end-event': (event) => process(chain('<startEvent id="S"/>', event('endEvent'))),
};

/** A model with an event `X` in this position. */
export function eventModel(position, trigger) {
  const parallel = trigger === 'parallel-multiple' ? ' parallelMultiple="true"' : '';
  return AT[position](
    (element, more = '') => `<${element} id="X"${more}${parallel}>${DEFINITIONS[trigger]}</${element}>`,
  );
}

/** Elements no line of the engine's table is about. `otherwise`: what becomes of one that is not refused. */
export const OTHER_ELEMENTS = [
  {
    name: 'pool (participant), message flow',
    clause: '9.3, 9.4',
    otherwise: 'drawn only; messages find their receiver by name and correlation',
    xml: process(
      PLAIN,
      '<collaboration id="C"><participant id="A" processRef="P"/><participant id="B"/><messageFlow id="F" sourceRef="B" targetRef="A"/></collaboration>',
    ),
  },
  {
    name: 'conversation',
    clause: '9.5',
    otherwise: 'its correlation keys are used, the rest is drawn only',
    xml: process(
      PLAIN,
      '<collaboration id="C"><participant id="A" processRef="P"/><conversation id="K"><participantRef>A</participantRef></conversation></collaboration>',
    ),
  },
  {
    name: 'text annotation, association, group',
    clause: '8.4.1',
    otherwise: 'drawn only',
    xml: process(
      `${PLAIN}<textAnnotation id="T"><text>why</text></textAnnotation><association id="A" sourceRef="S" targetRef="T"/><group id="G"/>`,
    ),
  },
  {
    name: 'data store',
    clause: '10.4.1',
    otherwise: 'drawn only',
    xml: process(`${PLAIN}<dataStoreReference id="R" dataStoreRef="DS"/>`, '<dataStore id="DS"/>'),
  },
  {
    name: 'data input and output of the process',
    clause: '10.4.1',
    otherwise: 'drawn only; an instance takes every start value and ends with its last result',
    xml: process(
      `<ioSpecification id="IO"><dataInput id="I"/><inputSet id="IS"><dataInputRefs>I</dataInputRefs></inputSet><outputSet id="OS"/></ioSpecification>${PLAIN}`,
    ),
  },
  {
    name: 'state of a data object',
    clause: '10.4.1',
    otherwise: 'drawn only',
    xml: process(
      `${PLAIN}<dataObject id="O"/><dataObjectReference id="R" dataObjectRef="O"><dataState id="DS" name="paid"/></dataObjectReference>`,
    ),
  },
  {
    name: 'resource role, performer, potential owner',
    clause: '10.3.1, 10.3.4',
    otherwise: 'drawn only; who may see a task is decided by lanes and the assignment of the dialects',
    xml: alone('<userTask id="X"><potentialOwner id="O"/></userTask>'),
  },
  {
    name: 'auditing, monitoring',
    clause: '10.10, 10.11',
    otherwise: 'BPMN leaves their content open; no effect',
    xml: alone('<userTask id="X"><auditing id="A"/><monitoring id="N"/></userTask>'),
  },
  {
    name: 'global task',
    clause: '10.3.7',
    otherwise: 'cannot be called: a call activity that names one fails when it is reached',
    xml: alone('<callActivity id="X" calledElement="G"/>', '<globalUserTask id="G"/>'),
  },
  {
    name: 'operation of an interface',
    clause: '8.5.3',
    xml: alone(
      '<serviceTask id="X" operationRef="O"/>',
      '<interface id="I" name="i"><operation id="O" name="o"><inMessageRef>M</inMessageRef></operation></interface>',
    ),
  },
  {
    name: 'start or completion quantity over 1',
    clause: '10.3, 13.3.2',
    xml: alone('<userTask id="X" startQuantity="2"/>'),
  },
  {
    name: 'events thrown by a multi-instance activity (`behavior`)',
    clause: '10.3.8',
    xml: alone(
      '<userTask id="X"><multiInstanceLoopCharacteristics behavior="One"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>',
    ),
  },
  { name: 'choreography task in a process', clause: '11.5', xml: alone('<choreographyTask id="X"/>') },
  { name: 'sub-choreography in a process', clause: '11.5', xml: alone('<subChoreography id="X"/>') },
  { name: 'choreography', clause: '11', xml: file('<choreography id="G"><startEvent id="S"/></choreography>') },
];
