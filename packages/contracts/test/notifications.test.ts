import { expect } from 'chai';
import { addressesOf, type Notification, type NotificationKind } from '@process-engine/contracts';

function notification(kind: NotificationKind): Notification {
  const payload = { correlationId: 'c', processModelId: 'model', processInstanceId: 'i' };
  return { kind, payload, ownerId: 'jane', tenantId: '', lanes: '[]' };
}

describe('addresses of notifications', () => {
  it('are the kind, for everybody', () => {
    expect(addressesOf(notification('process_ended'))).to.deep.equal([{ eventName: 'process_ended' }]);
  });

  it('of a start are also named after the model', () => {
    expect(addressesOf(notification('process_started'))).to.deep.equal([
      { eventName: 'process_started' },
      { eventName: '/process_instance_started/model' },
    ]);
  });

  it('of a task also carry the owner in the middle, for the owner only', () => {
    expect(addressesOf(notification('user_task_waiting'))).to.deep.equal([
      { eventName: 'user_task_waiting' },
      { eventName: 'user_task_waiting/jane/user_id', userId: 'jane' },
    ]);
  });
});
