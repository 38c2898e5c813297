/**
 * What this release runs. An element that is not supported here is an error at deployment: nothing is deployed and then
 * ignored. Enabling one is setting its line to true.
 */
export const SUPPORTED_ELEMENTS = {
  lane: true,

  'start-event none': true,
  'start-event message': true,
  'start-event signal': true,
  'start-event timer': true,
  'start-event conditional': false,
  'start-event multiple': true,
  'start-event parallel-multiple': false,

  'event-sub-process-start message': true,
  'event-sub-process-start signal': true,
  'event-sub-process-start timer': true,
  'event-sub-process-start error': true,
  'event-sub-process-start escalation': true,
  'event-sub-process-start conditional': true,
  'event-sub-process-start compensation': true,
  'event-sub-process-start multiple': true,
  'event-sub-process-start parallel-multiple': true,

  'intermediate-catch-event none': true,
  'intermediate-catch-event message': true,
  'intermediate-catch-event signal': true,
  'intermediate-catch-event timer': true,
  'intermediate-catch-event conditional': true,
  'intermediate-catch-event link': true,
  'intermediate-catch-event multiple': true,
  'intermediate-catch-event parallel-multiple': true,

  'intermediate-throw-event none': true,
  'intermediate-throw-event message': true,
  'intermediate-throw-event signal': true,
  'intermediate-throw-event link': true,
  'intermediate-throw-event escalation': true,
  'intermediate-throw-event compensation': true,
  'intermediate-throw-event multiple': true,

  'boundary-event error': true,
  'boundary-event message': true,
  'boundary-event signal': true,
  'boundary-event timer': true,
  'boundary-event escalation': true,
  'boundary-event conditional': true,
  'boundary-event cancel': true,
  'boundary-event compensation': true,
  'boundary-event multiple': true,
  'boundary-event parallel-multiple': true,

  'end-event none': true,
  'end-event message': true,
  'end-event signal': true,
  'end-event error': true,
  'end-event terminate': true,
  'end-event escalation': true,
  'end-event cancel': true,
  'end-event compensation': true,
  'end-event multiple': true,

  'user-task': true,
  'manual-task': true,
  'empty-task': true,
  'script-task': true,
  'service-task': true,
  'external-task': true,
  'send-task': true,
  'receive-task': true,
  'instantiating receive-task': true,
  'call-activity': true,

  'exclusive-gateway': true,
  'parallel-gateway': true,
  'inclusive-gateway': true,
  'complex-gateway': true,
  'event-based-gateway': true,
  'instantiating event-based-gateway': true,

  'sub-process': true,
  'event-sub-process': true,
  transaction: true,
  'ad-hoc-sub-process': true,

  'multi-instance loop': true,
  'standard loop': true,
  'compensation activity': true,
  'conditional flow': true,
  'default flow': true,
  'data object': true,
  'input mapping': true,
  'output mapping': true,
  'error mapping': true,
  'message correlation': true,
} as const satisfies Readonly<Record<string, boolean>>;

export type ElementKey = keyof typeof SUPPORTED_ELEMENTS;

export type SupportedElements = Readonly<Record<ElementKey, boolean>>;

/** Everything the compiler knows, supported or not: for tools that only want the graph. */
export const ALL_ELEMENTS = Object.fromEntries(
  Object.keys(SUPPORTED_ELEMENTS).map((key) => [key, true]),
) as SupportedElements;
