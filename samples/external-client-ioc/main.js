// @ts-check
/** The same program as the sample external-client, put together by an IoC container (addict-ioc). */
import { createContainer } from './container.js';
import { login } from './login.js';
import { runSampleScript } from './sample-script.js';

// 1. The container knows all parts and the configuration, in config/demo/<section>/<name>.json.
const { container, configuration } = createContainer();

// 2. Resolving a client resolves its accessor, that one's transport, and the configuration of both.
const client = await container.resolveAsync('ConsumerApiClientService');

try {
  // 3. Who we are, and the work.
  const identity = await login(configuration('services:http').url);
  await runSampleScript(client, identity);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  // 4. Lets go of the connections, so that the program ends.
  container.resolve('ConsumerApiExternalAccessor').close();
}
