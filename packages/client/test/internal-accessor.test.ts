import { expect } from 'chai';
import { LockedError, NotFoundError, UnauthorizedError } from '@process-engine/contracts';
import { ROUTES } from '@process-engine/contracts/http';
import { InternalAccessor } from '@process-engine/client';
import { identity, RecordingEngine } from './support/recording-engine.js';
import { rejection } from './support/rejection.js';

describe('The internal accessor', () => {
  let engine: RecordingEngine;
  let accessor: InternalAccessor;

  beforeEach(() => {
    engine = new RecordingEngine();
    accessor = new InternalAccessor(engine);
  });

  it('has every operation of the three APIs', () => {
    for (const { api, operation } of ROUTES) expect(accessor[api], api).to.have.property(operation);
  });

  it('hands the engine a copy of the arguments', async () => {
    const payload = { inputValues: { when: new Date(0), nothing: undefined, list: [1] } };
    await accessor.consumerApi.startProcessInstance(identity, 'model', payload);

    const [caller, model, received] = engine.lastCall.args as [object, string, typeof payload];
    expect(caller).to.deep.equal(identity);
    expect(caller).not.to.equal(identity);
    expect(model).to.equal('model');
    expect(received).to.deep.equal({ inputValues: { when: '1970-01-01T00:00:00.000Z', list: [1] } });
    expect(received.inputValues).not.to.have.property('nothing');
    expect(received.inputValues.list).not.to.equal(payload.inputValues.list);
  });

  it('gives up every call of a piece of work when its signal aborts', async () => {
    engine.answers.getProcessModels = () => new Promise(() => {});
    const controller = new AbortController();
    const { consumerApi } = accessor.withSignal(controller.signal);
    const call = consumerApi.getProcessModels(identity);
    controller.abort(new Error('enough'));
    expect((await rejection(call)).message).to.equal('enough');
    expect((await rejection(consumerApi.getApplicationInfo())).message).to.equal('enough');
    expect(engine.lastCall.operation).to.equal('getProcessModels');
  });

  it('hands the caller a copy of the result', async () => {
    const held = { processModels: [{ id: 'a', startEvents: [], endEvents: [] }], totalCount: 1 };
    engine.answers.getProcessModels = () => held;

    const result = await accessor.consumerApi.getProcessModels(identity);

    expect(result).to.deep.equal(held);
    expect(result.processModels).not.to.equal(held.processModels);
  });

  it('reads arguments as HTTP would', async () => {
    await accessor.consumerApi.startProcessInstance(identity, 'model', undefined, undefined, '', undefined);
    expect(engine.lastCall.args.slice(2, 6)).to.deep.equal([{}, 1, undefined, undefined]);

    await accessor.managementApi.getDefinitions(identity, { latest: true, versionTag: undefined }, 3);
    expect(engine.lastCall.args.slice(1)).to.deep.equal([{ latest: true }, 3, undefined]);

    await accessor.consumerApi.triggerMessageEvent(identity, 'message');
    expect(engine.lastCall.args.slice(1)).to.deep.equal(['message', {}]);

    await accessor.externalTaskApi.finishExternalTask(identity, 'worker', 'task', null);
    expect(engine.lastCall.args.slice(1)).to.deep.equal(['worker', 'task', null]);
  });

  it('passes the abort signal itself', async () => {
    const { signal } = new AbortController();
    await accessor.externalTaskApi.fetchAndLockExternalTasks(identity, 'worker', 'topic', 1, 0, 1, { signal });

    expect((engine.lastCall.args.at(-1) as { signal: AbortSignal }).signal).to.equal(signal);
  });

  it('gives the application info without an identity', async () => {
    engine.answers.getApplicationInfo = () => ({ name: 'app', version: '1' });

    expect(await accessor.consumerApi.getApplicationInfo()).to.deep.equal({ name: 'app', version: '1' });
    expect(engine.lastCall.args).to.deep.equal([]);
  });

  it('refuses every other operation without a token', async () => {
    for (const { api, operation } of ROUTES.filter((route) => route.authenticated)) {
      for (const caller of [undefined, null, {}, { token: 1, userId: 'alice' }]) {
        const operations = accessor[api] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
        const error = await rejection(operations[operation]!(caller, 'a', 'b', 'c'));
        expect(error, operation).to.be.instanceOf(UnauthorizedError);
        expect(error).to.include({ code: 401, name: 'UnauthorizedError', isEssentialProjectsError: true });
        expect(error.message).to.match(/no auth token provided/i);
      }
    }
    expect(engine.calls).to.deep.equal([]);
  });

  it('reads the user from the token where the caller only brings that', async () => {
    const jwt = `e30.${Buffer.from(JSON.stringify({ sub: 'bÄrbel' })).toString('base64url')}.x`;
    for (const [token, userId] of [
      [Buffer.from('dummy_token').toString('base64'), 'dummy_token'],
      [jwt, 'bÄrbel'],
      ['%%%', ''],
    ]) {
      await accessor.consumerApi.getProcessModels({ identity: token } as never);
      expect(engine.lastCall.args[0]).to.deep.equal({ token, userId });
    }
  });

  it('names an argument that cannot travel', async () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const { consumerApi, externalTaskApi } = accessor;

    expect(await rejection(consumerApi.getProcessModelById(identity, ''))).to.include({ code: 400 });
    expect((await rejection(consumerApi.getProcessModelById(identity, ''))).message).to.match(/process_model_id/);
    const error = await rejection(externalTaskApi.finishExternalTask(identity, 'worker', 'task', cycle));
    expect(error).to.include({ code: 400, reason: 'not-json' });
    expect(error.message).to.match(/^result cannot be written as JSON/);
    const type = 'seven' as unknown as 1;
    expect(await rejection(consumerApi.startProcessInstance(identity, 'model', {}, type))).to.include({ code: 400 });
  });

  it('refuses what a server refuses, with the names of the fields', async () => {
    const { managementApi, externalTaskApi } = accessor;
    for (const [call, field] of [
      [managementApi.publishMessage(identity, {} as never), 'name'],
      [managementApi.deploy(identity, { files: [{ name: 'a' }] } as never), 'files.0.xml'],
      [managementApi.deploy(identity, undefined as never), 'files'],
      [externalTaskApi.extendLock(identity, 'w', 'task', 'x' as never), 'additionalDuration'],
    ] as [Promise<unknown>, string][]) {
      const error = await rejection(call);
      expect(error).to.include({ code: 400, reason: 'invalid-request-body' });
      expect(error.additionalInformation.issues.map((issue: { field: string }) => issue.field)).to.deep.equal([field]);
    }
    expect(engine.calls).to.deep.equal([]);
  });

  it('leaves out fields the contract does not know', async () => {
    await accessor.managementApi.publishMessage(identity, { name: 'n', payload: { x: 1 }, unknown: 1 } as never);
    expect(engine.lastCall.args[1]).to.deep.equal({ name: 'n', payload: { x: 1 } });
  });

  it('passes errors with their class, code, reason and a copy of their information', async () => {
    const information = { processInstanceId: 'p' };
    const thrown = new NotFoundError('not there', { reason: 'unknown-model', additionalInformation: information });
    engine.answers.getProcessModelById = () => Promise.reject(thrown);

    const error = await rejection(accessor.consumerApi.getProcessModelById(identity, 'model'));

    expect(error).to.be.instanceOf(NotFoundError);
    expect(error).to.include({ code: 404, reason: 'unknown-model', message: 'not there', name: 'NotFoundError' });
    expect(error.additionalInformation).to.deep.equal(information);
    expect(error.additionalInformation).not.to.equal(information);
    expect(error.stack).to.equal(thrown.stack);
  });

  it('passes errors without information as they are', async () => {
    const thrown = new LockedError('locked');
    engine.answers.extendLock = () => Promise.reject(thrown);

    expect(await rejection(accessor.externalTaskApi.extendLock(identity, 'w', 'task', 1))).to.equal(thrown);
  });

  it('gives callbacks a copy of the notification', async () => {
    const payload = { correlationId: 'c', processModelId: 'm', processInstanceId: 'p', currentToken: { a: 1 } };
    const received: object[] = [];
    const subscription = await accessor.notificationApi.subscribe(identity, 'process_ended', (it) => {
      received.push(it);
    });
    await engine.notifications.notify('process_ended', payload);
    await accessor.notificationApi.removeSubscription(identity, subscription);
    await engine.notifications.notify('process_ended', payload);

    expect(received).to.deep.equal([payload]);
    expect(received[0]).not.to.equal(payload);
    const error = await rejection(accessor.notificationApi.subscribe(undefined as never, 'x', () => {}));
    expect(error).to.be.instanceOf(UnauthorizedError);
  });
});
