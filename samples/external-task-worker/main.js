// @ts-check
/** A worker: does the external tasks of one topic, until ctrl+c. Arguments: the server's address. */
import {
  ExternalAccessor,
  ExternalTaskApiClient,
  ExternalTaskBpmnError,
  ExternalTaskWorker,
} from '@process-engine/client';
import { login } from './login.js';

const url = process.argv[2] ?? 'http://127.0.0.1:8000';
const prices = new Map([
  ['apple', 30],
  ['pear', 45],
]);

// 1. How the engine is reached, and who we are.
const accessor = new ExternalAccessor({ url });
const identity = await login(url);

// 2. The worker. It asks for tasks of its topic, keeps them locked while the handler works, and reports how it ended.
const worker = new ExternalTaskWorker(new ExternalTaskApiClient(accessor), {
  identity,
  topic: 'calculate_price',
  // 3. The work. What the handler returns is the result of the task; what it throws is a technical failure. An
  //    ExternalTaskBpmnError is for the process to handle: here the boundary event 'Unknown article' catches it.
  handler: async (task) => {
    const { article, quantity } = /** @type {{article: string, quantity: number}} */ (task.payload);
    const price = prices.get(article);
    if (price === undefined) return new ExternalTaskBpmnError(task.id, 'unknown_article', `no ${article} in stock`);
    console.log(`${quantity} × ${article}`);
    return { total: price * quantity };
  },
});

// 4. Start to fetch; tasks of instances that were started before are there too.
worker.start();
console.log(`The worker for ${url} waits for tasks of the topic 'calculate_price'.`);

// 5. On ctrl+c: fetch no more, let running handlers end, let go of the connections.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await worker.stop();
    accessor.close();
  });
}
