// @ts-check
/** An application that offers its process engine to others over HTTP, with users of its own. Ctrl+c stops it. */
import path from 'node:path';
import { createLogger, createServer, loadConfiguration } from '@process-engine/server';
import { loginRoute } from './login-route.js';
import { Sessions } from './sessions.js';

const here = import.meta.dirname;

// 1. The configuration: the files config/demo/<section>/<name>.json. A single value can be replaced by an environment
//    variable, for example http__http_extension__server__port=9000.
const configuration = loadConfiguration({ folder: path.join(here, 'config'), environment: 'demo' });

// 2. The users. A fixture: a real application asks its user store, or a server that issues tokens.
const sessions = new Sessions([{ username: 'sampleUser', password: 'pass' }]);

// 3. The server: storage, engine and HTTP API of one configuration. The tables are created when they are missing. Who
//    calls is told by the sessions; what sampleUser may do stands in config/demo/consumer_api_core.
const server = createServer({
  configuration,
  dataFolder: path.join(here, '.data'),
  deployFolder: path.join(here, '..', 'processes'),
  identityService: sessions,
  logger: createLogger(),
});

// 4. A route of the application beside those of the engine: POST /iam/login.
server.app.use(loginRoute(sessions));

// 5. From now on clients can come. They find the address in the line that says "listening".
await server.start().catch((error) => {
  console.error(error.message);
  process.exit(1);
});

// 6. Until somebody presses ctrl+c. The sessions are forgotten, what the engine knows stays in the database.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    sessions.clear();
    await server.stop();
  });
}
