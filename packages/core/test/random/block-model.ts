/** A block tree as BPMN. */
import {
  definitions,
  processBuilder,
  propertiesXml,
  type ProcessBuilder,
  type ScopeBuilder,
} from '../../dist/testing/index.js';
import { multiInstance, standardLoop, undoneBy } from '../execution/advanced/elements.js';
import { allBlocks, type Block, type Boundary, type Call, type Choice, type Inclusive, type Loop } from './blocks.js';
import type { AdHoc, Complex, Fork, Leaf, Race, Repeat, Sub, Terminate, Throw, Undo } from './blocks.js';
import { definitionOf, leafParts, NOBODY } from './leaf-model.js';

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
        return this.#leaf(scope, block);
      case 'choice':
      case 'inclusive':
        return this.#choice(scope, block);
      case 'fork':
      case 'complex':
        return this.#fork(scope, block);
      case 'race':
        return this.#race(scope, block);
      case 'loop':
        return this.#loop(scope, block);
      case 'repeat':
        return this.#repeat(scope, block);
      case 'guarded':
        this.#leaf(scope, block.leaf);
        return this.#withBoundary(scope, block.leaf.id, block.boundary);
      case 'sub':
        return this.#sub(scope, block);
      case 'call':
        return this.#call(scope, block);
      case 'throw':
      case 'terminate':
        return this.#throw(scope, block);
      case 'undo':
        return this.#undo(scope, block);
      case 'adhoc':
        return this.#adHoc(scope, block);
    }
  }

  #leaf(scope: ScopeBuilder, leaf: Leaf, loop = ''): string {
    const { element, attributes, inner } = leafParts(leaf);
    scope.node(element, leaf.id, attributes, inner.concat(loop));
    if (leaf.does === 'link')
      scope.apart('intermediateCatchEvent', `${leaf.id}-caught`, {}, definitions.link(`link-${leaf.id}`));
    return leaf.does === 'link' ? `${leaf.id}-caught` : leaf.id;
  }

  #choice(scope: ScopeBuilder, { kind, id, branches }: Choice | Inclusive): string {
    const merge = `${id}-merge`;
    const gateway = kind === 'choice' ? 'exclusiveGateway' : 'inclusiveGateway';
    scope.node(gateway, id, { default: `${id}-default` });
    branches.forEach((branch, index) => {
      scope.from(id, kind === 'choice' ? `choices.${id} === ${index}` : `choices.${id}[${index}] === 1`);
      this.#write(scope, branch, id);
      if (index === 0) scope.node(gateway, merge);
      else scope.to(merge);
    });
    scope.flow(id, merge, undefined, `${id}-default`).from(merge);
    return merge;
  }

  #fork(scope: ScopeBuilder, block: Fork | Complex): string {
    const { kind, id, branches } = block;
    const join = `${id}-join`;
    const condition =
      kind === 'fork'
        ? ''
        : `<bpmn:activationCondition xsi:type="bpmn:tFormalExpression">activationCount &gt;= ${block.needed}</bpmn:activationCondition>`;
    scope.node(kind === 'fork' ? 'parallelGateway' : 'complexGateway', id);
    branches.forEach((branch, index) => {
      scope.from(id);
      this.#write(scope, branch, id);
      if (index === 0) scope.node(kind === 'fork' ? 'parallelGateway' : 'complexGateway', join, {}, condition);
      else scope.to(join);
    });
    // Only what comes first goes on: on a reset the condition does not hold.
    if (kind === 'complex') scope.from(join, 'waitingForStart').exclusiveGateway(`${id}-out`);
    scope.from(kind === 'complex' ? `${id}-out` : join);
    return kind === 'complex' ? `${id}-out` : join;
  }

  #race(scope: ScopeBuilder, { id, events }: Race): string {
    const merge = `${id}-merge`;
    scope.node('eventBasedGateway', id);
    events.forEach(({ id: event, on, duration, branch }, index) => {
      scope.from(id);
      this.#leaf(scope, { kind: 'leaf', id: event, does: on, duration, asyncBefore: false, asyncAfter: false });
      this.#write(scope, branch, event);
      if (index === 0) scope.exclusiveGateway(merge);
      else scope.to(merge);
    });
    scope.from(merge);
    return merge;
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

  /** One task carries the loop itself, several a sub-process around them. */
  #repeat(scope: ScopeBuilder, { id, how, body, times, enough }: Repeat): string {
    const loop =
      how === 'standard'
        ? standardLoop({ condition: `loopCounter < ${times}`, testBefore: true })
        : multiInstance({
            sequential: how === 'sequential',
            cardinality: String(times),
            ...(enough === undefined ? {} : { completionCondition: `numberOfCompletedInstances >= ${enough}` }),
          });
    const [first, ...others] = body;
    if (others.length === 0) return this.#leaf(scope, first!, loop);
    scope.subProcess(id, (inner) => {
      inner.xml(loop).startEvent(`start-${id}`);
      for (const leaf of body) this.#leaf(inner, leaf);
      return inner.endEvent(`end-${id}`);
    });
    return id;
  }

  #sub(scope: ScopeBuilder, { id, body, boundary, eventSub }: Sub): string {
    scope.subProcess(id, (inner) => {
      inner.xml(`<bpmn:dataObject id="data-${id}" name="local"/>`).startEvent(`start-${id}`);
      this.#write(inner, body, `start-${id}`);
      inner.endEvent(`end-${id}`);
      if (eventSub !== undefined) this.#eventSub(inner, eventSub);
      return inner;
    });
    return this.#withBoundary(scope, id, boundary);
  }

  #eventSub(scope: ScopeBuilder, event: Boundary): void {
    const { id, interrupting, handler } = event;
    const inner = processBuilder(id).apart('startEvent', id, { isInterrupting: interrupting }, definitionOf(event));
    this.#write(inner, handler, id);
    inner.endEvent(`end-${id}`);
    scope.apart('subProcess', `sub-${id}`, { triggeredByEvent: true }, inner.innerXml());
  }

  #call(scope: ScopeBuilder, { id, body, boundary }: Call): string {
    this.process(id, body);
    scope.callActivity(`call-${id}`, id, propertiesXml({ payload: '({ choices })' }));
    return this.#withBoundary(scope, `call-${id}`, boundary);
  }

  /** Somebody lets it happen; the way on from it is never taken where it ends what is around it. */
  #throw(scope: ScopeBuilder, block: Throw | Terminate): string {
    const { id } = block;
    scope.userTask(`${id}-go`);
    if (block.kind === 'throw' && block.by === 'service')
      return scope.serviceTask(id, 'throw', { method: 'throw', params: `['${block.catcher}']` }) && id;
    if (block.kind === 'throw' && block.by === 'escalation')
      return scope.node('intermediateThrowEvent', id, {}, definitions.escalation(`escalation-${block.catcher}`)) && id;
    const definition =
      block.kind === 'terminate' ? definitions.terminate() : definitions.error(`error-${block.catcher}`);
    scope.exclusiveGateway(`${id}-way`, { default: `${id}-way-${id}-never` });
    scope.from(`${id}-way`, 'true').endEvent(id, definition);
    scope.from(`${id}-way`).exclusiveGateway(`${id}-never`);
    return `${id}-never`;
  }

  #undo(scope: ScopeBuilder, { id, steps, how }: Undo): string {
    const inner = processBuilder(id).startEvent(`start-${id}`);
    for (const step of steps) {
      if (step.by === 'user') inner.userTask(step.id);
      else inner.serviceTask(step.id, 'set', { method: 'set', params: `['v${step.id}', (v${step.id} || 0) + 1]` });
      undoneBy(inner, step.id, step.undoneBy === 'user' ? undefined : undoing(id, step.id));
    }
    if (how === 'throw') inner.node('intermediateThrowEvent', `${id}-undo`, {}, definitions.compensation());
    const ends = { throw: '', end: definitions.compensation(), cancel: definitions.cancel() };
    inner.endEvent(`end-${id}`, ends[how]);
    scope.node(how === 'cancel' ? 'transaction' : 'subProcess', id, {}, inner.innerXml());
    if (how !== 'cancel') return id;
    const merge = `${id}-merge`;
    scope.exclusiveGateway(merge);
    scope.boundaryEvent(`${id}-cancelled`, id, definitions.cancel()).to(merge).from(merge);
    return merge;
  }

  #adHoc(scope: ScopeBuilder, { id, activities, sequential }: AdHoc): string {
    const tasks = activities.map((task) => `<bpmn:userTask id="${task}" name="${task}"/>`).join('');
    scope.node('adHocSubProcess', id, { ordering: sequential ? 'Sequential' : 'Parallel' }, tasks);
    return id;
  }

  /** An interrupting event's path meets the normal one; the other kind's has an end of its own. */
  #withBoundary(scope: ScopeBuilder, host: string, boundary: Boundary | undefined): string {
    if (boundary === undefined) return host;
    const merge = `${boundary.id}-merge`;
    scope.exclusiveGateway(merge);
    scope.boundaryEvent(
      boundary.id,
      host,
      definitionOf(boundary),
      boundary.on === 'error' ? {} : { cancelActivity: boundary.interrupting },
    );
    this.#write(scope, boundary.handler, boundary.id);
    if (boundary.interrupting) scope.to(merge);
    else scope.endEvent(`end-${boundary.id}`, this.#ends.get(scope));
    scope.from(merge);
    return merge;
  }
}

/** Adds a mark of the step to the text `log<id>`. */
function undoing(id: string, step: string): string {
  const params = `['log${id}', (log${id} || '') + '${step} ']`;
  const handler = processBuilder(id).serviceTask(`undo-${step}`, 'set', { method: 'set', params }).innerXml();
  return handler.replace('<bpmn:serviceTask ', '<bpmn:serviceTask isForCompensation="true" ');
}

/** The messages, signals, errors and escalations the process names; called processes declare their own. */
function declare(model: ProcessBuilder, tree: Block): void {
  model.root('message', `message-${NOBODY}`).root('signal', `signal-${NOBODY}`);
  const inCalls = new Set(allBlocks(tree).flatMap((block) => (block.kind === 'call' ? allBlocks(block.body) : [])));
  const codes = new Set<string>();
  const event = (on: string, id: string): void => {
    if (on === 'message' || on === 'receive') model.root('message', `message-${id}`);
    if (on === 'signal') model.root('signal', `signal-${id}`);
    if (on === 'error' || on === 'escalation') codes.add(`${on} ${id}`);
  };
  for (const block of allBlocks(tree)) {
    if (inCalls.has(block)) continue;
    if (block.kind === 'leaf') event(block.does, block.id);
    if (block.kind === 'race') for (const { on, id } of block.events) event(on, id);
    if (block.kind === 'guarded' || block.kind === 'sub' || block.kind === 'call')
      for (const handler of [block.boundary, block.kind === 'sub' ? block.eventSub : undefined])
        if (handler !== undefined) event(handler.on, handler.id);
    if (block.kind === 'throw') codes.add(`${block.by === 'escalation' ? 'escalation' : 'error'} ${block.catcher}`);
  }
  for (const code of codes) {
    const [kind = '', id = ''] = code.split(' ');
    model.root(kind, `${kind}-${id}`, { [`${kind}Code`]: id });
  }
}
