// @ts-check
/** Starts an instance that needs the worker, and prints how it ended. Arguments: article, quantity, the server's address. */
import { ConsumerApiClient, ExternalAccessor } from '@process-engine/client';
import { login } from './login.js';

const [article = 'apple', quantity = '3', url = 'http://127.0.0.1:8000'] = process.argv.slice(2);

const accessor = new ExternalAccessor({ url });
try {
  const identity = await login(url);
  const inputValues = { article, quantity: Number(quantity) };
  // Type 2: the call answers when the instance has ended.
  const client = new ConsumerApiClient(accessor);
  const { endEventId, tokenPayload } = await client.startProcessInstance(identity, 'price_process', { inputValues }, 2);
  console.log(`${endEventId}: ${JSON.stringify(tokenPayload)}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  accessor.close();
}
