import { expect } from 'chai';
import { it } from 'mocha';
import { god, onEachDatabase, rejection } from './support/engine.mjs';

onEachDatabase('The published consumer client without an identity', (engine) => {
  it('gets an UnauthorizedError from every method but the application info', async () => {
    const client = engine.consumer();
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(client)).filter((name) =>
      /^(get|on|start|finish|trigger|fetch|extend|handle|removeSubscription)/.test(name),
    );
    expect(methods).to.have.length.greaterThan(60);
    for (const method of methods.filter((name) => name !== 'getApplicationInfo')) {
      for (const identity of [undefined, {}, { userId: god.userId }]) {
        await rejection(call(client, method, identity), 'UnauthorizedError', /no auth token provided/i);
      }
    }
  });

  it('gets the same from the server, which does not rely on the client', async () => {
    const accessor = engine.consumer().consumerApiAccessor;
    await rejection(accessor.getUserTasksForProcessModel({}, 'm'), 'UnauthorizedError', /no auth token provided/i);
  });

  it('gets a BadRequestError for a token that cannot be decoded, which is not told', async () => {
    const identity = { userId: 'x', token: '{odd}' };
    const error = await rejection(
      engine.consumer().getProcessModels(identity),
      'BadRequestError',
      /could not be parsed/i,
    );
    expect(JSON.stringify(error)).to.not.include('{odd}');
  });
});

/** The published methods check the identity before anything else. */
async function call(client, method, identity) {
  return client[method](identity, 'a', 'b', 'c');
}
