/** A block tree as BPMN. */
import {
  definitions,
  processBuilder,
  propertiesXml,
  type ProcessBuilder,
  type ScopeBuilder,
} from '../../dist/testing/index.js';
import type { Block, Boundary, Call, Choice, Fork, Leaf, Loop, Sub } from './block-tree.js';

const ELEMENTS = {
  user: 'userTask',
  manual: 'manualTask',
  untyped: 'task',
  message: 'intermediateCatchEvent',
  timer: 'intermediateCatchEvent',
} as const;

/** The process `P` of the tree, and those it calls. */
export function modelsOf(tree: Block): ProcessBuilder[] {
  return new ModelWriter().process('P', tree);
}

class ModelWriter {
  readonly #models: ProcessBuilder[] = [];
  /** What is inside end events: those of a called process all give the same result. */
  readonly #ends = new Map<ScopeBuilder, string>();

  process(id: string, tree: Block): ProcessBuilder[] {
    const model = processBuilder(id);
    this.#models.push(model);
    declare(model, tree);
    model.startEvent(`start-${id}`);
    this.#ends.set(model, id === 'P' ? '' : propertiesXml({ inputValues: `({ v${id}: 'called' })` }));
    this.#write(model, tree, `start-${id}`);
    model.endEvent(`end-${id}`, this.#ends.get(model));
    return this.#models;
  }

  /** Writes the block behind a node and leaves the builder at its last node, whose id it answers. */
  #write(scope: ScopeBuilder, block: Block, from: string): string {
    switch (block.kind) {
      case 'sequence':
        return block.blocks.reduce((at, inner) => this.#write(scope, inner, at), from);
      case 'leaf':
        writeLeaf(scope, block);
        return block.id;
      case 'choice':
        return this.#choice(scope, block);
      case 'fork':
        return this.#fork(scope, block);
      case 'loop':
        return this.#loop(scope, block);
      case 'sub':
        return this.#sub(scope, block);
      case 'call':
        return this.#call(scope, block);
      case 'throw':
        scope
          .userTask(`${block.id}-go`)
          .serviceTask(block.id, 'throw', { method: 'throw', params: `['${block.catcher}']` });
        return block.id;
    }
  }

  #choice(scope: ScopeBuilder, { id, branches }: Choice): string {
    const merge = `${id}-merge`;
    scope.exclusiveGateway(id, { default: `${id}-default` });
    branches.forEach((branch, index) => {
      scope.from(id, `choices.${id} === ${index}`);
      this.#write(scope, branch, id);
      if (index === 0) scope.exclusiveGateway(merge);
      else scope.to(merge);
    });
    scope.flow(id, merge, undefined, `${id}-default`).from(merge);
    return merge;
  }

  #fork(scope: ScopeBuilder, { id, branches }: Fork): string {
    const join = `${id}-join`;
    scope.parallelGateway(id);
    branches.forEach((branch, index) => {
      scope.from(id);
      this.#write(scope, branch, id);
      if (index === 0) scope.parallelGateway(join);
      else scope.to(join);
    });
    scope.from(join);
    return join;
  }

  /** `v<id>` counts the rounds. */
  #loop(scope: ScopeBuilder, { id, body, times }: Loop): string {
    const again = `${id}-again`;
    scope.serviceTask(`${id}-init`, 'set', { method: 'set', params: `['v${id}', 0]` }).exclusiveGateway(id);
    this.#write(scope, body, id);
    scope.serviceTask(`${id}-count`, 'set', { method: 'set', params: `['v${id}', v${id} + 1]` });
    scope
      .exclusiveGateway(again, { default: `${again}-${id}-out` })
      .from(again, `v${id} < ${times}`)
      .to(id);
    scope.from(again).exclusiveGateway(`${id}-out`);
    return `${id}-out`;
  }

  #sub(scope: ScopeBuilder, { id, body, boundary }: Sub): string {
    scope.subProcess(id, (inner) => {
      inner.xml(`<bpmn:dataObject id="data-${id}" name="local"/>`).startEvent(`start-${id}`);
      this.#write(inner, body, `start-${id}`);
      return inner.endEvent(`end-${id}`);
    });
    return this.#withBoundary(scope, id, boundary);
  }

  #call(scope: ScopeBuilder, { id, body, boundary }: Call): string {
    this.process(id, body);
    scope.callActivity(`call-${id}`, id, propertiesXml({ payload: '({ choices })' }));
    return this.#withBoundary(scope, `call-${id}`, boundary);
  }

  /** An interrupting event's path meets the normal one; the other kind's has an end of its own. */
  #withBoundary(scope: ScopeBuilder, host: string, boundary: Boundary | undefined): string {
    if (boundary === undefined) return host;
    const merge = `${boundary.id}-merge`;
    scope.exclusiveGateway(merge);
    scope.boundaryEvent(
      boundary.id,
      host,
      definitionOf(boundary, host),
      boundary.on === 'error' ? {} : { cancelActivity: boundary.interrupting },
    );
    this.#write(scope, boundary.handler, boundary.id);
    if (boundary.interrupting) scope.to(merge);
    else scope.endEvent(`end-${boundary.id}`, this.#ends.get(scope));
    scope.from(merge);
    return merge;
  }
}

function writeLeaf(scope: ScopeBuilder, { id, does, duration, asyncBefore, asyncAfter }: Leaf): void {
  const attributes = {
    ...(asyncBefore ? { 'camunda:asyncBefore': true } : {}),
    ...(asyncAfter ? { 'camunda:asyncAfter': true } : {}),
  };
  switch (does) {
    case 'auto':
      scope.node(
        'serviceTask',
        id,
        attributes,
        propertiesXml({ module: 'set', method: 'set', params: `['v${id}', (v${id} || 0) + 1]` }),
      );
      return;
    case 'external':
      scope.node('serviceTask', id, { ...attributes, 'camunda:type': 'external', 'camunda:topic': id });
      return;
    case 'message':
      scope.node(ELEMENTS[does], id, attributes, definitions.message(`message-${id}`));
      return;
    case 'timer':
      scope.node(ELEMENTS[does], id, attributes, definitions.timer('timeDuration', durationText(duration)));
      return;
    default:
      scope.node(ELEMENTS[does], id, attributes);
  }
}

function definitionOf({ id, on, duration }: Boundary, host: string): string {
  if (on === 'message') return definitions.message(`message-${id}`);
  return on === 'timer'
    ? definitions.timer('timeDuration', durationText(duration))
    : definitions.error(`error-${host}`);
}

function durationText(milliseconds: number): string {
  return `PT${milliseconds / 1_000}S`;
}

/** The messages and errors the process names; called processes declare their own. */
function declare(model: ProcessBuilder, block: Block): void {
  switch (block.kind) {
    case 'sequence':
      return block.blocks.forEach((inner) => declare(model, inner));
    case 'choice':
    case 'fork':
      return block.branches.forEach((inner) => declare(model, inner));
    case 'loop':
      return declare(model, block.body);
    case 'leaf':
      if (block.does === 'message') model.root('message', `message-${block.id}`);
      return;
    case 'sub':
    case 'call':
      if (block.kind === 'sub') declare(model, block.body);
      if (block.boundary?.on === 'message') model.root('message', `message-${block.boundary.id}`);
      if (block.boundary?.on === 'error') model.root('error', `error-${block.id}`, { errorCode: block.id });
      if (block.boundary !== undefined) declare(model, block.boundary.handler);
      return;
    case 'throw':
      return;
  }
}
