/** Flow node instances as tokens, as lines of a log, and as a history of tokens. */
import type { ActiveToken, LogEntry, TokenHistoryEntry } from '@process-engine/contracts';
import type { FlowNodeInstanceRecord, ProcessInstanceRecord } from '@process-engine/contracts/storage';
import { isoTime } from '../data-transfer-objects.js';
import { given } from '../given.js';

type Instance = ProcessInstanceRecord | undefined;
type Results = ReadonlyMap<string, unknown>;

function placeOf({ processInstanceId, flowNodeId, id }: FlowNodeInstanceRecord, instance: Instance) {
  return {
    processModelId: instance?.processModelId ?? '',
    correlationId: instance?.correlationId ?? '',
    processInstanceId,
    flowNodeId,
    flowNodeInstanceId: id,
  };
}

/** The payload by value, or the result it refers to. */
function payloadOf({ payload, payloadFrom }: FlowNodeInstanceRecord, results: Results): unknown {
  return payloadFrom === null ? payload : results.get(payloadFrom);
}

export function activeTokenOf(row: FlowNodeInstanceRecord, instance: Instance, results: Results): ActiveToken {
  return {
    ...placeOf(row, instance),
    flowNodeType: row.flowNodeType,
    state: row.state,
    ownerId: instance?.ownerId ?? '',
    createdAt: isoTime(row.enteredAt),
    ...given({ payload: payloadOf(row, results) }),
  };
}

export function logEntryOf(row: FlowNodeInstanceRecord, instance: Instance): LogEntry {
  return {
    ...placeOf(row, instance),
    flowNodeType: row.flowNodeType,
    timeStamp: isoTime(row.leftAt ?? row.enteredAt),
    logLevel: levelOf(row),
    message: messageOf(row),
  };
}

function levelOf({ state, error }: FlowNodeInstanceRecord): LogEntry['logLevel'] {
  if (error !== null || state === 'error' || state === 'failed') return 'error';
  return state === 'cancelled' ? 'warn' : 'info';
}

function messageOf({ state, error, enteredAt, leftAt, flowNodeId }: FlowNodeInstanceRecord): string {
  const reason = error === null ? '' : `: ${error.message}`;
  const lasted = leftAt === null ? '' : ` after ${leftAt - enteredAt} ms`;
  return `${flowNodeId} ${WORDS[state]}${lasted}${reason}`;
}

const WORDS: Record<FlowNodeInstanceRecord['state'], string> = {
  ready: 'was entered',
  waiting: 'waits',
  active: 'runs',
  joining: 'waits for further tokens',
  failed: 'failed and waits for an operator',
  finished: 'finished',
  cancelled: 'was cancelled',
  error: 'ended in an error',
};

/** As the token came, and as it left or waits. */
export function tokenHistoryOf(row: FlowNodeInstanceRecord, instance: Instance, results: Results): TokenHistoryEntry[] {
  const common = {
    ...placeOf(row, instance),
    ...given({ previousFlowNodeInstanceId: row.previousId ?? undefined }),
    ownerId: instance?.ownerId ?? '',
  };
  const incoming = payloadOf(row, results);
  const entered = { ...common, tokenEventType: 'onEnter' as const, createdAt: isoTime(row.enteredAt) };
  const entries: TokenHistoryEntry[] = [{ ...entered, ...given({ payload: incoming }) }];
  if (row.leftAt !== null) {
    const payload = row.error ?? row.result;
    entries.push({ ...common, tokenEventType: 'onExit', createdAt: isoTime(row.leftAt), ...given({ payload }) });
  } else if (row.state === 'waiting') {
    entries.push({ ...entered, tokenEventType: 'onSuspend', ...given({ payload: incoming }) });
  }
  return entries;
}
