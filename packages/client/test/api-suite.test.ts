import type { EngineApi } from '@process-engine/contracts';
import { apiSuite, TestEngine, type ApiSuiteSubject } from '@process-engine/core/testing';
import { createHttpServer, DevelopmentIdentityService } from '@process-engine/http';
import { ExternalAccessor, InternalAccessor } from '@process-engine/client';

/** The token of tests and samples: base64 of the user id. */
const identity = { userId: 'dummy_token', token: 'ZHVtbXlfdG9rZW4=' };

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
  const engine = await TestEngine.start();
  return subject(engine, new InternalAccessor(engine.engine), () => Promise.resolve());
}

async function overHttp(): Promise<ApiSuiteSubject> {
  const engine = await TestEngine.start();
  const server = createHttpServer(engine.engine, { identityService: new DevelopmentIdentityService() });
  const { port } = await server.listen(0);
  const accessor = new ExternalAccessor({ url: `http://127.0.0.1:${port}` });
  return subject(engine, accessor, async () => {
    accessor.close();
    await server.close();
  });
}

const runner = { describe, it, before, after };
apiSuite('The APIs through the internal accessor', inProcess, runner);
apiSuite('The APIs through the external accessor', overHttp, runner);
