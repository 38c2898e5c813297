import { expect } from 'chai';
import type { CompileOptions } from '../../dist/model/index.js';
import { ALL_ELEMENTS } from '../../dist/model/index.js';
import { compile, definitions, flow, processWith, sequence } from './model-source.js';

interface Planted {
  readonly name: string;
  readonly content: string;
  readonly beside?: string;
  readonly options?: CompileOptions;
  readonly code: string;
  readonly severity?: 'error' | 'warning' | 'info';
  /** The element the finding is about. */
  readonly about: string | undefined;
  readonly text?: RegExp;
}

const BESIDE = '<message id="M" name="m"/><signal id="Sig" name="s"/><error id="Err" errorCode="1"/>';
const inSequence = (xml: string): string => sequence(['A', xml]);
const property = (name: string, value: string): string =>
  `<extensionElements><camunda:properties><camunda:property name="${name}" value="${value}"/></camunda:properties></extensionElements>`;
const catching = (definition: string): string =>
  inSequence(`<intermediateCatchEvent id="A">${definition}</intermediateCatchEvent>`);
const throwing = (definition: string): string =>
  inSequence(`<intermediateThrowEvent id="A">${definition}</intermediateThrowEvent>`);
const attached = (definition: string, attributes = ''): string =>
  inSequence(`<task id="A"/><boundaryEvent id="B" attachedToRef="A" ${attributes}>${definition}</boundaryEvent>`);
const timer = (kind: string, text: string): string =>
  `<timerEventDefinition><${kind}>${text}</${kind}></timerEventDefinition>`;
const inside = (content: string): string => inSequence(`<subProcess id="A">${content}</subProcess>`);
const eventSubProcess = (content: string, attributes = ''): string =>
  `${inSequence('<task id="A"/>')}<subProcess id="X" triggeredByEvent="true" ${attributes}>${content}</subProcess>`;

const PLANTED: readonly Planted[] = [
  // References
  {
    name: 'a flow without source',
    content: `${sequence()}<sequenceFlow id="f" targetRef="E"/>`,
    code: 'missing-reference',
    about: 'f',
  },
  {
    name: 'a flow without target',
    content: `${sequence()}<sequenceFlow id="f" sourceRef="S"/>`,
    code: 'missing-reference',
    about: 'f',
  },
  {
    name: 'a flow to something that is no node',
    content: `${sequence()}<sequenceFlow id="f" sourceRef="S" targetRef="M"/>`,
    code: 'unresolved-reference',
    about: 'f',
    text: /'M'/,
  },
  {
    name: 'a flow into another process',
    content: `${sequence()}<sequenceFlow id="f" sourceRef="S" targetRef="Q1"/>`,
    beside: '<process id="Q" isExecutable="true"><task id="Q1"/></process>',
    code: 'unresolved-reference',
    about: 'f',
  },
  {
    name: 'a flow out of a sub-process',
    content: `${inside('<task id="B"/>')}<task id="C"/>${flow('B', 'C')}`,
    code: 'flow-crosses-scope',
    about: 'B-C',
  },
  {
    name: 'a flow into a sub-process',
    content: `${inside('<task id="B"/>')}${flow('S', 'B')}`,
    code: 'flow-crosses-scope',
    about: 'S-B',
  },
  {
    name: 'a message event without message',
    content: catching('<messageEventDefinition/>'),
    code: 'missing-reference',
    about: 'A',
  },
  {
    name: 'a signal event without signal',
    content: throwing('<signalEventDefinition/>'),
    code: 'missing-reference',
    about: 'A',
  },
  {
    name: 'a receive task without message',
    content: inSequence('<receiveTask id="A"/>'),
    code: 'missing-reference',
    about: 'A',
  },
  {
    name: 'a conditional event without condition',
    content: catching('<conditionalEventDefinition/>'),
    code: 'missing-reference',
    about: 'A',
  },
  {
    name: 'a call activity that calls nothing',
    content: inSequence('<callActivity id="A"/>'),
    code: 'missing-called-element',
    about: 'A',
  },
  {
    name: 'a node without id',
    content: `${sequence()}<task name="Nameless"/>`,
    code: 'missing-id',
    about: 'P',
    text: /Nameless/,
  },
  {
    name: 'a default flow of another node',
    content: inSequence('<exclusiveGateway id="A" default="S-A"/>'),
    code: 'unknown-default-flow',
    about: 'A',
  },

  // Flows
  {
    name: 'a default flow with a condition',
    content: `<startEvent id="S"/><task id="A" default="A-B"/><task id="B"/>${flow('S', 'A')}${flow('A', 'B', '<conditionExpression>x</conditionExpression>')}`,
    code: 'default-with-condition',
    severity: 'warning',
    about: 'A-B',
  },
  {
    name: 'a condition behind a parallel gateway',
    content: `<startEvent id="S"/><parallelGateway id="A"/><task id="B"/>${flow('S', 'A')}${flow('A', 'B', '<conditionExpression>x</conditionExpression>')}`,
    code: 'condition-without-effect',
    severity: 'warning',
    about: 'A-B',
  },
  {
    name: 'a condition that does not parse',
    content: `${sequence()}<task id="A"/>${flow('S', 'A', '<conditionExpression>x &gt;</conditionExpression>')}`,
    code: 'invalid-expression',
    about: 'S-A',
    text: /condition.*'x >'/,
  },
  {
    name: 'a condition in an unknown language',
    content: `${sequence()}<task id="A"/>${flow('S', 'A', '<conditionExpression language="groovy">x</conditionExpression>')}`,
    code: 'invalid-expression',
    about: 'S-A',
    text: /groovy/,
  },
  {
    name: 'a listener on a flow',
    content: `${sequence()}<task id="A"/>${flow('S', 'A', '<extensionElements><camunda:executionListener class="L" event="take"/></extensionElements>')}`,
    code: 'unsupported-extension',
    about: 'S-A',
  },

  // Starts and ends
  { name: 'a process with nothing in it', content: '', code: 'no-start', about: 'P' },
  {
    name: 'a process that is a circle',
    content: `<task id="A"/><task id="B"/>${flow('A', 'B')}${flow('B', 'A')}`,
    code: 'no-start',
    about: 'P',
  },
  {
    name: 'a sub-process that is a circle',
    content: inside(`<task id="B"/><task id="C"/>${flow('B', 'C')}${flow('C', 'B')}`),
    code: 'no-start',
    about: 'A',
  },
  {
    name: 'a start event with an incoming flow',
    content: `${inSequence('<task id="A"/>')}${flow('A', 'S')}`,
    code: 'start-with-incoming',
    about: 'S',
    text: /'A-S'/,
  },
  {
    name: 'an end event with an outgoing flow',
    content: `${inSequence('<task id="A"/>')}${flow('E', 'A')}`,
    code: 'end-with-outgoing',
    about: 'E',
  },
  {
    name: 'a boundary event with an incoming flow',
    content: `${attached('<errorEventDefinition/>')}${flow('S', 'B')}`,
    code: 'boundary-with-incoming',
    about: 'B',
  },
  {
    name: 'a start timer that needs data',
    content: `<startEvent id="S">${timer('timeCycle', '${cycle}')}</startEvent>`,
    code: 'dynamic-start',
    about: 'S',
  },
  {
    name: 'a start message whose name needs data',
    content: '<startEvent id="S"><messageEventDefinition messageRef="X"/></startEvent>',
    beside: '<message id="X" name="${name}"/>',
    code: 'dynamic-start',
    about: 'S',
  },
  {
    name: 'a node that no path leads to',
    content: `${sequence()}<task id="A"/>`,
    code: 'unreachable-element',
    severity: 'warning',
    about: 'A',
  },
  {
    name: 'a circle that no path leads to',
    content: `${sequence()}<task id="A"/><task id="B"/>${flow('A', 'B')}${flow('B', 'A')}`,
    code: 'unreachable-element',
    severity: 'warning',
    about: 'B',
  },

  {
    name: 'a sub-process with two start events',
    content: inside(`<startEvent id="S1"/><startEvent id="S2"/><task id="T"/>${flow('S1', 'T')}${flow('S2', 'T')}`),
    code: 'ambiguous-start',
    about: 'A',
    text: /'S1', 'S2'/,
  },

  // Event sub-processes and ad-hoc sub-processes
  {
    name: 'an event sub-process without start event',
    content: eventSubProcess('<task id="T"/>'),
    code: 'event-sub-process-start',
    about: 'X',
  },
  {
    name: 'an event sub-process with two start events',
    content: eventSubProcess(
      '<startEvent id="S1"><errorEventDefinition/></startEvent><startEvent id="S2"><errorEventDefinition/></startEvent>',
    ),
    code: 'event-sub-process-start',
    about: 'X',
  },
  {
    name: 'an event sub-process whose start has no trigger',
    content: eventSubProcess('<startEvent id="S1"/>'),
    code: 'event-sub-process-start',
    about: 'S1',
  },
  {
    name: 'an event sub-process with a flow',
    content: `${eventSubProcess('<startEvent id="S1"><errorEventDefinition/></startEvent>')}${flow('A', 'X')}`,
    code: 'event-sub-process-with-flows',
    about: 'X',
  },
  {
    name: 'an ad-hoc sub-process with a start event',
    content: inSequence('<adHocSubProcess id="A"><startEvent id="S1"/><task id="T"/></adHocSubProcess>'),
    code: 'ad-hoc-content',
    about: 'S1',
  },

  // Events
  {
    name: 'a boundary event on a gateway',
    content: inSequence(
      '<exclusiveGateway id="A"/><boundaryEvent id="B" attachedToRef="A"><errorEventDefinition/></boundaryEvent>',
    ),
    code: 'invalid-boundary-host',
    about: 'B',
  },
  {
    name: 'a boundary event on a flow',
    content: `${sequence()}<boundaryEvent id="B" attachedToRef="S-E"><errorEventDefinition/></boundaryEvent>`,
    code: 'invalid-boundary-host',
    about: 'B',
  },
  {
    name: 'a boundary event on a task in another container',
    content: `${inside('<task id="T"/>')}<boundaryEvent id="B" attachedToRef="T"><errorEventDefinition/></boundaryEvent>`,
    code: 'invalid-boundary-host',
    about: 'B',
  },
  {
    name: 'a boundary event on an event sub-process',
    content: `${eventSubProcess('<startEvent id="S1"><errorEventDefinition/></startEvent>')}<boundaryEvent id="B" attachedToRef="X"><errorEventDefinition/></boundaryEvent>`,
    code: 'invalid-boundary-host',
    about: 'B',
  },
  {
    name: 'a boundary event on nothing',
    content: `${sequence()}<boundaryEvent id="B"><errorEventDefinition/></boundaryEvent>`,
    code: 'missing-reference',
    about: 'B',
  },
  {
    name: 'a cancel boundary event on a plain sub-process',
    content: inSequence(
      '<subProcess id="A"><task id="T"/></subProcess><boundaryEvent id="B" attachedToRef="A"><cancelEventDefinition/></boundaryEvent>',
    ),
    code: 'invalid-boundary-host',
    about: 'B',
  },
  {
    name: 'an error boundary event that does not interrupt',
    content: attached('<errorEventDefinition/>', 'cancelActivity="false"'),
    code: 'always-interrupting',
    severity: 'warning',
    about: 'B',
  },
  { name: 'a boundary event without trigger', content: attached(''), code: 'forbidden-event-definition', about: 'B' },
  {
    name: 'an error start event',
    content: '<startEvent id="S"><errorEventDefinition/></startEvent>',
    code: 'forbidden-event-definition',
    about: 'S',
  },
  {
    name: 'a message start event in a sub-process',
    content: inside('<startEvent id="X"><messageEventDefinition messageRef="M"/></startEvent>'),
    code: 'forbidden-event-definition',
    about: 'X',
  },
  {
    name: 'an error catch event',
    content: catching('<errorEventDefinition/>'),
    code: 'forbidden-event-definition',
    about: 'A',
  },
  {
    name: 'a timer throw event',
    content: throwing(timer('timeDuration', 'PT1S')),
    code: 'forbidden-event-definition',
    about: 'A',
  },
  {
    name: 'a terminate throw event',
    content: throwing('<terminateEventDefinition/>'),
    code: 'forbidden-event-definition',
    about: 'A',
  },
  {
    name: 'a timer end event',
    content: sequence().replace('<endEvent id="E"/>', `<endEvent id="E">${timer('timeDuration', 'PT1S')}</endEvent>`),
    code: 'forbidden-event-definition',
    about: 'E',
  },
  {
    name: 'a cancel end event outside a transaction',
    content: sequence().replace('<endEvent id="E"/>', '<endEvent id="E"><cancelEventDefinition/></endEvent>'),
    code: 'forbidden-event-definition',
    about: 'E',
  },
  {
    name: 'a link that leads nowhere',
    content: throwing('<linkEventDefinition name="l"/>'),
    code: 'link-without-target',
    about: 'A',
    text: /no intermediatecatchevent.*exists/i,
  },
  {
    name: 'a link that leads to two places',
    content: `${sequence()}${['X', 'Y'].map((id) => `<intermediateCatchEvent id="${id}"><linkEventDefinition name="l"/></intermediateCatchEvent>`).join('')}`,
    code: 'ambiguous-link',
    about: 'Y',
    text: /too many/i,
  },
  {
    name: 'a compensation event without handler',
    content: attached('<compensateEventDefinition/>'),
    code: 'compensation-handler',
    about: 'B',
  },
  {
    name: 'a compensation event with a plain activity',
    content: `${attached('<compensateEventDefinition/>')}<task id="U"/><association id="a" sourceRef="B" targetRef="U"/>`,
    code: 'compensation-handler',
    about: 'B',
  },
  {
    name: 'a compensation event with an outgoing flow',
    content: `${attached('<compensateEventDefinition/>')}<task id="U" isForCompensation="true"/><association id="a" sourceRef="B" targetRef="U"/>${flow('B', 'E')}`,
    code: 'compensation-handler',
    about: 'B',
  },
  {
    name: 'an activity for compensation in the normal flow',
    content: inSequence('<task id="A" isForCompensation="true"/>'),
    code: 'compensation-handler',
    about: 'A',
  },

  // Timers
  {
    name: 'a duration that is none',
    content: catching(timer('timeDuration', '5 seconds')),
    code: 'invalid-timer',
    about: 'A',
    text: /not in ISO8601 format/i,
  },
  {
    name: 'a date that is none',
    content: catching(timer('timeDate', 'tomorrow')),
    code: 'invalid-timer',
    about: 'A',
    text: /not in ISO8601 format/i,
  },
  {
    name: 'a cycle that is none',
    content: `<startEvent id="S">${timer('timeCycle', 'now and then')}</startEvent>`,
    code: 'invalid-timer',
    about: 'S',
    text: /not in ISO8601 format/i,
  },
  {
    name: 'a cron expression that is none',
    content: `<startEvent id="S">${timer('timeCycle', '99 * * * *')}</startEvent>`,
    code: 'invalid-timer',
    about: 'S',
  },
  { name: 'a timer without time', content: catching('<timerEventDefinition/>'), code: 'invalid-timer', about: 'A' },
  {
    name: 'a timer with two times',
    content: catching(
      '<timerEventDefinition><timeDate>2030-01-01</timeDate><timeDuration>PT1S</timeDuration></timerEventDefinition>',
    ),
    code: 'invalid-timer',
    about: 'A',
  },
  {
    name: 'a cyclic catch event',
    content: catching(timer('timeCycle', 'R3/PT1S')),
    code: 'cyclic-timer',
    about: 'A',
    text: /only allowed for TimerStartEvents/i,
  },
  {
    name: 'a cyclic interrupting boundary event',
    content: attached(timer('timeCycle', 'R3/PT1S')),
    code: 'cyclic-timer',
    about: 'B',
    text: /only allowed for TimerStartEvents/i,
  },

  // Gateways
  {
    name: 'a gateway that leads nowhere',
    content: `<startEvent id="S"/><exclusiveGateway id="G"/>${flow('S', 'G')}`,
    code: 'gateway-without-outgoing',
    about: 'G',
  },
  {
    name: 'an event-based gateway that leads to a task',
    content: `<startEvent id="S"/><eventBasedGateway id="G"/><task id="A"/>${flow('S', 'G')}${flow('G', 'A')}`,
    code: 'event-gateway-target',
    about: 'G',
    text: /'G-A'.*'A'/,
  },
  {
    name: 'an event-based gateway that shares its event',
    content: `<startEvent id="S"/><eventBasedGateway id="G"/><receiveTask id="A" messageRef="M"/>${flow('S', 'G')}${flow('G', 'A')}${flow('S', 'A')}`,
    code: 'event-gateway-target',
    about: 'G',
  },
  {
    name: 'an event-based gateway before a task with a boundary event',
    content: `<startEvent id="S"/><eventBasedGateway id="G"/><receiveTask id="A" messageRef="M"/><boundaryEvent id="B" attachedToRef="A"><errorEventDefinition/></boundaryEvent>${flow('S', 'G')}${flow('G', 'A')}`,
    code: 'event-gateway-target',
    about: 'G',
  },

  {
    name: 'an event-based gateway with one way',
    content: `<startEvent id="S"/><eventBasedGateway id="G"/><receiveTask id="A" messageRef="M"/>${flow('S', 'G')}${flow('G', 'A')}`,
    code: 'event-gateway-single',
    about: 'G',
  },

  // Extensions
  ...[
    ['an attribute of a dialect that nobody knows', '<userTask id="A" camunda:whatever="x"/>'],
    [
      'an element of a dialect that nobody knows',
      `<userTask id="A"><extensionElements><camunda:whatever/></extensionElements></userTask>`,
    ],
    [
      'an element of the other dialect that nobody knows',
      `<userTask id="A"><extensionElements><zeebe:whatever/></extensionElements></userTask>`,
    ],
    [
      'variables that a signal is to carry',
      `<intermediateThrowEvent id="A"><signalEventDefinition signalRef="Sig"><extensionElements><camunda:in variables="all"/></extensionElements></signalEventDefinition></intermediateThrowEvent>`,
    ],
  ].map(([name = '', xml = '']): Planted => ({
    name,
    content: inSequence(xml),
    code: 'extension-without-effect',
    severity: 'warning',
    about: 'A',
  })),

  // Tasks
  {
    name: 'a service task without binding',
    content: inSequence('<serviceTask id="A" name="Do"/>'),
    code: 'missing-binding',
    about: 'A',
  },
  {
    name: 'a business rule task without binding',
    content: inSequence('<businessRuleTask id="A"/>'),
    code: 'missing-binding',
    about: 'A',
  },
  {
    name: 'an external task without topic',
    content: inSequence('<serviceTask id="A" camunda:type="external"/>'),
    code: 'missing-binding',
    about: 'A',
    text: /topic/,
  },
  {
    name: 'a service that is not registered',
    content: inSequence(`<serviceTask id="A">${property('module', 'mail')}</serviceTask>`),
    options: { services: { isRegistered: () => false, remote: ['other'] } },
    code: 'unregistered-service',
    about: 'A',
    text: /'mail'/,
  },
  {
    name: 'a script that does not parse',
    content: inSequence('<scriptTask id="A"><script>return (</script></scriptTask>'),
    code: 'invalid-script',
    about: 'A',
  },
  {
    name: 'a script in an unknown language',
    content: inSequence('<scriptTask id="A" scriptFormat="groovy"><script>x</script></scriptTask>'),
    code: 'unsupported-script-format',
    about: 'A',
    text: /groovy/,
  },
  {
    name: 'a payload that does not parse',
    content: inSequence(
      `<serviceTask id="A" camunda:type="external" camunda:topic="t">${property('payload', '{')}</serviceTask>`,
    ),
    code: 'invalid-expression',
    about: 'A',
    text: /payload/,
  },
  {
    name: 'an untyped task that waits',
    content: inSequence('<task id="A"/>'),
    code: 'untyped-task-waits',
    severity: 'info',
    about: 'A',
    text: /untypedTasks/,
  },
  {
    name: 'a name that is only partly an expression',
    content: catching('<signalEventDefinition signalRef="X"/>'),
    beside: '<signal id="X" name="order-${id}"/>',
    code: 'partly-marked-text',
    severity: 'warning',
    about: 'A',
  },
  {
    name: 'retries that are no number',
    content: inSequence(`<sendTask id="A" messageRef="M">${property('maxRetries', 'often')}</sendTask>`),
    code: 'invalid-value',
    about: 'A',
    text: /maxRetries/,
  },
  {
    name: 'a retry cycle that is none',
    content: inSequence(
      '<userTask id="A"><extensionElements><camunda:failedJobRetryTimeCycle>R/PT1M</camunda:failedJobRetryTimeCycle></extensionElements></userTask>',
    ),
    code: 'invalid-value',
    about: 'A',
  },
  {
    name: 'a binding of a call that is unknown',
    content: inSequence('<callActivity id="A" calledElement="x" camunda:calledElementBinding="newest"/>'),
    code: 'invalid-value',
    about: 'A',
  },
  {
    name: 'a visibility that is unknown',
    content: `${property('data', 'all')}${sequence()}`,
    code: 'invalid-value',
    about: 'P',
  },
  {
    name: 'a form field without id',
    content: inSequence(
      '<userTask id="A"><extensionElements><camunda:formData><camunda:formField type="string"/></camunda:formData></extensionElements></userTask>',
    ),
    code: 'invalid-value',
    about: 'A',
  },
  {
    name: 'a multi-instance activity that says not how often',
    content: inSequence('<task id="A"><multiInstanceLoopCharacteristics/></task>'),
    code: 'invalid-loop',
    about: 'A',
  },
  {
    name: 'a multi-instance activity that throws events',
    content: inSequence(
      '<task id="A"><multiInstanceLoopCharacteristics behavior="One"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></task>',
    ),
    code: 'unsupported-element',
    about: 'A',
    text: /behavior One/,
  },
  {
    name: 'an activity that takes two tokens',
    content: inSequence('<task id="A" startQuantity="2"/>'),
    code: 'unsupported-element',
    about: 'A',
    text: /startQuantity/,
  },
  {
    name: 'an assignment to nothing',
    content: inSequence(
      '<task id="A"><dataInputAssociation><targetRef>A</targetRef><assignment><from>1</from><to></to></assignment></dataInputAssociation></task>',
    ),
    code: 'invalid-data-association',
    severity: 'warning',
    about: 'A',
  },

  {
    name: 'a data store that is written to',
    content: `<dataStoreReference id="DS"/>${inSequence('<task id="A"><ioSpecification><dataOutput id="o"/><inputSet/><outputSet/></ioSpecification><dataOutputAssociation><sourceRef>o</sourceRef><targetRef>DS</targetRef></dataOutputAssociation></task>')}`,
    code: 'unsupported-element',
    about: 'A',
    text: /data store/,
  },

  // Extensions
  {
    name: 'asynchrony per instance of a loop',
    content: inSequence(
      '<task id="A"><multiInstanceLoopCharacteristics camunda:asyncBefore="true"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></task>',
    ),
    code: 'extension-without-effect',
    severity: 'warning',
    about: 'A',
  },
  {
    name: 'a Java class',
    content: inSequence('<serviceTask id="A" camunda:class="org.Mail"/>'),
    code: 'unsupported-extension',
    about: 'A',
    text: /org\.Mail/,
  },
  {
    name: 'a listener',
    content: inSequence(
      '<userTask id="A"><extensionElements><camunda:taskListener class="L" event="create"/></extensionElements></userTask>',
    ),
    code: 'unsupported-extension',
    about: 'A',
    text: /camunda:taskListener/,
  },
  {
    name: 'a listener that may be ignored',
    content: inSequence(
      '<userTask id="A"><extensionElements><camunda:taskListener class="L" event="create"/></extensionElements></userTask>',
    ),
    options: { ignoredExtensions: ['camunda:taskListener'] },
    code: 'ignored-extension',
    severity: 'info',
    about: 'A',
  },
  {
    name: 'a shell task',
    content: inSequence('<serviceTask id="A" camunda:type="shell"/>'),
    code: 'unsupported-extension',
    about: 'A',
    text: /shell/,
  },
  {
    name: 'a decision',
    content: inSequence('<businessRuleTask id="A" camunda:decisionRef="d"/>'),
    code: 'unsupported-extension',
    about: 'A',
  },
  {
    name: 'work bound to an event',
    content: throwing('<messageEventDefinition messageRef="M" camunda:type="external" camunda:topic="t"/>'),
    code: 'unsupported-extension',
    about: 'A',
  },
  {
    name: 'a script as an input parameter',
    content: inSequence(
      '<userTask id="A"><extensionElements><camunda:inputOutput><camunda:inputParameter name="x"><camunda:script scriptFormat="groovy">1</camunda:script></camunda:inputParameter></camunda:inputOutput></extensionElements></userTask>',
    ),
    code: 'unsupported-extension',
    about: 'A',
  },
  {
    name: 'a mapping to a part of a variable',
    content: inSequence(
      '<userTask id="A"><extensionElements><zeebe:ioMapping><zeebe:output source="=a" target="b.c"/></zeebe:ioMapping></extensionElements></userTask>',
    ),
    code: 'unsupported-extension',
    about: 'A',
  },
  {
    name: 'a tenant of a called process',
    content: inSequence('<callActivity id="A" calledElement="x" camunda:calledElementTenantId="t"/>'),
    code: 'extension-without-effect',
    severity: 'warning',
    about: 'A',
  },
  {
    name: 'a variable for the error code',
    content: attached('<errorEventDefinition camunda:errorCodeVariable="c"/>'),
    code: 'extension-without-effect',
    severity: 'warning',
    about: 'B',
  },
];

describe('compileModel reports', () => {
  for (const { name, content, beside = '', options = {}, code, severity = 'error', about, text = /./ } of PLANTED) {
    it(name, async () => {
      const { findings, graphs } = await compile(processWith(content, BESIDE + beside), {
        supportedElements: ALL_ELEMENTS,
        ...options,
      });
      const found = findings.find((finding) => finding.code === code && finding.elementId === about);
      expect(found, JSON.stringify(findings)).to.not.equal(undefined);
      expect(found!.severity).to.equal(severity);
      expect(found!.message).to.match(text);
      if (severity === 'error') expect(graphs).to.deep.equal([]);
    });
  }

  it('a file without process', async () => {
    const { findings } = await compile(definitions('<message id="M"/>'));
    expect(findings.map(({ code }) => code)).to.deep.equal(['no-process']);
  });

  it('an extension that must be understood', async () => {
    const { findings } = await compile(
      definitions(
        `<extension mustUnderstand="true" definition="x"/><process id="P" isExecutable="true">${sequence()}</process>`,
      ),
    );
    expect(findings.map(({ severity, code }) => [severity, code])).to.deep.include(['error', 'unsupported-extension']);
  });

  it('a process without id', async () => {
    const { findings } = await compile(definitions(`<process isExecutable="true">${sequence()}</process>`));
    expect(findings.map(({ code, elementId }) => [code, elementId])).to.deep.equal([['missing-id', undefined]]);
  });

  it('nothing about a broken task beyond the task itself', async () => {
    const { findings } = await compile(
      processWith(
        sequence(
          ['A', '<serviceTask id="A"/><boundaryEvent id="B" attachedToRef="A"><errorEventDefinition/></boundaryEvent>'],
          ['G', '<exclusiveGateway id="G"/>'],
        ),
      ),
    );
    expect(findings.map(({ code, elementId }) => [code, elementId])).to.deep.equal([['missing-binding', 'A']]);
  });

  it('nothing about services that are registered here or elsewhere', async () => {
    const task = (module: string): string => `<serviceTask id="${module}">${property('module', module)}</serviceTask>`;
    const services = { isRegistered: (module: string) => module === 'here', remote: ['there'] };
    const { findings } = await compile(processWith(sequence(['here', task('here')], ['there', task('there')])), {
      services,
    });
    expect(findings).to.deep.equal([]);
  });

  it('nothing about cycles where they are allowed', async () => {
    const cycle = timer('timeCycle', 'R3/PT1S');
    const content =
      `<startEvent id="S">${cycle}</startEvent><userTask id="A"/><boundaryEvent id="B" attachedToRef="A" cancelActivity="false">${cycle}</boundaryEvent>${flow('S', 'A')}` +
      `<subProcess id="X" triggeredByEvent="true"><startEvent id="XS" isInterrupting="false">${cycle}</startEvent></subProcess>`;
    expect((await compile(processWith(content))).findings).to.deep.equal([]);
  });
});
