import { AxiosTransport, ExternalAccessor, InternalAccessor } from '@process-engine/client';
import type { EngineApi } from '@process-engine/contracts';
import { apiSuite, TestEngine, type ApiSuiteSubject } from '@process-engine/core/testing';
import { createHttpServer, DevelopmentIdentityService } from '@process-engine/http';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { CallRecorder } from './support/call-recorder.js';
import { OpenApiAnswers } from './support/openapi-answers.js';

/** The token of tests and samples: base64 of the user id. */
const identity = { userId: 'dummy_token', token: 'ZHVtbXlfdG9rZW4=' };

const recorder = new CallRecorder();
const violations: string[][] = [];
let document: object | undefined;

function subject(engine: TestEngine, api: EngineApi, close: () => Promise<void>): ApiSuiteSubject {
  return {
    api,
    identity,
    clock: engine,
    dispose: async () => {
      await close();
      await engine.stop();
    },
  };
}

async function inProcess(): Promise<ApiSuiteSubject> {
  const engine = await TestEngine.start({ eventLog: 'all', audit: true });
  const api = recorder.watch('in process', new InternalAccessor(engine.engine));
  return subject(engine, api, () => Promise.resolve());
}

async function overHttp(): Promise<ApiSuiteSubject> {
  const engine = await TestEngine.start({ eventLog: 'all', audit: true });
  const server = createHttpServer(engine.engine, { identityService: new DevelopmentIdentityService() });
  const { port } = await server.listen(0);
  const url = `http://127.0.0.1:${port}`;
  document ??= (await (await fetch(`${url}/openapi.json`)).json()) as object;
  const answers = new OpenApiAnswers(document as ConstructorParameters<typeof OpenApiAnswers>[0]);
  violations.push(answers.violations);
  const accessor = new ExternalAccessor({ url, transport: answers.watch(new AxiosTransport()) });
  return subject(engine, recorder.watch('over HTTP', accessor), async () => {
    accessor.close();
    await server.close();
  });
}

const runner = recorder.runner({ describe, it, before, after });
apiSuite('The APIs through the internal accessor', inProcess, runner);
apiSuite('The APIs through the external accessor', overHttp, runner);

describe('The cases of the APIs', () => {
  const calls = () => Object.entries(recorder.coverage);

  it('call every method of the contracts over every accessor that has it, and are answered', () => {
    const missing = calls().flatMap(([method, accessors]) =>
      Object.entries(accessors)
        .filter(([, titles]) => titles.length === 0)
        .map(([accessor]) => `${method} ${accessor}`),
    );
    expect(missing).to.deep.equal([]);
    expect(calls().length).to.be.greaterThan(70);
  });

  it('get only answers that the OpenAPI document allows', () => {
    expect(violations.flat()).to.deep.equal([]);
    expect(violations.length).to.be.greaterThan(10);
  });

  it('are answered by a server whose OpenAPI document is valid', async () => {
    const { valid, errors } = await new Validator().validate(document as Record<string, unknown>);
    expect(errors ?? []).to.deep.equal([]);
    expect(valid).to.equal(true);
  });

  after(() => {
    const file = process.env['API_COVERAGE'];
    if (file !== undefined) recorder.write(file);
  });
});
