// @ts-check
/** A program that uses the process engine of a server. Arguments: the server's address, default http://127.0.0.1:8000. */
import { ConsumerApiClient, ExternalAccessor } from '@process-engine/client';
import { login } from './login.js';
import { runSampleScript } from './sample-script.js';

const url = process.argv[2] ?? 'http://127.0.0.1:8000';

// 1. The accessor knows where the engine is and how it is reached; the client knows what can be done with it.
const accessor = new ExternalAccessor({ url });
const client = new ConsumerApiClient(accessor);
console.log(`The client for ${url} is created.`);

try {
  // 2. Who we are. The server answers a login with a token that goes along with every call.
  const identity = await login(url);

  // 3. The work.
  await runSampleScript(client, identity);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  // 4. Lets go of the connections, so that the program ends.
  accessor.close();
}
