/** The elements of BPMN 2.0.2 by section of the document, with the clauses that define them and say how they run. */

/** Elements of the engine's table, and finer ones (element-keys.mjs). Events are in POSITIONS. */
export const SECTIONS = {
  Tasks: {
    'user-task': '10.3.4, 13.3.3',
    'manual-task': '10.3.4, 13.3.3',
    'empty-task': '10.3.3, 13.3.3',
    'script-task': '10.3.3, 13.3.3',
    'service-task': '10.3.3, 13.3.3',
    'external-task': '10.3.3, 13.3.3',
    'business-rule-task': '10.3.3, 13.3.3',
    'send-task': '10.3.3, 13.3.3',
    'receive-task': '10.3.3, 13.3.3',
    'instantiating receive-task': '10.3.3, 13.5.1',
  },
  'Sub-processes and calls': {
    'sub-process': '10.3.5, 13.3.4',
    'event-sub-process': '10.3.5, 13.5.4',
    transaction: '10.3.5, 13.3.4',
    'ad-hoc-sub-process': '10.3.5, 13.3.5',
    'call-activity': '10.3.6, 13.3.4',
    'global-task': '10.3.6, 13.3.3',
  },
  'What activities may have': {
    'multi-instance loop': '10.3.8, 13.3.7',
    'standard loop': '10.3.8, 13.3.6',
    'compensation activity': '10.7.1, 13.5.5',
    'input mapping': '10.4.2',
    'output mapping': '10.4.2',
    'error mapping': '10.5.6',
    'message correlation': '8.4.2',
  },
  Gateways: {
    'exclusive-gateway': '10.6.2, 13.4.2',
    'inclusive-gateway': '10.6.3, 13.4.3',
    'parallel-gateway': '10.6.4, 13.4.1',
    'complex-gateway': '10.6.5, 13.4.5',
    'event-based-gateway': '10.6.6, 13.4.4',
    'instantiating event-based-gateway': '10.6.6, 13.5.1',
  },
  'Flows, data, lanes': {
    'conditional flow': '8.4.13, 13.3.1',
    'default flow': '8.4.13, 13.3.1',
    'data object': '10.4.1',
    lane: '10.8',
  },
};

/** Names for the reader, where the words of the key are not those of BPMN. */
export const NAMES = {
  'empty-task': 'task without type',
  'service-task': 'service task, run by a service of the application',
  'external-task': 'service, send or business rule task, throw event: done by an external worker',
  'ad-hoc-sub-process': 'ad-hoc sub-process',
  'global-task': 'call activity that calls a global task',
  'multi-instance loop': 'multi-instance activity',
  'error mapping': 'error mapping of an external task',
  'event-based-gateway': 'event-based gateway',
  'instantiating event-based-gateway': 'instantiating event-based gateway',
};

export const TRIGGERS = [
  'none',
  'message',
  'signal',
  'timer',
  'conditional',
  'error',
  'escalation',
  'compensation',
  'cancel',
  'terminate',
  'link',
  'multiple',
  'parallel-multiple',
];

/** Where an event may stand. `throws`: it has no attribute `parallelMultiple`; `optional`: those that need not interrupt. */
export const POSITIONS = {
  'start-event': { title: 'Start events', clause: '10.5.2, 13.5.1' },
  'event-sub-process-start': {
    title: 'Start events of event sub-processes',
    clause: '10.5.2, 13.5.4',
    optional: ['message', 'signal', 'timer', 'conditional', 'escalation', 'multiple', 'parallel-multiple'],
  },
  'intermediate-catch-event': { title: 'Intermediate events that catch', clause: '10.5.4, 13.5.2' },
  'boundary-event': {
    title: 'Boundary events',
    clause: '10.5.4, 13.5.3',
    optional: ['message', 'signal', 'timer', 'conditional', 'escalation', 'multiple', 'parallel-multiple'],
  },
  'intermediate-throw-event': { title: 'Intermediate events that throw', clause: '10.5.4, 13.5.2', throws: true },
  'end-event': { title: 'End events', clause: '10.5.3, 13.5.6', throws: true },
};
