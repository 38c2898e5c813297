/**
 * Connects the conformance cases to this engine, over its public API only.
 *
 * OURS_MODE=inprocess (default) or http · OURS_STORAGE=memory (default) or sqlite · OURS_CACHE=evicting drops instances
 * from memory after every commit. Time is a manual clock in both modes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExternalAccessor, InternalAccessor } from '@process-engine/client';
import { createEngine } from '@process-engine/core';
import { ManualClock } from '@process-engine/core/testing';

const { OURS_MODE = 'inprocess', OURS_STORAGE = 'memory', OURS_CACHE = 'warm' } = process.env;
const identity = { userId: 'dummy_token', token: Buffer.from('dummy_token').toString('base64') };
const LOCK = 3_600_000;
const EXTERNAL_TASKS = new Set(['bpmn:ServiceTask', 'bpmn:BusinessRuleTask', 'bpmn:SendTask', 'bpmn:ScriptTask']);
const WORKER = 'conformance';

export default class Driver {
  scriptFormat = 'javascript';
  #clock = new ManualClock(Date.now());
  #engine;
  #server;
  #accessor;
  #folder;

  /** Expressions name process data as they stand; a script hands back what it assigned. */
  template(kind, expression) {
    if (kind !== 'script') return expression;
    const assigned = [...expression.matchAll(/(?:^|;)\s*([A-Za-z_]\w*)\s*=(?!=)/g)].map(([, name]) => name);
    return `${expression};\nreturn { ${[...new Set(assigned)].join(', ')} };`;
  }

  /** Work items become external tasks, called processes share all data where the case says so. */
  rewrite(xml, scenario) {
    const namespace = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"';
    let text = xml.replace(/<(\w+:)?definitions /, (start) => `${start}${namespace} `);
    text = text.replace(
      /<((?:\w+:)?(?:serviceTask|businessRuleTask)) ([^>]*?)implementation="##unspecified"/g,
      (match, name, attributes) => {
        const id = /\bid="([^"]+)"/.exec(match)?.[1] ?? /\bid="([^"]+)"/.exec(text.slice(text.indexOf(match)))[1];
        return `<${name} ${attributes}camunda:type="external" camunda:topic="${id}"`;
      },
    );
    if (scenario.callMapping !== 'all') return text;
    const mapping =
      '<extensionElements><camunda:in variables="all"/><camunda:out variables="all"/></extensionElements>';
    return text.replace(/<callActivity([^>]*?)(\/>|>)/g, (_, attributes, end) =>
      end === '/>' ? `<callActivity${attributes}>${mapping}</callActivity>` : `<callActivity${attributes}>${mapping}`,
    );
  }

  async init() {
    this.#engine = createEngine({
      clock: this.#clock,
      untypedTasks: 'pass',
      cacheSize: OURS_CACHE === 'evicting' ? 0 : 1_000,
      ...(OURS_STORAGE === 'sqlite' ? { storage: await this.#sqlite() } : {}),
    });
    await this.#engine.start();
    this.#accessor = OURS_MODE === 'http' ? await this.#serve() : new InternalAccessor(this.#engine);
  }

  async #sqlite() {
    const { createStorage } = await import('@process-engine/repository');
    this.#folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    return createStorage({ dialect: 'sqlite', storage: join(this.#folder, 'engine.sqlite') });
  }

  async #serve() {
    const { createHttpServer, DevelopmentIdentityService } = await import('@process-engine/http');
    this.#server = createHttpServer(this.#engine, { identityService: new DevelopmentIdentityService() });
    const { port } = await this.#server.listen(0);
    return new ExternalAccessor({ url: `http://127.0.0.1:${port}` });
  }

  async dispose() {
    await this.#accessor?.close?.();
    await this.#server?.close();
    await this.#engine?.stop();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  async deploy(xmls) {
    const files = xmls.map((xml, index) => ({ name: `model-${index + 1}.bpmn`, xml }));
    try {
      await this.#management.deploy(identity, { files });
    } catch (error) {
      const findings = error.additionalInformation?.findings ?? [];
      const errors = findings
        .filter(({ severity }) => severity === 'error')
        .map(({ elementId, message }) => `${elementId ?? ''} ${message}`);
      throw errors.length > 0 ? new Error(errors.join('; ')) : error;
    }
  }

  get #management() {
    return this.#accessor.managementApi;
  }

  get #consumer() {
    return this.#accessor.consumerApi;
  }

  async start({ process, variables = {} }) {
    const { processInstanceId } = await this.#consumer.startProcessInstance(identity, process, {
      inputValues: variables,
    });
    await this.#settled();
    return processInstanceId;
  }

  #settled() {
    return this.#engine.idle();
  }

  async advance(milliseconds) {
    await this.#clock.advanceTo(this.#clock.now() + milliseconds, () => this.#settled());
  }

  async #all() {
    return (await this.#management.getProcessInstances(identity)).processInstances;
  }

  async instances() {
    return (await this.#all()).map(({ processInstanceId, processModelId, state }) => ({
      id: processInstanceId,
      process: processModelId,
      state: neutral(state),
    }));
  }

  async state(handle) {
    const { state, error } = await this.#management.getProcessInstance(identity, handle);
    return { state: neutral(state), ...(error === undefined ? {} : { error }) };
  }

  variables(handle) {
    return this.#management.getVariables(identity, handle);
  }

  async #history(handle) {
    return (await this.#management.getFlowNodeInstances(identity, handle)).flowNodeInstances;
  }

  async log() {
    const entries = [];
    for (const { processInstanceId } of await this.#all()) {
      const history = await this.#history(processInstanceId);
      const flowNodeOf = new Map(history.map((entry) => [entry.flowNodeInstanceId, entry.flowNodeId]));
      const bodies = new Set(
        history.filter((entry) => flowNodeOf.get(entry.scopeId) === entry.flowNodeId).map(({ scopeId }) => scopeId),
      );
      for (const entry of history) {
        if (entry.state === 'finished' && !bodies.has(entry.flowNodeInstanceId)) entries.push(entry);
      }
    }
    entries.sort((a, b) => (a.leftAt < b.leftAt ? -1 : a.leftAt > b.leftAt ? 1 : 0));
    return entries.map(({ flowNodeId, processInstanceId }) => ({
      element: flowNodeId,
      event: 'completed',
      instance: processInstanceId,
    }));
  }

  async waiting(handle) {
    await this.#settled();
    const ids =
      handle === undefined
        ? (await this.#all()).filter(({ state }) => state === 'running').map((entry) => entry.processInstanceId)
        : [handle];
    const items = [];
    for (const id of ids)
      items.push(...(await this.#tasks(id)), ...(await this.#services(id)), ...(await this.#events(id)));
    return items;
  }

  async #tasks(id) {
    const { tasks } = await this.#consumer.getSuspendedTasksForProcessInstance(identity, id);
    return tasks.map((task) => ({
      kind: task.flowNodeType === 'bpmn:ManualTask' ? 'manual' : 'user',
      element: task.id,
      task,
    }));
  }

  async #services(id) {
    const history = await this.#history(id);
    return history
      .filter(
        ({ leftAt, state, flowNodeType }) =>
          leftAt === undefined && state === 'waiting' && EXTERNAL_TASKS.has(flowNodeType),
      )
      .map(({ flowNodeId, flowNodeInstanceId }) => ({ kind: 'service', element: flowNodeId, id: flowNodeInstanceId }));
  }

  async #events(id) {
    const { subscriptions } = await this.#management.getSubscriptions(identity, { processInstanceId: id });
    return subscriptions.map(({ flowNodeId }) => ({ kind: 'event', element: flowNodeId }));
  }

  async complete(item, data) {
    if (item.kind === 'service') {
      await this.#lock(item);
      await this.#accessor.externalTaskApi.finishExternalTask(identity, WORKER, item.id, data);
    } else if (item.kind === 'manual') {
      await this.#finishManual(item.task, data);
    } else {
      const { processInstanceId, correlationId, flowNodeInstanceId } = item.task;
      await this.#consumer.finishUserTask(identity, processInstanceId, correlationId, flowNodeInstanceId, {
        formFields: data,
      });
    }
    await this.#settled();
  }

  async #finishManual({ processInstanceId, correlationId, flowNodeInstanceId }, data) {
    if (Object.keys(data).length > 0)
      await this.#management.setVariables(identity, processInstanceId, { variables: data });
    await this.#consumer.finishManualTask(identity, processInstanceId, correlationId, flowNodeInstanceId);
  }

  /** Locks all tasks of the topic for this worker: the locks are kept until the tasks are done. */
  async #lock({ element }) {
    await this.#accessor.externalTaskApi.fetchAndLockExternalTasks(identity, WORKER, element, 0, 0, LOCK);
  }

  async throwError(item, code, message) {
    await this.#lock(item);
    await this.#accessor.externalTaskApi.handleBpmnError(identity, WORKER, item.id, code, message);
    await this.#settled();
  }

  async fail(item, message) {
    await this.#lock(item);
    await this.#accessor.externalTaskApi.handleServiceError(identity, WORKER, item.id, message, '');
    await this.#settled();
  }

  async message({ name, payload, correlation }) {
    const request = { name, payload, ...(correlation === undefined ? {} : { correlationKeys: correlation }) };
    const { deliveredTo } = await this.#management.publishMessage(identity, request);
    await this.#settled();
    return deliveredTo.length > 0;
  }

  async signal({ name, payload }) {
    await this.#management.broadcastSignal(identity, { name, payload });
    await this.#settled();
  }

  async setVariables(handle, variables) {
    await this.#management.setVariables(identity, handle, { variables });
    await this.#settled();
  }

  async activate(handle, element) {
    await this.#management.activateAdHocActivity(identity, handle, { flowNodeId: element });
    await this.#settled();
  }
}

function neutral(state) {
  return state === 'finished' || state === 'terminated' ? 'ended' : state;
}
