import { ConsumerApiClient, ExternalAccessor, InternalAccessor, ManagementApiClient } from '@process-engine/client';
import type { EngineApi, NotificationPayload, ProcessStartResponsePayload } from '@process-engine/contracts';
import { createServer, type Server } from '@process-engine/server';
import { TemporaryFolder } from './temporary-folder.js';

export const WAYS = ['in process', 'over HTTP'] as const;
export type Way = (typeof WAYS)[number];

const DEADLINE = 4_000;

/** A server on a database of its own, used in one of the two ways: a client does not notice which. */
export class SeedFixture {
  readonly identity = { userId: 'dummy_token', token: Buffer.from('dummy_token').toString('base64') };
  client!: ConsumerApiClient;
  accessor!: EngineApi;
  url = '';
  readonly #folder = new TemporaryFolder();
  #server!: Server;
  #external!: ExternalAccessor;
  #models = 0;

  constructor(private readonly way: Way) {}

  async start(): Promise<void> {
    this.#server = createServer({ dataFolder: this.#folder.path, port: 0 });
    await this.#server.start();
    this.url = this.#server.url;
    this.#external = new ExternalAccessor({ url: this.url });
    this.accessor = this.way === 'in process' ? new InternalAccessor(this.#server.engine) : this.#external;
    this.client = new ConsumerApiClient(this.accessor);
  }

  async stop(): Promise<void> {
    this.#external.close();
    await this.#server.stop();
    this.#folder.remove();
  }

  /** Deploys a model under a new id, and answers the id. */
  async deploy(model: (id: string) => string): Promise<string> {
    this.#models += 1;
    const id = `model_${this.#models}`;
    const files = [{ name: `${id}.bpmn`, xml: model(id) }];
    await new ManagementApiClient(this.accessor).deploy(this.identity, { files });
    return id;
  }

  async started(processModelId: string, inputValues: object = {}): Promise<ProcessStartResponsePayload> {
    return this.client.startProcessInstance(this.identity, processModelId, { inputValues });
  }

  /** Fetches the one task of a topic. */
  async fetched(topic: string, workerId = 'worker', lockDuration = 60_000) {
    const [task] = await this.client.fetchAndLockExternalTasks(
      this.identity,
      workerId,
      topic,
      1,
      DEADLINE,
      lockDuration,
    );
    if (task === undefined) throw new Error(`there is no task of topic '${topic}'`);
    return task;
  }

  /** Notes the notifications of one model that arrive under these names. */
  async listen(processModelId: string, ...eventNames: string[]): Promise<Notes> {
    const notes = new Notes();
    const note = (eventName: string) => (payload: NotificationPayload) => {
      if (payload.processModelId === processModelId || payload.eventName?.startsWith(`${processModelId}-`)) {
        notes.add(eventName, payload);
      }
    };
    const { notificationApi } = this.accessor;
    for (const name of eventNames) await notificationApi.subscribe(this.identity, name, note(name));
    return notes;
  }
}

/** Notifications in the order of their arrival. */
export class Notes {
  readonly #notes: { readonly eventName: string; readonly payload: NotificationPayload }[] = [];
  #added: () => void = () => {};

  add(eventName: string, payload: NotificationPayload): void {
    this.#notes.push({ eventName, payload });
    this.#added();
  }

  /** The first `count` notifications, as `name flowNodeId`; rejects where they do not arrive in time. */
  async first(count: number): Promise<string[]> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`only ${this.#texts().join(', ')} arrived`)), DEADLINE);
    });
    try {
      while (this.#notes.length < count) {
        await Promise.race([new Promise<void>((resolve) => (this.#added = resolve)), late]);
      }
    } finally {
      clearTimeout(timer);
    }
    return this.#texts().slice(0, count);
  }

  /** Names of the messages and signals told about. */
  get eventNames(): (string | undefined)[] {
    return this.#notes.map(({ payload }) => payload.eventName);
  }

  payloadOf(eventName: string): NotificationPayload | undefined {
    return this.#notes.find((note) => note.eventName === eventName)?.payload;
  }

  #texts(): string[] {
    return this.#notes.map(({ eventName, payload }) =>
      [eventName, payload.flowNodeId].filter((part) => part !== undefined).join(' '),
    );
  }
}
