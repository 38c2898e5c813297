import assert from 'node:assert/strict';
import { UnauthorizedError } from '@process-engine/contracts';
import { ROUTES, type ApiName } from '@process-engine/contracts/http';
import { rejects, type ApiUser } from './api-user.js';
import type { SuiteContext } from './suite-context.js';

type Operations = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;

function operationsOf(user: ApiUser, api: ApiName): Operations {
  const apis = { consumerApi: user.consumer, externalTaskApi: user.worker, managementApi: user.management };
  return apis[api] as unknown as Operations;
}

export function identityCases({ it }: SuiteContext): void {
  it('without an identity, or with one without a token, nothing is done', async (user) => {
    for (const { api, operation } of ROUTES.filter(({ authenticated }) => authenticated)) {
      for (const identity of [undefined, { userId: user.identity.userId }]) {
        const call = operationsOf(user, api)[operation]!(identity, 'a', 'b', 'c');
        await rejects(call, UnauthorizedError, /no auth token provided/i);
      }
    }
  });

  it('without an identity there is no subscription', async (user) => {
    const call = user.notifications.subscribe(undefined as never, 'process_ended', () => {});
    await rejects(call, UnauthorizedError, /no auth token provided/i);
  });

  it('the application tells its name and version to everybody', async (user) => {
    const { name, version } = await user.consumer.getApplicationInfo();
    assert.ok(name.length > 0 && version.length > 0);
  });

  it('every list of an engine without models is empty', async (user) => {
    const lists = ROUTES.filter(({ operation, response }) => /^get.*(s|es|By\w+|For\w+)$/.test(operation) && response);
    for (const { api, operation, args, response } of lists) {
      const given = args.map((binding) => (binding.in === 'path' ? 'unknown' : undefined));
      const list = await operationsOf(user, api)[operation]!(user.identity, ...given).catch(() => undefined);
      // What is no list is answered with an error here.
      if (typeof list !== 'object' || list === null || !('totalCount' in list)) continue;
      response!.parse(list);
      assert.deepEqual([list.totalCount, ...Object.values(list).filter(Array.isArray)], [0, []], operation);
    }
  });
}
