import type { Finding } from '@process-engine/contracts';

/** What a check may find: how grave it is, and the clause of BPMN 2.0.2 it rests on. */
interface FindingCode {
  readonly severity: Finding['severity'];
  readonly clause?: string;
}

/** Every code the compiler and its rules report. (Codes of reading the file are in `parse/parse-findings.ts`.) */
export const FINDING_CODES = {
  'no-process': { severity: 'error', clause: '10.2' },
  'not-executable': { severity: 'info', clause: '10.2.1' },
  'missing-id': { severity: 'error', clause: '8.3.1' },
  'unsupported-element': { severity: 'error' },
  'unsupported-extension': { severity: 'error' },
  'extension-without-effect': { severity: 'warning' },
  'ignored-extension': { severity: 'info' },

  'missing-reference': { severity: 'error', clause: '8.4' },
  'unresolved-reference': { severity: 'error', clause: '8.4' },
  'flow-crosses-scope': { severity: 'error', clause: '7.6.1' },
  'unknown-default-flow': { severity: 'error', clause: '10.6' },
  'default-with-condition': { severity: 'warning', clause: '8.4.13' },
  'condition-without-effect': { severity: 'warning', clause: '8.4.13' },

  'no-start': { severity: 'error', clause: '13.2' },
  'ambiguous-start': { severity: 'error', clause: '13.3.4' },
  'dynamic-start': { severity: 'error', clause: '10.5.2' },
  'start-with-incoming': { severity: 'error', clause: '10.5.2' },
  'end-with-outgoing': { severity: 'error', clause: '10.5.3' },
  'boundary-with-incoming': { severity: 'error', clause: '10.5.4' },
  'event-sub-process-with-flows': { severity: 'error', clause: '10.3.5' },
  'event-sub-process-start': { severity: 'error', clause: '10.3.5' },
  'unreachable-element': { severity: 'warning', clause: '13.3.1' },
  'gateway-without-outgoing': { severity: 'error', clause: '10.6' },
  'event-gateway-single': { severity: 'error', clause: '10.6.6' },
  'event-gateway-target': { severity: 'error', clause: '10.6.6' },
  'invalid-boundary-host': { severity: 'error', clause: '10.5.4' },
  'always-interrupting': { severity: 'warning', clause: '10.5.4' },
  'forbidden-event-definition': { severity: 'error', clause: '10.5.5' },
  'link-without-target': { severity: 'error', clause: '10.5.5' },
  'ambiguous-link': { severity: 'error', clause: '10.5.5' },
  'compensation-handler': { severity: 'error', clause: '10.7.1' },
  'message-correlation': { severity: 'error', clause: '8.4.2' },
  'ad-hoc-content': { severity: 'error', clause: '10.3.5' },

  'invalid-timer': { severity: 'error', clause: '10.5.5' },
  'cyclic-timer': { severity: 'error', clause: '10.5.5' },
  'invalid-expression': { severity: 'error', clause: '8.4.7' },
  'partly-marked-text': { severity: 'warning' },
  'invalid-script': { severity: 'error', clause: '10.3.3' },
  'unsupported-script-format': { severity: 'error', clause: '10.3.3' },
  'invalid-value': { severity: 'error' },

  'missing-binding': { severity: 'error', clause: '10.3.3' },
  'unregistered-service': { severity: 'error' },
  'untyped-task-waits': { severity: 'info', clause: '13.3.3' },
  'missing-called-element': { severity: 'error', clause: '10.3.6' },
  'invalid-loop': { severity: 'error', clause: '10.3.8' },
  'invalid-data-association': { severity: 'warning', clause: '10.4.2' },
} as const satisfies Readonly<Record<string, FindingCode>>;

export type FindingCodeName = keyof typeof FINDING_CODES;

/** A finding of a code about an element; without `elementId` about the whole file. */
export function finding(code: FindingCodeName, elementId: string | undefined, message: string): Finding {
  const { severity, clause }: FindingCode = FINDING_CODES[code];
  return {
    severity,
    code,
    message,
    ...(elementId === undefined ? {} : { elementId }),
    ...(clause === undefined ? {} : { clause }),
  };
}
