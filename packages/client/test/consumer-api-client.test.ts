import { expect } from 'chai';
import { NOTIFICATIONS, type NotificationPayload } from '@process-engine/contracts';
import { ROUTES } from '@process-engine/contracts/http';
import {
  ConsumerApiClient,
  ExternalTaskApiClient,
  ManagementApiClient,
  NotificationClient,
} from '@process-engine/client';
import { settled } from './support/manual-clock.js';
import { identity, RecordingEngine } from './support/recording-engine.js';
import { rejection } from './support/rejection.js';

type Methods = Record<string, (...args: unknown[]) => Promise<unknown>>;

/** Its own and those of its base classes, without the subscriptions, which are no operations of the route table. */
const operationsOf = (type: { prototype: object }, instance: object): string[] => {
  const names: string[] = Object.keys(instance);
  const bases = [NotificationClient.prototype, Object.prototype];
  for (
    let from = type.prototype;
    !bases.includes(from as NotificationClient);
    from = Object.getPrototypeOf(from) as object
  ) {
    names.push(...Object.getOwnPropertyNames(from).filter((name) => name !== 'constructor'));
  }
  return names;
};

describe('The API clients', () => {
  let engine: RecordingEngine;
  let client: ConsumerApiClient;

  beforeEach(() => {
    engine = new RecordingEngine();
    client = new ConsumerApiClient(engine);
  });

  for (const [api, type] of [
    ['consumerApi', ConsumerApiClient],
    ['externalTaskApi', ExternalTaskApiClient],
    ['managementApi', ManagementApiClient],
  ] as const) {
    const operations = ROUTES.filter((route) => route.api === api && !route.alias).map(({ operation }) => operation);

    it(`have exactly the operations of the ${api}`, () => {
      expect(operationsOf(type, new type(engine))).to.have.members(operations);
    });

    it(`pass the arguments of the ${api} through, in order`, async () => {
      const methods = new type(engine) as unknown as Methods;
      for (const operation of operations.filter((name) => name !== 'startProcessInstance')) {
        engine.answers[operation] = () => `answer of ${operation}`;
        const { args, authenticated } = ROUTES.find((route) => route.operation === operation)!;
        const given = [...(authenticated ? [identity] : []), ...args.map((_, index) => `argument ${index}`)];

        expect(await methods[operation]!(...given)).to.equal(`answer of ${operation}`);
        expect(engine.lastCall).to.deep.equal({ api, operation, args: given });
      }
    });
  }

  describe('start an instance', () => {
    const payload = { correlationId: 'c', processModelId: 'model', processInstanceId: 'p' };

    beforeEach(() => {
      engine.answers.startProcessInstance = () => ({ correlationId: 'c', processInstanceId: 'p' });
    });

    it('with callback type 1 where none is given', async () => {
      for (const type of [undefined, 0, null]) {
        await client.startProcessInstance(identity, 'model', { correlationId: 'c' }, type as never);
        expect(engine.lastCall.args[3]).to.equal(1);
      }
    });

    it('not with a callback type that does not exist', async () => {
      for (const type of [4, -1, 'x', '2']) {
        const error = await rejection(client.startProcessInstance(identity, 'model', {}, type as never));
        expect(error).to.include({ code: 400, name: 'BadRequestError' });
        expect(error.message).to.match(/not a valid return option/i);
      }
      expect(engine.calls).to.deep.equal([]);
    });

    it('not with callback type 3 without an end event', async () => {
      const error = await rejection(client.startProcessInstance(identity, 'model', {}, 3, 'start'));
      expect(error).to.include({ code: 400 });
      expect(error.message).to.match(/must provide an endeventid/i);
    });

    it('and pass the abort signal on', async () => {
      const { signal } = new AbortController();
      await client.startProcessInstance(identity, 'model', {}, 2, undefined, undefined, { signal });
      expect(engine.lastCall.args[6]).to.deep.equal({ signal });
    });

    it('and tell about its end, also where it comes before the answer', async () => {
      const ended: NotificationPayload[] = [];
      engine.answers.startProcessInstance = async () => {
        await engine.notifications.notify('process_ended', { ...payload, processInstanceId: 'another' });
        await engine.notifications.notify('process_ended', payload);
        return { correlationId: 'c', processInstanceId: 'p' };
      };
      await client.startProcessInstance(identity, 'model', {}, 1, undefined, undefined, {
        onProcessEnded: (it) => void ended.push(it),
      });

      await settled();
      expect(ended).to.deep.equal([payload]);
      expect(engine.notifications.eventNames).to.deep.equal([]);
    });

    it('and tell about its end alone, once', async () => {
      const ended: NotificationPayload[] = [];
      const options = { onProcessEnded: (it: NotificationPayload) => void ended.push(it) };
      await client.startProcessInstance(identity, 'model', {}, 1, undefined, undefined, options);
      await engine.notifications.notify('process_ended', { ...payload, processInstanceId: 'another' });
      await engine.notifications.notify('process_ended', payload);
      await engine.notifications.notify('process_ended', payload);

      expect(ended).to.deep.equal([payload]);
      expect(engine.notifications.eventNames).to.deep.equal([]);
    });

    it('and stop to listen where it fails, or cannot be started', async () => {
      const onProcessEnded = () => expect.fail('it did not finish');
      const start = () =>
        client.startProcessInstance(identity, 'model', {}, 1, undefined, undefined, { onProcessEnded });
      await start();
      await engine.notifications.notify('process_error', payload);
      expect(engine.notifications.eventNames).to.deep.equal([]);

      engine.answers.startProcessInstance = () => Promise.reject(new Error('not now'));
      expect((await rejection(start())).message).to.equal('not now');
      expect(engine.notifications.eventNames).to.deep.equal([]);
    });

    it('and do not mind a failing callback', async () => {
      engine.answers.startProcessInstance = async () => {
        await engine.notifications.notify('process_ended', payload);
        return { correlationId: 'c', processInstanceId: 'p' };
      };
      const onProcessEnded = () => Promise.reject(new Error('callback'));
      const started = client.startProcessInstance(identity, 'model', {}, 1, undefined, undefined, { onProcessEnded });
      expect(await started).to.include({ processInstanceId: 'p' });
    });
  });

  describe('subscribe to notifications', () => {
    const eventNames: Record<string, string> = {
      onProcessStarted: 'process_started',
      onProcessEnded: 'process_ended',
      onProcessTerminated: 'process_terminated',
      onProcessError: 'process_error',
      onActivityReached: 'activity_reached',
      onActivityFinished: 'activity_finished',
      onUserTaskWaiting: 'user_task_waiting',
      onUserTaskFinished: 'user_task_finished',
      onUserTaskForIdentityWaiting: 'user_task_waiting/alice/user_id',
      onUserTaskForIdentityFinished: 'user_task_finished/alice/user_id',
      onManualTaskWaiting: 'manual_task_waiting',
      onManualTaskFinished: 'manual_task_finished',
      onManualTaskForIdentityWaiting: 'manual_task_waiting/alice/user_id',
      onManualTaskForIdentityFinished: 'manual_task_finished/alice/user_id',
      onEmptyActivityWaiting: 'empty_activity_waiting',
      onEmptyActivityFinished: 'empty_activity_finished',
      onEmptyActivityForIdentityWaiting: 'empty_activity_waiting/alice/user_id',
      onEmptyActivityForIdentityFinished: 'empty_activity_finished/alice/user_id',
      onBoundaryEventTriggered: 'boundary_event_triggered',
      onIntermediateThrowEventTriggered: 'intermediate_throw_event_triggered',
      onIntermediateCatchEventReached: 'intermediate_catch_event_reached',
      onIntermediateCatchEventFinished: 'intermediate_catch_event_finished',
    };

    for (const [method, eventName] of Object.entries(eventNames)) {
      it(`by ${method}`, async () => {
        const methods = client as unknown as Methods;
        const received: unknown[] = [];
        const callback = (it: unknown) => received.push(it);

        const repeated = await methods[method]!(identity, callback);
        const once = await methods[method]!(identity, callback, true);
        expect(repeated).to.deep.include({ eventName, onlyReceiveOnce: false });
        expect(once).to.deep.include({ eventName, onlyReceiveOnce: true });

        await engine.notifications.notify(eventName, { a: 1 });
        await engine.notifications.notify(eventName, { a: 2 });
        expect(received).to.have.length(3);
        await client.removeSubscription(identity, repeated as never);
        expect(engine.notifications.eventNames).to.deep.equal([]);
      });
    }

    it('by the start of one model', async () => {
      const subscription = await client.onProcessWithProcessModelIdStarted(identity, () => {}, 'my model', true);
      expect(subscription).to.include({
        eventName: '/process_instance_started/my model',
        onlyReceiveOnce: true,
      });
    });

    it('by family, with a filter', async () => {
      const filter = { processModelId: 'm', flowNodeId: 'f' };
      const subscriptions = [
        await client.onBpmnEvent(identity, () => {}, filter),
        await client.onActivityChanged(identity, () => {}, filter),
        await client.onSystemEvent(identity, () => {}, filter),
        await client.onSignalTriggered(identity, () => {}, 'a signal', true),
        await client.onMessageTriggered(identity, () => {}, filter),
        await client.onMessageTriggered(identity, () => {}),
      ];
      expect(subscriptions.map(({ eventName }) => eventName)).to.deep.equal([
        ...['bpmn_event', 'activity_changed', 'system_event'],
        ...['signal_triggered', 'message_triggered', 'message_triggered'],
      ]);
      const filters = [...engine.notifications.subscriptions.values()].map((it) => it.filter);
      expect(filters).to.deep.equal([filter, filter, filter, { eventName: 'a signal' }, filter, undefined]);
      expect(subscriptions[3]!.onlyReceiveOnce).to.equal(true);
    });

    it('to every kind of the engine that published clients know', () => {
      const later = /^((message|signal)_triggered|user_task_changed|end_event_reached|cronjob_.*)$/;
      const kinds = Object.keys(NOTIFICATIONS).filter((kind) => !later.test(kind));
      expect(Object.values(eventNames)).to.include.members(kinds);
    });
  });
});
