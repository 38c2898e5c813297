import { pathOf, type Route, ROUTES } from '@process-engine/contracts/http';
import { expect } from 'chai';
import { ALICE, CONSUMER, EXTERNAL_TASK, HttpFixture, MANAGEMENT } from './support/http-fixture.js';

describe('The router', () => {
  const http = new HttpFixture();
  before(() => http.start());
  after(() => http.stop());
  beforeEach(() => (http.engine.calls.length = 0));

  describe('for every row of the route table', () => {
    for (const route of ROUTES) {
      it(`takes ${route.method} ${pathOf(route)} to ${route.operation}`, async () => {
        http.engine.answers[route.operation] ??= () => ({ answered: route.operation });
        const answer = await http.send(samplePath(route), { method: route.method.toUpperCase(), ...sampleBody(route) });

        expect(answer.status).to.equal(route.response === undefined ? 204 : 200);
        if (route.response === undefined) expect(answer.text).to.equal('');
        else expect(answer.json).to.deep.equal(await http.engine.answers[route.operation]!());
        const { api, operation, args } = http.engine.lastCall;
        expect({ api, operation }).to.deep.equal({ api: route.api, operation: route.operation });
        const expected = (route.authenticated ? 1 : 0) + route.args.length + (route.waits ? 1 : 0);
        expect(args).to.have.lengthOf(expected);
      });

      if (route.authenticated) {
        it(`answers 401 to ${route.method} ${pathOf(route)} without a token`, async () => {
          const answer = await http.send(samplePath(route), { method: route.method.toUpperCase(), authorized: false });

          expect(answer.status).to.equal(401);
          expect(answer.json.message).to.match(/no auth token provided/i);
          expect(http.engine.calls).to.be.empty;
        });
      }
    }
  });

  describe('reads arguments', () => {
    it('from the path, percent-decoded', async () => {
      const id = 'Größe 1/2?#%&+ü';
      await http.get(`${CONSUMER}/process_models/${encodeURIComponent(id)}`);

      expect(http.engine.lastCall.args).to.deep.equal([ALICE, id]);
    });

    it('from the path of a trigger, whose name may be any text', async () => {
      await http.post(`${CONSUMER}/message/${encodeURIComponent('Antrag / eingegangen')}/trigger`);

      expect(http.engine.lastCall.args).to.deep.equal([ALICE, 'Antrag / eingegangen', {}]);
    });

    it('from the query, with their types', async () => {
      await http.get(`${CONSUMER}/process_models?offset=5&limit=10`);

      expect(http.engine.lastCall.args).to.deep.equal([ALICE, 5, 10]);
    });

    it('as undefined where the query parameter is absent or empty', async () => {
      await http.get(`${CONSUMER}/process_models?offset=&`);

      expect(http.engine.lastCall.args).to.deep.equal([ALICE, undefined, undefined]);
    });

    it('from several query parameters that make one object', async () => {
      await http.get(`${MANAGEMENT}/definitions?process_model_id=a%20b&latest=true&version_tag=&limit=2`);

      expect(http.engine.lastCall.args).to.deep.equal([ALICE, { processModelId: 'a b', latest: true }, undefined, 2]);
    });

    it('from the whole body and the query of a start', async () => {
      const body = { correlationId: 'c', inputValues: { a: [1, null, 'ü'] } };
      const query = 'start_callback_type=3&start_event_id=S&end_event_id=E&offset=0&limit=0';
      await http.post(`${CONSUMER}/process_models/m/start?${query}`, body);

      const { args } = http.engine.lastCall;
      expect(args.slice(0, 6)).to.deep.equal([ALICE, 'm', body, 3, 'S', 'E']);
      expect((args[6] as { signal: AbortSignal }).signal.aborted).to.be.false;
    });

    it('from fields of the body, in the order of the method', async () => {
      const body = { lockDuration: 5, longPollingTimeout: 4, maxTasks: 3, topicName: 't', workerId: 'w' };
      http.engine.answers['fetchAndLockExternalTasks'] = () => [];
      for (const base of [CONSUMER, EXTERNAL_TASK]) {
        const answer = await http.post(`${base}/fetch_and_lock?offset=0&limit=0`, body);

        expect(answer.json).to.deep.equal([]);
        expect(http.engine.lastCall.args.slice(0, 6)).to.deep.equal([ALICE, 'w', 't', 3, 4, 5]);
      }
    });

    it('from path and fields together, absent fields being undefined', async () => {
      await http.post(`${EXTERNAL_TASK}/task/id%201/handle_service_error`, { workerId: 'w', errorMessage: 'm' });

      expect(http.engine.lastCall.args).to.deep.equal([ALICE, 'w', 'id 1', 'm', undefined, undefined]);
    });

    for (const value of ['', '0', 'undefined']) {
      it(`as the default where the start type is '${value}'`, async () => {
        await http.post(`${CONSUMER}/process_models/m/start?start_callback_type=${value}`);

        expect(http.engine.lastCall.args.slice(0, 4)).to.deep.equal([ALICE, 'm', {}, 1]);
      });
    }
  });

  describe('refuses', () => {
    it('a start type that is not a number', async () => {
      const answer = await http.post(`${CONSUMER}/process_models/m/start?start_callback_type=soon`);

      expect(answer.status).to.equal(400);
      expect(answer.json.message).to.match(/not a valid return option/i);
    });

    for (const query of ['offset=two', 'limit=1.5', 'limit=Infinity']) {
      it(`${query}, naming the parameter`, async () => {
        const answer = await http.get(`${CONSUMER}/process_models?${query}`);

        expect(answer.status).to.equal(400);
        expect(answer.json.message).to.contain(query.split('=')[0]);
      });
    }

    it('a parameter that is given twice', async () => {
      const answer = await http.get(`${CONSUMER}/process_models?limit=1&limit=2`);

      expect(answer.status).to.equal(400);
      expect(answer.json.message).to.contain('limit');
    });

    it('a flag that is neither true nor false', async () => {
      const answer = await http.get(`${MANAGEMENT}/definitions?latest=perhaps`);

      expect(answer.status).to.equal(400);
      expect(answer.json.message).to.contain('latest');
    });

    for (const path of ['/process_models/%', '/process_models/%zz', '/process_models/%E0%A4%A']) {
      it(`the badly encoded path ${path}`, async () => {
        const answer = await http.get(CONSUMER + path);

        expect(answer.status).to.equal(400);
        expect(http.engine.calls).to.be.empty;
      });
    }

    for (const path of ['/nowhere', CONSUMER, `${CONSUMER}/nowhere`, `${CONSUMER}//process_models`, '/__proto__']) {
      it(`${path} with 404 and a JSON body`, async () => {
        const answer = await http.get(path);

        expect(answer.status).to.equal(404);
        expect(answer.headers['content-type']).to.equal('application/json; charset=utf-8');
        expect(answer.json).to.include({ code: 404, reason: 'route-not-found' });
      });
    }

    it('another method with 405 and the methods that are allowed', async () => {
      const answer = await http.send(`${CONSUMER}/process_models/m/start`, { method: 'DELETE' });

      expect(answer.status).to.equal(405);
      expect(answer.headers.allow).to.equal('POST');
      expect(answer.json).to.include({ code: 405, reason: 'method-not-allowed' });
    });

    it('a method HTTP servers need not know with 501', async () => {
      const answer = await http.send(`${CONSUMER}/process_models`, { method: 'PROPFIND' });

      expect(answer.status).to.equal(501);
      expect(answer.json.code).to.equal(501);
    });
  });

  describe('is lenient with', () => {
    it('a trailing slash', async () => {
      const answer = await http.get(`${CONSUMER}/process_instance/pi/process_model/?offset=0&limit=0`);

      expect(answer.status).to.equal(200);
      expect(http.engine.lastCall.args).to.deep.equal([ALICE, 'pi']);
    });

    it('query parameters it does not know', async () => {
      const answer = await http.get(`${CONSUMER}/process_models/m?offset=x&__proto__=1&a[b]=c&=&%F0%9F`);

      expect(answer.status).to.equal(200);
      expect(http.engine.lastCall.args).to.deep.equal([ALICE, 'm']);
    });

    it('HEAD where there is GET', async () => {
      const answer = await http.send(`${CONSUMER}/process_models/m`, { method: 'HEAD' });

      expect(answer.status).to.equal(200);
      expect(answer.text).to.equal('');
    });
  });

  it('answers getApplicationInfo to anybody, also at the root', async () => {
    for (const path of [`${CONSUMER}/info?offset=0&limit=0`, '/info']) {
      const answer = await http.get(path, { authorized: false, headers: { 'Content-Type': 'application/json' } });

      expect(answer.json).to.deep.equal({ name: 'engine', version: '1.2.3' });
      expect(http.engine.lastCall.args).to.deep.equal([]);
    }
  });

  it('does not read the body of a GET', async () => {
    const answer = await http.send(`${CONSUMER}/process_models`, {
      body: '{',
      headers: { 'Content-Type': 'application/json', 'Content-Length': '1' },
    });

    expect(answer.status).to.equal(200);
  });

  it('leaves requests that match no route to the middleware of the embedding application', async () => {
    const own = await new HttpFixture().start();
    try {
      own.server.app.use((ctx) => {
        if (ctx.path === '/own') ctx.body = 'mine';
      });

      expect((await own.get('/own')).text).to.equal('mine');
      expect((await own.get('/other')).status).to.equal(404);
    } finally {
      await own.stop();
    }
  });
});

function samplePath(route: Route): string {
  return pathOf(route).replace(/:(\w+)/g, 'my-$1');
}

function sampleBody(route: Route): { body?: unknown } {
  if (route.request === undefined) return {};
  return {
    body: {
      workerId: 'w',
      topicName: 't',
      maxTasks: 1,
      longPollingTimeout: 0,
      lockDuration: 1,
      additionalDuration: 1,
      errorCode: 'c',
      errorMessage: 'm',
      xml: '<x/>',
      files: [{ name: 'f', xml: '<x/>' }],
      variables: {},
      name: 'n',
      flowNodeId: 'f',
    },
  };
}
