import {
  BadRequestError,
  errorOfStatus,
  InternalServerError,
  LockedError,
  NotFoundError,
} from '@process-engine/contracts';
import { StorageUnavailableError } from '@process-engine/contracts/storage';
import { expect } from 'chai';
import { CONSUMER, HttpFixture } from './support/http-fixture.js';

describe('An error', () => {
  const http = new HttpFixture();
  before(() => http.start());
  after(() => http.stop());
  beforeEach(() => (http.logged.length = 0));

  const failWith = (error: unknown) => {
    http.engine.answers['getProcessModels'] = () => {
      throw error;
    };
    return http.get(`${CONSUMER}/process_models`);
  };
  const errorLog = () => http.logged.filter(({ level }) => level === 'error');

  it('of the engine becomes its status and its body', async () => {
    const error = new LockedError('locked by another worker until 2026-01-01T00:00:00.000Z', {
      reason: 'external-task-locked',
      additionalInformation: { until: 1 },
    });
    const answer = await failWith(error);

    expect(answer.status).to.equal(423);
    expect(answer.headers['content-type']).to.equal('application/json; charset=utf-8');
    expect(answer.json).to.deep.equal({
      message: 'locked by another worker until 2026-01-01T00:00:00.000Z',
      code: 423,
      reason: 'external-task-locked',
      additionalInformation: { until: 1 },
    });
    expect(errorLog()).to.be.empty;
  });

  it('without additional information has none', async () => {
    expect((await failWith(new NotFoundError('not found'))).json).to.have.all.keys('message', 'code', 'reason');
  });

  it('of the engine with status 500 keeps its message', async () => {
    const answer = await failWith(
      new InternalServerError('the process was terminated', { additionalInformation: { a: 1 } }),
    );

    expect(answer.json).to.include({ message: 'the process was terminated', code: 500 });
    expect(errorLog()).to.be.empty;
  });

  it('nobody expected is logged and answered with a neutral text', async () => {
    const error = new Error('password "secret" wrong for /home/me/db');
    const answer = await failWith(error);

    expect(answer.status).to.equal(500);
    expect(answer.json).to.deep.equal({
      message: 'an unexpected error occurred',
      code: 500,
      reason: 'internal-server',
    });
    expect(answer.text).not.to.match(/secret|home|stack/);
    expect(errorLog()[0]?.fields).to.include({ err: error, method: 'GET', path: `${CONSUMER}/process_models` });
  });

  for (const thrown of [undefined, null, 'text', 5, { message: 'no error' }]) {
    it(`that is no Error but ${JSON.stringify(thrown)} is a 500 with an object as body`, async () => {
      const answer = await failWith(thrown);

      expect(answer.status).to.equal(500);
      expect(answer.json.message).to.equal('an unexpected error occurred');
    });
  }

  it('of the storage that cannot take work is 503 with a time to come back', async () => {
    const answer = await failWith(new StorageUnavailableError('connect ECONNREFUSED db.internal:5432', 2.5));

    expect(answer.status).to.equal(503);
    expect(answer.headers['retry-after']).to.equal('3');
    expect(answer.json.reason).to.equal('storage-unavailable');
    expect(answer.text).not.to.contain('db.internal');
  });

  it('of the published error classes, which know no reason, gets one', async () => {
    const foreign = Object.assign(new Error('gone'), { code: 410, isEssentialProjectsError: true });
    const answer = await failWith(foreign);

    expect(answer.status).to.equal(410);
    expect(answer.json).to.deep.equal({ message: 'gone', code: 410, reason: 'gone' });
  });

  for (const code of [200, 42, 420, 999]) {
    it(`with the impossible status ${code} is a 500`, async () => {
      const answer = await failWith(errorOfStatus(code, 'odd'));

      expect(answer.status).to.equal(500);
      expect(answer.json).to.include({ message: 'odd', code: 500 });
    });
  }

  it('whose additional information is no JSON is a neutral 500', async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const answer = await failWith(new BadRequestError('bad', { additionalInformation: cycle as never }));

    expect(answer.status).to.equal(500);
    expect(answer.json.message).to.equal('an unexpected error occurred');
    expect(errorLog()).to.have.lengthOf(1);
  });

  it('arises where a result is no JSON', async () => {
    http.engine.answers['getProcessModels'] = () => ({ count: 1n });
    const answer = await http.get(`${CONSUMER}/process_models`);

    expect(answer.status).to.equal(500);
    expect(answer.json.message).to.equal('an unexpected error occurred');
  });

  it('of middleware that speaks to the client keeps its status', async () => {
    const own = await new HttpFixture().start();
    try {
      own.server.app.use((ctx) => ctx.throw(418, 'short and stout'));
      const answer = await own.get('/teapot');

      expect(answer.status).to.equal(418);
      expect(answer.json).to.include({ message: 'short and stout', code: 418 });
    } finally {
      await own.stop();
    }
  });
});

describe('The request log', () => {
  it('has a debug line per request, without query and headers', async () => {
    const http = await new HttpFixture().start();
    try {
      await http.get(`${CONSUMER}/process_models?limit=5`);
      const [line] = http.logged;

      expect(line?.level).to.equal('debug');
      expect(line?.fields).to.include({ method: 'GET', path: `${CONSUMER}/process_models`, status: 200 });
      expect(line?.fields.milliseconds).to.be.a('number');
      expect(JSON.stringify(line)).not.to.match(/limit|Bearer/);
    } finally {
      await http.stop();
    }
  });
});
