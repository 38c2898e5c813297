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
  'start-event multiple': false,
  'start-event parallel-multiple': false,

  'event-sub-process-start message': false,
  'event-sub-process-start signal': false,
  'event-sub-process-start timer': false,
  'event-sub-process-start error': false,
  'event-sub-process-start escalation': false,
  'event-sub-process-start conditional': false,
  'event-sub-process-start compensation': false,
  'event-sub-process-start multiple': false,
  'event-sub-process-start parallel-multiple': false,

  'intermediate-catch-event none': false,
  'intermediate-catch-event message': true,
  'intermediate-catch-event signal': true,
  'intermediate-catch-event timer': true,
  'intermediate-catch-event conditional': false,
  'intermediate-catch-event link': false,
  'intermediate-catch-event multiple': false,
  'intermediate-catch-event parallel-multiple': false,

  'intermediate-throw-event none': false,
  'intermediate-throw-event message': true,
  'intermediate-throw-event signal': true,
  'intermediate-throw-event link': false,
  'intermediate-throw-event escalation': false,
  'intermediate-throw-event compensation': false,
  'intermediate-throw-event multiple': false,

  'boundary-event error': true,
  'boundary-event message': true,
  'boundary-event signal': true,
  'boundary-event timer': true,
  'boundary-event escalation': false,
  'boundary-event conditional': false,
  'boundary-event cancel': false,
  'boundary-event compensation': false,
  'boundary-event multiple': false,
  'boundary-event parallel-multiple': false,

  'end-event none': true,
  'end-event message': true,
  'end-event signal': true,
  'end-event error': true,
  'end-event terminate': true,
  'end-event escalation': false,
  'end-event cancel': false,
  'end-event compensation': false,
  'end-event multiple': false,

  'user-task': true,
  'manual-task': true,
  'empty-task': true,
  'script-task': true,
  'service-task': true,
  'external-task': true,
  'send-task': false,
  'receive-task': false,
  'instantiating receive-task': false,
  'call-activity': true,

  'exclusive-gateway': true,
  'parallel-gateway': true,
  'inclusive-gateway': false,
  'complex-gateway': false,
  'event-based-gateway': false,
  'instantiating event-based-gateway': false,

  'sub-process': true,
  'event-sub-process': false,
  transaction: false,
  'ad-hoc-sub-process': false,

  'multi-instance loop': false,
  'standard loop': false,
  'compensation activity': false,
  'conditional flow': true,
  'default flow': true,
  'data object': true,
  'input mapping': true,
  'output mapping': true,
  'message correlation': false,
} as const satisfies Readonly<Record<string, boolean>>;

export type ElementKey = keyof typeof SUPPORTED_ELEMENTS;

export type SupportedElements = Readonly<Record<ElementKey, boolean>>;

/** Everything the compiler knows, supported or not: for tools that only want the graph. */
export const ALL_ELEMENTS = Object.fromEntries(
  Object.keys(SUPPORTED_ELEMENTS).map((key) => [key, true]),
) as SupportedElements;
