import { expect } from 'chai';
import { SeedFixture } from '../support/seed-fixture.js';
import { approval, doubling, external, order } from '../support/seed-models.js';

/** Asked as a program of that time would: by plain requests. */
describe('The routes of the first documents', () => {
  const fixture = new SeedFixture('over HTTP');
  const consumer = '/api/consumer/v1';
  before(() => fixture.start());
  after(() => fixture.stop());

  async function request(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(`${fixture.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${fixture.identity.token}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }

  it('start at a start event, finish the task by its id in the model, and tell the bare result', async () => {
    const model = await fixture.deploy(approval);
    const place = `${consumer}/process_models/${model}`;
    const started = await request('POST', `${place}/start_events/Start/start`, { correlationId: 'early' });
    expect(started.status).to.equal(200);
    expect(started.body).to.include({ correlationId: 'early' });

    const result = `${consumer}/correlations/early/process_models/${model}/result`;
    expect((await request('GET', result)).status).to.equal(404);
    const finish = `${place}/correlations/early/user_tasks/Approve/finish`;
    expect((await request('POST', finish, { formFields: ['list'] })).status).to.equal(400);
    expect(await request('POST', finish, { formFields: { approved: true } })).to.deep.equal({
      status: 204,
      body: undefined,
    });
    expect((await request('POST', finish)).status).to.equal(404);
    expect(await request('GET', result)).to.deep.equal({ status: 200, body: { form_fields: { approved: true } } });
  });

  it('take the query of a start in either spelling, on either path', async () => {
    const model = await fixture.deploy(doubling);
    const place = `${consumer}/process_models/${model}`;
    for (const path of [`${place}/start_events/Start/start?`, `${place}/start?start_event_id=Start&`]) {
      for (const query of ['startCallbackType=3&endEventId=Doubled', 'start_callback_type=3&end_event_id=Doubled']) {
        const { status, body } = await request('POST', path + query, { inputValues: { number: 1 } });
        expect(status, JSON.stringify(body)).to.equal(200);
        expect(body).to.deep.include({ endEventId: 'Doubled', tokenPayload: { doubled: 2 } });
      }
    }
    const refused = await request('POST', `${place}/start_events/Start/start?startCallbackType=soon`);
    expect(refused.status).to.equal(400);
    expect((await request('POST', `${place}/start_events/Unknown/start`)).status).to.equal(404);
  });

  it('tell about the application at the root', async () => {
    for (const path of ['/', '/process_engine']) {
      const { status, body } = await request('GET', path);
      expect(status).to.equal(200);
      expect(body).to.have.all.keys(
        ...['name', 'version', 'description', 'license', 'homepage', 'author', 'contributors', 'repository', 'bugs'],
      );
    }
  });

  it('trigger one waiting event', async () => {
    const model = await fixture.deploy(order);
    const ids = await Promise.all(['one', 'other'].map((correlationId) => start(model, correlationId)));
    const path = `${consumer}/process_models/${model}/correlations/one/events`;
    expect((await request('POST', `${path}/Paid/trigger`)).status).to.equal(204);
    expect((await request('POST', `${path}/Paid/trigger`)).status).to.equal(404);
    const { events } = await fixture.client.getEventsForProcessModel(fixture.identity, model);
    expect(events.map(({ id, processInstanceId }) => [id, processInstanceId])).to.have.deep.members([
      ['Delivered', ids[0]],
      ['Paid', ids[1]],
    ]);
  });

  for (const base of [consumer, '/api/external_task/v1']) {
    it(`report a system error below ${base}`, async () => {
      const topic = await fixture.deploy(external);
      const { correlationId } = await fixture.started(topic);
      const task = await fixture.fetched(topic);
      const report = { workerId: 'worker', errorMessage: 'the disk is full', errorDetails: 'none' };
      expect((await request('POST', `${base}/task/${task.id}/handle_system_error`, report)).status).to.equal(204);
      expect((await request('POST', `${base}/task/${task.id}/handle_system_error`, report)).status).to.equal(410);
      const results = await fixture.client.getProcessResultForCorrelation(fixture.identity, correlationId, topic);
      expect(results.totalCount).to.equal(0);
    });
  }

  async function start(model: string, correlationId: string): Promise<string> {
    const started = await fixture.client.startProcessInstance(fixture.identity, model, { correlationId });
    return started.processInstanceId;
  }
});
