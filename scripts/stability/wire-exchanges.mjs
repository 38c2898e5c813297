/**
 * What goes over the wire in a fixed story: requests, answers and notifications of a server over an engine with a clock of
 * its own. Ids and times are replaced by names in the order of their appearance, so that only the shapes are left.
 */
import { ALL_NOTIFICATIONS } from '../../packages/contracts/dist/index.js';
import { createHttpServer, DevelopmentIdentityService } from '../../packages/http/dist/index.js';
import { processBuilder, TestEngine } from '../../packages/core/dist/testing/index.js';

const CONSUMER = '/api/consumer/v1';
const MANAGEMENT = '/api/management/v1';
const identity = { userId: 'dummy_token', token: Buffer.from('dummy_token').toString('base64') };

const MODEL = processBuilder('order')
  .startEvent('Start')
  .userTask('Approve')
  .externalTask('Ship', 'ship')
  .node('task', 'Check')
  .endEvent('End')
  .toXml();

/** @returns {Promise<{openapi: object, exchanges: object[], notifications: object[]}>} */
export async function wireExchanges() {
  const applicationInfo = { name: 'process engine', version: 'of the snapshot' };
  const engine = await TestEngine.start({ applicationInfo });
  const server = createHttpServer(engine.engine, { identityService: new DevelopmentIdentityService() });
  const { port } = await server.listen(0);
  const notifications = [];
  try {
    await engine.engine.notificationApi.subscribe(identity, ALL_NOTIFICATIONS, (payload, eventName) => {
      notifications.push({ eventName, payload });
    });
    const story = new Story(`http://127.0.0.1:${port}`);
    await tell(story);
    await engine.engine.idle();
    const openapi = await (await fetch(`http://127.0.0.1:${port}/openapi.json`)).json();
    return { openapi, ...named({ exchanges: story.exchanges, notifications }) };
  } finally {
    await server.close();
    await engine.stop();
  }
}

async function tell(story) {
  await story.post(`${MANAGEMENT}/deployments`, { name: 'order', files: [{ name: 'order.bpmn', xml: MODEL }] });
  await story.get(`${CONSUMER}/info`, { authorized: false });
  await story.get(`${CONSUMER}/process_models`, { authorized: false });
  await story.get(`${CONSUMER}/process_models?offset=0&limit=0`);
  await story.post(`${CONSUMER}/process_models/unknown/start?start_callback_type=1`, {});
  await story.post(`${CONSUMER}/process_models/order/start?start_callback_type=9`, {});
  const started = await story.post(`${CONSUMER}/process_models/order/start?start_callback_type=1`, {
    correlationId: 'correlation',
    inputValues: { amount: 3 },
  });
  const place = `/processes/${started.processInstanceId}/correlations/correlation`;
  const { userTasks } = await story.get(`${CONSUMER}/correlations/correlation/user_tasks`);
  const finish = `${CONSUMER}${place}/usertasks/${userTasks[0].flowNodeInstanceId}/finish`;
  await story.post(finish, { formFields: ['no object'] });
  await story.post(finish, { formFields: { approved: true } });
  await story.post(finish, {});
  const fetch = { topicName: 'ship', maxTasks: 1, longPollingTimeout: 0, lockDuration: 60_000 };
  const [task] = await story.post('/api/external_task/v1/fetch_and_lock', { workerId: 'a worker', ...fetch });
  const work = `/api/external_task/v1/task/${task.id}`;
  await story.post(`${work}/finish`, { workerId: 'another worker', result: {} });
  await story.post(`${work}/extend_lock`, { workerId: 'a worker', additionalDuration: 60_000 });
  await story.post(`${work}/finish`, { workerId: 'a worker', result: { shipped: true } });
  await story.post(`${work}/finish`, { workerId: 'a worker', result: { shipped: true } });
  await story.post('/api/external_task/v1/fetch_and_lock', { workerId: 'a worker' });
  const { emptyActivities } = await story.get(`${CONSUMER}/process_models/order/empty_activities`);
  await story.get(`${CONSUMER}/process_instances/own`);
  await story.post(`${CONSUMER}${place}/empty_activities/${emptyActivities[0].flowNodeInstanceId}/finish`, {});
  await story.get(`${CONSUMER}/correlations/correlation/process_models/order/results`);
  await story.post(`${CONSUMER}/message/nobody/trigger`, { currentToken: 1 });
  await story.get(`${MANAGEMENT}/process_instances?process_model_id=order`);
  await story.get('/unknown');
}

class Story {
  exchanges = [];
  #url;

  constructor(url) {
    this.#url = url;
  }

  get(path, options) {
    return this.#send('GET', path, undefined, options);
  }

  post(path, body) {
    return this.#send('POST', path, body);
  }

  async #send(method, path, body, { authorized = true } = {}) {
    const headers = {
      ...(authorized ? { Authorization: `Bearer ${identity.token}` } : {}),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    };
    const answer = await fetch(this.#url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    const result = text === '' ? undefined : JSON.parse(text);
    this.exchanges.push({ request: { method, path, body }, answer: { status: answer.status, body: result } });
    return result;
  }
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const HASH = /\b[0-9a-f]{64}\b/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

/** The same text always gets the same name. */
function named(value) {
  const names = new Map();
  const name = (kind) => (text) => {
    const known = [...names.values()].filter((given) => given.startsWith(`<${kind} `));
    if (!names.has(text)) names.set(text, `<${kind} ${known.length + 1}>`);
    return names.get(text);
  };
  const text = JSON.stringify(value)
    .replace(UUID, name('id'))
    .replace(HASH, name('hash'))
    .replace(TIME, name('time'))
    .replaceAll(JSON.stringify(MODEL).slice(1, -1), '<model>');
  return JSON.parse(text);
}
