/** Engines in processes of their own on one database, each under its node's name. */
import path from 'node:path';
import type { Storage } from '@process-engine/contracts/storage';
import type { ProcessBuilder } from '@process-engine/core/testing';
import { createStorage } from '@process-engine/repository';
import { auditStorage } from '../crash/audit-storage.js';
import type { ChildEngine } from '../crash/child-engine.js';
import { IDENTITY } from '../crash/drive.js';
import type { EngineSettings } from '../crash/engine-control.js';
import { Ledger } from '../crash/ledger.js';
import { takeSpareEngine } from '../crash/spare-engine.js';
import type { DatabaseKind, TestDatabase } from './databases.js';
import { TemporaryFolder } from './temporary-folder.js';

export type NodeOptions = Partial<Pick<EngineSettings, 'ahead' | 'engine' | 'machineWrongBy'>>;

export class Cluster {
  /** In which the services of all nodes note that they ran. */
  readonly ledger: Ledger;
  readonly #folder = new TemporaryFolder();
  readonly #ledgerFile = path.join(this.#folder.path, 'ledger.jsonl');
  readonly #nodes = new Map<string, ChildEngine>();

  private constructor(readonly database: TestDatabase) {
    this.ledger = new Ledger(this.#ledgerFile);
  }

  /** A new database without engines. */
  static async on(kind: DatabaseKind): Promise<Cluster> {
    return new Cluster(await kind.create());
  }

  /** Starts a node; the first one makes the tables. */
  async add(nodeId: string, { ahead = 0, ...options }: NodeOptions = {}): Promise<ChildEngine> {
    const node = takeSpareEngine();
    this.#nodes.set(nodeId, node);
    await node.control.open({
      database: this.database.config,
      ledger: this.#ledgerFile,
      nodeId,
      ahead,
      ...options,
    });
    return node;
  }

  get nodes(): readonly ChildEngine[] {
    return [...this.#nodes.values()];
  }

  async deploy(...models: readonly ProcessBuilder[]): Promise<void> {
    const files = models.map((model) => ({ name: `${model.id}.bpmn`, xml: model.toXml() }));
    await this.nodes[0]!.managementApi.deploy(IDENTITY, { files });
  }

  /** SIGKILL. */
  async kill(nodeId: string): Promise<void> {
    const node = this.#nodes.get(nodeId);
    this.#nodes.delete(nodeId);
    await node?.kill();
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.#nodes.keys()].map((nodeId) => this.kill(nodeId)));
  }

  /** What the database holds, read by this process. A SQLite file must be nobody else's for that. */
  async reading<T>(look: (storage: Storage) => Promise<T>): Promise<T> {
    const storage = createStorage(this.database.config);
    await storage.open();
    try {
      return await look(storage);
    } finally {
      await storage.close();
    }
  }

  /** What is wrong in the tables, in words; no engine may be at work. */
  audit(): Promise<string[]> {
    return this.reading(auditStorage);
  }

  /** Kills what is left, and drops the database. */
  async end(): Promise<void> {
    await this.killAll();
    await this.database.drop();
    this.#folder.remove();
  }
}
