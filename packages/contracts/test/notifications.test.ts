import { expect } from 'chai';
import {
  addressesOf,
  matchesFilter,
  payloadFor,
  type Notification,
  type NotificationKind,
} from '@process-engine/contracts';

function notification(kind: NotificationKind, more: object = {}): Notification {
  const payload = { correlationId: 'c', processModelId: 'model', processInstanceId: 'i', ...more };
  return { kind, payload, ownerId: 'jane', tenantId: '', lanes: '[]' };
}

const namesOf = (kind: NotificationKind) => addressesOf(notification(kind)).map(({ eventName }) => eventName);

/** Event keys by family. */
function keysOf(kind: NotificationKind): Record<string, unknown> {
  const sent = notification(kind, { flowNodeId: 'node', eventName: 'name', currentToken: 1 });
  return Object.fromEntries(
    addressesOf(sent).flatMap((address) => {
      const { family } = address;
      return family === undefined ? [] : [[family, (payloadFor(sent, address) as { event_key?: string }).event_key]];
    }),
  );
}

describe('addresses of notifications', () => {
  it('are the kind and its family, for everybody', () => {
    expect(addressesOf(notification('process_ended'))).to.deep.equal([
      { eventName: 'process_ended' },
      { eventName: 'system_event', family: 'system_event' },
    ]);
  });

  it('of a start are also named after the model', () => {
    const names = ['process_started', '/process_instance_started/model', 'system_event', 'bpmn_event'];
    expect(namesOf('process_started')).to.deep.equal(names);
  });

  it('of a task also carry the owner in the middle, for the owner only', () => {
    expect(addressesOf(notification('user_task_waiting'))).to.deep.equal([
      { eventName: 'user_task_waiting' },
      { eventName: 'user_task_waiting/jane/user_id', userId: 'jane' },
      { eventName: 'activity_changed', family: 'activity_changed' },
    ]);
  });

  it('of messages and signals are those of their family, once', () => {
    expect(namesOf('signal_triggered')).to.deep.equal(['signal_triggered']);
    expect(namesOf('message_triggered')).to.deep.equal(['message_triggered']);
  });
});

describe('payloads of families', () => {
  it('hold the fields of early documents beside those of the kind', () => {
    const sent = notification('boundary_event_triggered', { flowNodeId: 'Timeout', currentToken: { a: 1 } });
    expect(payloadFor(sent, { eventName: 'bpmn_event', family: 'bpmn_event' })).to.deep.equal({
      ...sent.payload,
      kind: 'boundary_event_triggered',
      process_model_key: 'model',
      event_key: 'Timeout',
      correlation_id: 'c',
      payload: { a: 1 },
    });
    expect(payloadFor(sent, { eventName: 'boundary_event_triggered' })).to.equal(sent.payload);
  });

  it('say in the event key what happened', () => {
    expect(keysOf('process_started')).to.deep.equal({ system_event: 'ProcessInstanceStarted', bpmn_event: 'node' });
    expect(keysOf('process_ended')).to.deep.equal({ system_event: 'ProcessInstanceFinishedSuccessfully' });
    expect(keysOf('process_terminated')).to.deep.equal({ system_event: 'ProcessInstanceTerminated' });
    expect(keysOf('process_error')).to.deep.equal({ system_event: 'ProcessInstanceFailed' });
    expect(keysOf('activity_reached')).to.deep.equal({ activity_changed: 'started' });
    expect(keysOf('manual_task_waiting')).to.deep.equal({ activity_changed: 'started' });
    expect(keysOf('empty_activity_finished')).to.deep.equal({ activity_changed: 'finished' });
    expect(keysOf('end_event_reached')).to.deep.equal({ bpmn_event: 'node' });
    expect(keysOf('signal_triggered')).to.deep.equal({ signal_triggered: 'name' });
    expect(keysOf('message_triggered')).to.deep.equal({ message_triggered: 'name' });
  });
});

describe('a filter of notifications', () => {
  const { payload } = notification('signal_triggered', { flowNodeId: 'node', eventName: 'name' });

  it('lets pass what agrees with every field that is given', () => {
    expect(matchesFilter({}, payload)).to.equal(true);
    expect(matchesFilter({ processModelId: 'model', correlationId: undefined }, payload)).to.equal(true);
    expect(matchesFilter({ processModelId: 'model', flowNodeId: 'node', eventName: 'name' }, payload)).to.equal(true);
    expect(matchesFilter({ processModelId: 'model', correlationId: 'other' }, payload)).to.equal(false);
    expect(matchesFilter({ processInstanceId: 'other' }, payload)).to.equal(false);
  });
});
