import { pathOf, type Route, ROUTES } from '@process-engine/contracts/http';
import { expect } from 'chai';
import { type Actor, refusedTokens, tokenOf, tokenOfWorker } from './actors.js';
import { CONSUMER, EXTERNAL_TASK, FOR_OPERATORS, type Line, MANAGEMENT, type Outcome } from './outcomes.js';
import { RightsServer, type World } from './world.js';

const ACTORS: readonly Actor[] = ['missingClaim', 'missingLane', 'otherTenant', 'owner', 'superAdmin'];
const TABLES = { consumerApi: CONSUMER, externalTaskApi: EXTERNAL_TASK, managementApi: MANAGEMENT };

const nameOf = ({ api, operation }: Route): string => `${api}.${operation}`;

function lineOf(route: Route): Line {
  const line = Object.hasOwn(TABLES[route.api], route.operation) ? TABLES[route.api][route.operation] : undefined;
  if (line === undefined)
    throw new Error(`who may call ${nameOf(route)} is not written down: add a line to rights/outcomes.ts`);
  return line;
}

function addressOf(route: Route, world: World): string {
  const path = pathOf(route).replace(/:(\w+)/g, (_, name: string) => {
    if (world[name] === undefined) throw new Error(`add a sample of the parameter :${name} to rights/world.ts`);
    return encodeURIComponent(world[name]);
  });
  const query = lineOf(route).query?.(world);
  return query === undefined ? path : `${path}?${new URLSearchParams(query).toString()}`;
}

/** The status; of an answered list whether something is in it. */
function outcomeOf(status: number, text: string): Outcome {
  if (status !== 200) return status;
  const body = JSON.parse(text) as { totalCount?: number; deliveredTo?: unknown[] } | unknown[];
  const size = Array.isArray(body) ? body.length : (body.totalCount ?? body.deliveredTo?.length);
  return size === undefined ? 200 : size > 0 ? 'some' : 'empty';
}

/** They leave something behind that others would see. */
const LAST: readonly string[] = ['startProcessInstance', 'deploy', 'updateProcessModel'];
const rank = ({ operation }: Route): number => LAST.indexOf(operation);

describe('The rights matrix', function () {
  this.timeout(60_000);
  const server = new RightsServer();
  before(() => server.start());
  after(() => server.stop());

  async function call(route: Route, world: World, token: string | undefined): Promise<Outcome> {
    const body = lineOf(route).body?.(world);
    const response = await fetch(server.url + addressOf(route, world), {
      method: route.method.toUpperCase(),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (token !== undefined) expect(text, 'no answer quotes a token').not.to.contain(token);
    return outcomeOf(response.status, text);
  }

  it('has a line for every operation, and none for others', () => {
    for (const route of ROUTES) lineOf(route);
    const known = new Set(ROUTES.map(nameOf));
    const lines = Object.entries(TABLES).flatMap(([api, table]) => Object.keys(table).map((name) => `${api}.${name}`));
    expect(lines.filter((name) => !known.has(name))).to.deep.equal([]);
  });

  it('lets nobody in without a token that holds, whatever the operation', async () => {
    const world = await server.world({ locked: true });
    for (const [what, [status, token]] of Object.entries(await refusedTokens())) {
      for (const route of ROUTES) {
        const expected = route.authenticated ? status : 200;
        expect(await call(route, world, token), `${nameOf(route)} with ${what}`).to.equal(expected);
      }
    }
  });

  it('shows instances across all lanes to operators only', async () => {
    const world = await server.world({ locked: false });
    const routes = ROUTES.filter(({ api, operation }) => api === 'managementApi' && FOR_OPERATORS.includes(operation));
    expect(new Set(routes.map(({ operation }) => operation))).to.deep.equal(new Set(FOR_OPERATORS));
    for (const route of routes) expect(await call(route, world, await tokenOfWorker()), nameOf(route)).to.equal(403);
  });

  const rows = [...ROUTES].sort((left, right) => rank(left) - rank(right));
  for (const route of rows) {
    it(`of ${nameOf(route)} (${route.method} ${pathOf(route)}) is as written`, async () => {
      const outcomes: Partial<Record<Actor, Outcome>> = {};
      const changes = route.method !== 'get' || route.alias;
      let world: World | undefined;
      for (const actor of ACTORS) {
        if (world === undefined || changes) world = await server.world({ locked: route.path.startsWith('/task/') });
        outcomes[actor] = await call(route, world, await tokenOf(actor));
        if (route.operation === 'deleteProcessModel') await server.restore();
      }
      expect(outcomes).to.deep.equal(lineOf(route).outcomes);
    });
  }
});
