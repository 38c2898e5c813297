/**
 * Process models: deployment, versions, and the compiled graphs of those in use.
 *
 * 1. A definition never changes. The same text again makes no new version.
 * 2. A finding of severity `error` refuses the whole deployment; nothing is stored then.
 * 3. Start subscriptions and start timers belong to the newest version of a model only.
 * 4. Graphs are kept while they are used: those not used for longest are compiled again when they are needed again.
 *    Instances in memory hold their own graph, whatever became of it here.
 */
import {
  UnprocessableEntityError,
  type Deployment,
  type DeploymentRequest,
  type Finding,
  type JsonValue,
} from '@process-engine/contracts';
import {
  ConflictError,
  type DefinitionRecord,
  type ModelChange,
  type Storage,
} from '@process-engine/contracts/storage';
import {
  ALL_ELEMENTS,
  compileModel,
  parseModel,
  type CompileOptions,
  type KnownServices,
  type ParsedModel,
  type ProcessGraph,
} from '../model/index.js';
import { LruCache } from './lru-cache.js';
import { startJobs, startSubscriptions } from './start-events.js';

export interface ModelsOptions {
  readonly storage: Storage;
  readonly now: () => number;
  readonly newId: () => string;
  readonly compile: Omit<CompileOptions, 'services'>;
  /** What service tasks may name at deployment. */
  readonly services: KnownServices;
  /** Called before a graph that needs the script sandbox is used. */
  readonly prepareSandbox: () => Promise<void>;
  /** Compiled models kept in memory; 0: none. */
  readonly cacheSize: number;
  /** A file with more of them is refused at deployment. */
  readonly maxElements: number;
}

export interface Model {
  readonly definition: DefinitionRecord;
  readonly graph: ProcessGraph;
}

interface DeployedFile {
  readonly name: string;
  readonly parsed: ParsedModel;
  readonly graphs: readonly ProcessGraph[];
}

const MAX_DEPLOY_ATTEMPTS = 5;

export class Models {
  readonly #byId: LruCache<Promise<Model | undefined>>;
  /** Ids of newest versions. */
  readonly #latest: LruCache<Promise<string | undefined>>;
  /** Questions for the newest version that have not been sent yet. */
  readonly #asking = new Map<string, Promise<string | undefined>>();

  constructor(private readonly options: ModelsOptions) {
    this.#byId = new LruCache(options.cacheSize);
    this.#latest = new LruCache(options.cacheSize);
  }

  /** The model of a definition id; undefined: unknown. */
  async get(definitionId: string): Promise<Model | undefined> {
    const known = this.#byId.get(definitionId);
    if (known !== undefined) return known;
    const loading = this.options.storage
      .loadDefinition(definitionId)
      .then((definition) => definition && this.#compile(definition));
    return keepWhileGood(this.#byId, definitionId, loading);
  }

  /** The newest version of a model; undefined: unknown or deleted. */
  async latest(tenantId: string, processModelId: string): Promise<Model | undefined> {
    const id = await this.#latestId(tenantId, processModelId);
    return id === undefined ? undefined : this.get(id);
  }

  #latestId(tenantId: string, key: string): Promise<string | undefined> {
    const { storage } = this.options;
    const find = () => storage.findLatestDefinition(tenantId, key);
    const cacheKey = latestKey(tenantId, key);
    if (storage.shared) return this.#askTogether(cacheKey, find);
    const known = this.#latest.get(cacheKey);
    if (known !== undefined) return known;
    return keepWhileGood(this.#latest, cacheKey, find());
  }

  /** Starts that come in the same turn of the event loop share a question: it is asked after the last of them came. */
  #askTogether(key: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
    const asking = this.#asking.get(key);
    if (asking !== undefined) return asking;
    const answer = nextTurn().then(() => {
      this.#asking.delete(key);
      return ask();
    });
    this.#asking.set(key, answer);
    return answer;
  }

  /** All newest versions, ordered by process model id. */
  async listLatest(tenantId: string): Promise<Model[]> {
    const { items } = await this.options.storage.findDefinitions({ tenantId, latest: true });
    const models: Model[] = [];
    for (const definition of items) models.push(await this.#listed(definition));
    return models;
  }

  /** A list of more models than are kept must not drive out those that run. */
  async #listed(definition: DefinitionRecord): Promise<Model> {
    const known = await this.#byId.get(definition.id);
    if (known !== undefined) return known;
    const compiling = this.#compile(definition);
    if (!this.#byId.isFull) void keepWhileGood(this.#byId, definition.id, compiling);
    return compiling;
  }

  /** What was deployed once stays runnable: the checks of deployment are not repeated. */
  async #compile(definition: DefinitionRecord): Promise<Model> {
    const parsed = await parseModel(definition.xml);
    const { graphs } = compileModel(parsed, {
      ...this.options.compile,
      fileName: definition.fileName,
      supportedElements: ALL_ELEMENTS,
    });
    const graph = graphs.find(({ processModelId }) => processModelId === definition.key);
    if (graph === undefined) throw new Error(`definition '${definition.id}' holds no process '${definition.key}'`);
    if (graph.usesSandbox) await this.options.prepareSandbox();
    return { definition, graph };
  }

  /** Checks the files and stores what is new, as one transaction. */
  async deploy(tenantId: string, request: DeploymentRequest): Promise<Deployment> {
    const { files, findings } = await this.#check(request);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#store(tenantId, request.name, { files, findings });
      } catch (error) {
        if (!(error instanceof ConflictError) || attempt === MAX_DEPLOY_ATTEMPTS) throw error;
      }
    }
  }

  async #check(request: DeploymentRequest): Promise<{ files: DeployedFile[]; findings: Finding[] }> {
    const files: DeployedFile[] = [];
    const findings: Finding[] = [];
    for (const { name, xml } of request.files) {
      await nextTurn(); // requests are answered between the parts of the work
      const parsed = await parseModel(xml, { maxElements: this.options.maxElements });
      await nextTurn();
      const compiled = compileModel(parsed, {
        ...this.options.compile,
        services: this.options.services,
        fileName: name,
      });
      findings.push(...compiled.findings);
      files.push({ name, parsed, graphs: compiled.graphs });
    }
    findings.push(...duplicateProcesses(files));
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw refusal(errors, findings);
    return { files, findings };
  }

  async #store(
    tenantId: string,
    deploymentName: string | undefined,
    { files, findings }: { files: DeployedFile[]; findings: Finding[] },
  ): Promise<Deployment> {
    const { storage, now, newId } = this.options;
    const deploymentId = newId();
    const change: Mutable<ModelChange> = { definitions: [], subscriptions: [], jobs: [], retired: [] };
    const definitions: Deployment['definitions'] = [];
    for (const file of files) {
      for (const graph of file.graphs) {
        // Versions go on behind deleted ones: instances may still run on those.
        const filter = { tenantId, key: graph.processModelId, latest: true, withDeleted: true };
        const newest = (await storage.findDefinitions(filter)).items[0];
        if (newest?.deletedAt === null && newest.hash === file.parsed.hash) {
          definitions.push(listed(newest, false));
          continue;
        }
        const definition = definitionOf({
          tenantId,
          deploymentId,
          deploymentName,
          file,
          graph,
          version: (newest?.version ?? 0) + 1,
          id: newId(),
          now: now(),
        });
        definitions.push(listed(definition, true));
        change.definitions.push(definition);
        change.subscriptions.push(...startSubscriptions(definition, graph, newId));
        change.jobs.push(...startJobs(definition, graph, { newId, now: now() }));
        if (newest !== undefined) change.retired.push(newest.id);
      }
    }
    if (change.definitions.length > 0) await storage.saveModels(change);
    for (const { key } of change.definitions) this.#forgetLatest(tenantId, key);
    const stored = change.definitions.length > 0 ? deploymentId : await this.#deploymentOf(definitions);
    return { deploymentId: stored, definitions, findings };
  }

  async #deploymentOf(definitions: Deployment['definitions']): Promise<string> {
    const definition = await this.options.storage.loadDefinition(definitions[0]!.definitionId);
    return definition!.deploymentId;
  }

  /** No version of the model can be started any more. False: there is none. */
  async delete(tenantId: string, key: string): Promise<boolean> {
    const { storage, now } = this.options;
    const { items } = await storage.findDefinitions({ tenantId, key });
    if (items.length === 0) return false;
    const deletedAt = now();
    await storage.saveModels({
      definitions: [],
      subscriptions: [],
      jobs: [],
      retired: items.map(({ id }) => id),
      deleted: items.map(({ id }) => ({ id, deletedAt })),
    });
    this.#forgetLatest(tenantId, key);
    return true;
  }

  #forgetLatest(tenantId: string, key: string): void {
    void this.#latest.take(latestKey(tenantId, key));
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

function listed({ id, key, version, hash }: DefinitionRecord, isNew: boolean): Deployment['definitions'][number] {
  return { processModelId: key, version, hash, new: isNew, definitionId: id };
}

interface NewDefinition {
  readonly id: string;
  readonly tenantId: string;
  readonly deploymentId: string;
  readonly deploymentName: string | undefined;
  readonly file: DeployedFile;
  readonly graph: ProcessGraph;
  readonly version: number;
  readonly now: number;
}

function definitionOf({
  id,
  tenantId,
  deploymentId,
  deploymentName,
  file,
  graph,
  version,
  now,
}: NewDefinition): DefinitionRecord {
  return {
    id,
    tenantId,
    key: graph.processModelId,
    version,
    hash: file.parsed.hash,
    deploymentId,
    deploymentName: deploymentName ?? null,
    fileName: file.name,
    name: graph.name ?? null,
    versionTag: graph.versionTag ?? null,
    executable: graph.isExecutable,
    xml: file.parsed.xml,
    createdAt: now,
    deletedAt: null,
  };
}

function duplicateProcesses(files: readonly DeployedFile[]): Finding[] {
  const seen = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { name, graphs } of files) {
    for (const { processModelId } of graphs) {
      const other = seen.get(processModelId);
      seen.set(processModelId, name);
      if (other === undefined) continue;
      const message = `the process '${processModelId}' is in both '${other}' and '${name}'`;
      findings.push({ severity: 'error', elementId: processModelId, file: name, code: 'duplicate-process', message });
    }
  }
  return findings;
}

function refusal(errors: readonly Finding[], findings: readonly Finding[]): Error {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new UnprocessableEntityError(`the model was not deployed: ${first!.message}${more}`, {
    reason: 'model-invalid',
    additionalInformation: { findings: findings.map((finding) => ({ ...finding })) } as unknown as JsonValue,
  });
}

function latestKey(tenantId: string, key: string): string {
  return `${tenantId}\n${key}`;
}

/** Who asks the same meanwhile gets the same answer; what failed, or was not found, is asked for again. */
function keepWhileGood<T>(
  cache: LruCache<Promise<T | undefined>>,
  key: string,
  answer: Promise<T | undefined>,
): Promise<T | undefined> {
  const forget = (): void => void (cache.get(key) === answer && cache.take(key));
  cache.put(key, answer);
  answer.then((value) => value ?? forget(), forget);
  return answer;
}

/** Lets the event loop take in what arrived meanwhile. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
