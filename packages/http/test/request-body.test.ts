import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { ALICE, CONSUMER, EXTERNAL_TASK, HttpFixture, MANAGEMENT } from './support/http-fixture.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('A request body', () => {
  const http = new HttpFixture();
  before(() => http.start({ limits: { body: '20kb' } }));
  after(() => http.stop());
  beforeEach(() => (http.engine.calls.length = 0));

  const start = `${CONSUMER}/process_models/m/start`;
  const finish = `${CONSUMER}/processes/pi/correlations/c/usertasks/t/finish`;
  const signal = `${CONSUMER}/signal/s/trigger`;

  describe('may be', () => {
    it('absent, which counts as an empty object', async () => {
      await http.post(start);
      expect(http.engine.lastCall.args[2]).to.deep.equal({});
      expect((await http.post(finish)).status).to.equal(204);
      expect(http.engine.lastCall.args).to.deep.equal([ALICE, 'pi', 'c', 't', {}]);
      expect((await http.post(signal)).status).to.equal(204);
      expect(http.engine.lastCall.args).to.deep.equal([ALICE, 's', {}]);
    });

    it('empty with a JSON content type, or empty in chunks', async () => {
      await http.post(finish, '', { headers: JSON_TYPE });
      expect(http.engine.lastCall.args[4]).to.deep.equal({});
      await http.post(signal, '', { headers: { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' } });
      expect(http.engine.lastCall.args[2]).to.deep.equal({});
    });

    for (const payload of [{ a: { b: [1] } }, [1, 2], 'text', 42, false, null]) {
      it(`any JSON as the payload of a trigger: ${JSON.stringify(payload)}`, async () => {
        const answer = await http.post(signal, JSON.stringify(payload), { headers: JSON_TYPE });

        expect(answer.status).to.equal(204);
        expect(http.engine.lastCall.args[2]).to.deep.equal(payload);
      });
    }

    it('bare text as the payload of a trigger', async () => {
      await http.post(signal, 'strüdel');
      expect(http.engine.lastCall.args[2]).to.equal('strüdel');
      await http.post(signal, '{"a":1}', { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
      expect(http.engine.lastCall.args[2]).to.equal('{"a":1}');
    });

    it('JSON without a content type where only an object makes sense', async () => {
      await http.post(start, '{"correlationId":"c"}');

      expect(http.engine.lastCall.args[2]).to.deep.equal({ correlationId: 'c' });
    });

    it('of a JSON type of another name', async () => {
      await http.post(start, '{"correlationId":"c"}', { headers: { 'Content-Type': 'application/vnd.x+json' } });

      expect(http.engine.lastCall.args[2]).to.deep.equal({ correlationId: 'c' });
    });

    it('compressed', async () => {
      const body = gzipSync('{"correlationId":"c"}');
      await http.post(start, body, { headers: { ...JSON_TYPE, 'Content-Encoding': 'gzip' } });

      expect(http.engine.lastCall.args[2]).to.deep.equal({ correlationId: 'c' });
    });

    it('a nonsense where the operation takes none', async () => {
      const answer = await http.post(`${CONSUMER}/processes/pi/correlations/c/manual_tasks/t/finish`, '{', {
        headers: JSON_TYPE,
      });

      expect(answer.status).to.equal(204);
    });
  });

  describe('is refused with 400', () => {
    for (const text of ['{', '{"a":}', 'nonsense', '{"a":1}}']) {
      it(`where it is no JSON: ${text}`, async () => {
        for (const path of [start, signal]) {
          const answer = await http.post(path, text, { headers: JSON_TYPE });

          expect(answer.status).to.equal(400);
          expect(answer.json).to.include({ code: 400 });
          expect(answer.json.message).to.match(/could not be read/);
        }
      });
    }

    for (const text of ['[]', '"text"', '1', 'true', 'null']) {
      it(`where it must be an object and is ${text}`, async () => {
        const answer = await http.post(start, text, { headers: JSON_TYPE });

        expect(answer.status).to.equal(400);
        expect(answer.json.message).to.match(/must be a JSON object/);
      });
    }

    for (const formFields of ['text', [], 5, null]) {
      it(`where formFields is ${JSON.stringify(formFields)}`, async () => {
        const answer = await http.post(finish, { formFields });

        expect(answer.status).to.equal(400);
        expect(answer.json.message).to.match(/formFields.*not.*an object/i);
        expect(http.engine.calls).to.be.empty;
      });
    }

    it('naming the field that is missing or wrong', async () => {
      const task = `${EXTERNAL_TASK}/task/t`;
      const cases: [string, unknown, string][] = [
        [`${EXTERNAL_TASK}/fetch_and_lock`, {}, 'workerId'],
        [`${EXTERNAL_TASK}/fetch_and_lock`, undefined, 'topicName'],
        [`${EXTERNAL_TASK}/fetch_and_lock`, { workerId: 'w', topicName: 't', maxTasks: 1.5 }, 'maxTasks'],
        [`${task}/extend_lock`, { workerId: 'w', additionalDuration: '5' }, 'additionalDuration'],
        [`${task}/handle_bpmn_error`, { workerId: 'w', errorCode: 5 }, 'errorCode'],
        [`${task}/finish`, { workerId: '' }, 'workerId'],
        [start, { correlationId: 7 }, 'correlationId'],
        [`${MANAGEMENT}/deployments`, { files: [{ name: 'a' }] }, 'xml'],
        [`${MANAGEMENT}/messages`, { name: 'm', timeToLive: 'soon' }, 'timeToLive'],
      ];
      for (const [path, body, field] of cases) {
        const answer = await http.post(path, body);

        expect(answer.status, path).to.equal(400);
        expect(answer.json.reason).to.equal('invalid-request-body');
        expect(answer.json.message, path).to.contain(field);
        expect(answer.json.additionalInformation.issues[0]).to.have.keys('field', 'message');
      }
      expect(http.engine.calls).to.be.empty;
    });

    it('where it would set a prototype, and nothing is polluted', async () => {
      for (const text of ['{"inputValues":{"__proto__":{"polluted":1}}}', '{"\\u005f_proto__":{"polluted":1}}']) {
        const answer = await http.post(start, text, { headers: JSON_TYPE });

        expect(answer.status).to.equal(400);
      }
      expect(({} as { polluted?: number }).polluted).to.be.undefined;
    });
  });

  it('may speak of prototypes in its values', async () => {
    await http.post(start, { inputValues: { xml: '<a name="__proto__"/>', constructor: 1 } });

    expect(http.engine.lastCall.args[2]).to.deep.equal({
      inputValues: { xml: '<a name="__proto__"/>', constructor: 1 },
    });
  });

  it('is refused with 415 where it is neither JSON nor, for a trigger, text', async () => {
    for (const [path, type] of [
      [start, 'application/x-www-form-urlencoded'],
      [signal, 'application/x-www-form-urlencoded'],
      [start, 'text/plain'],
      [start, 'multipart/form-data; boundary=x'],
      [start, 'nonsense'],
    ] as const) {
      const answer = await http.post(path, 'a=1', { headers: { 'Content-Type': type } });

      expect(answer.status, `${path} ${type}`).to.equal(415);
      expect(answer.json.message).to.contain(type);
    }
  });

  it('is refused with 413 where it is larger than the limit, declared, streamed or unpacked', async () => {
    const body = JSON.stringify({ inputValues: 'x'.repeat(21 * 1024) });
    const headers = [
      [body, {}],
      [body, { 'Transfer-Encoding': 'chunked' }],
      [gzipSync(body), { 'Content-Encoding': 'gzip' }],
    ] as const;
    for (const [content, extra] of headers) {
      const answer = await http.post(start, content, { headers: { ...JSON_TYPE, ...extra } });

      expect(answer.status).to.equal(413);
      expect(answer.json).to.include({ code: 413, reason: 'request-too-large' });
      expect(answer.json.message).to.contain('20480 bytes');
    }
  });

  describe('of a start', () => {
    it('gets its idempotency key from the header', async () => {
      await http.post(start, { correlationId: 'c' }, { headers: { 'Idempotency-Key': 'k' } });
      expect(http.engine.lastCall.args[2]).to.deep.equal({ correlationId: 'c', idempotencyKey: 'k' });
      await http.post(start, undefined, { headers: { 'Idempotency-Key': 'k' } });
      expect(http.engine.lastCall.args[2]).to.deep.equal({ idempotencyKey: 'k' });
      await http.post(start, { idempotencyKey: 'k' }, { headers: { 'Idempotency-Key': 'k' } });
      expect(http.engine.lastCall.args[2]).to.deep.equal({ idempotencyKey: 'k' });
    });

    it('is refused where header and field differ, or the key is too long', async () => {
      const different = await http.post(start, { idempotencyKey: 'a' }, { headers: { 'Idempotency-Key': 'b' } });
      expect(different.status).to.equal(400);
      const long = await http.post(start, undefined, { headers: { 'Idempotency-Key': 'k'.repeat(256) } });
      expect(long.status).to.equal(400);
      expect(long.json.message).to.contain('idempotencyKey');
    });

    it('of a trigger is never changed by the header', async () => {
      await http.post(signal, { a: 1 }, { headers: { 'Idempotency-Key': 'k' } });

      expect(http.engine.lastCall.args[2]).to.deep.equal({ a: 1 });
    });
  });
});
