/** Random models that mix all elements that live inside one process instance. They are sound by construction: each block has one way in and one way out. */
import { definitions, escapeXml, processBuilder, type ProcessBuilder } from '../../../dist/testing/index.js';
import { ScopeBuilder } from '../../../dist/testing/process-builder.js';
import type { Prng } from '../../random/prng.js';
import { dataObjects, eventSubProcess, multiInstance, standardLoop, undoneBy } from './elements.js';

type Block = (scope: ScopeBuilder, from: string, depth: number) => string;

const CODES = ['1', '2'];

/** Builds one model; the same numbers give the same model. */
export class WildModel {
  #count = 0;
  readonly #blocks: readonly Block[];

  constructor(
    private readonly prng: Prng,
    private readonly size: number,
  ) {
    this.#blocks = [
      (scope, from) => this.#task(scope, from),
      (scope, from) => this.#task(scope, from),
      (scope, from, depth) => this.#subProcess(scope, from, depth),
      (scope, from, depth) => this.#fork(scope, from, depth),
      (scope, from, depth) => this.#loop(scope, from, depth),
      (scope, from) => this.#choice(scope, from),
      (scope, from) => this.#event(scope, from),
      (scope, from) => this.#thrower(scope, from),
      (scope, from) => this.#set(scope, from),
    ];
  }

  build(): ProcessBuilder {
    const model = processBuilder('P').root('message', 'M').root('message', 'N').root('signal', 'G');
    for (const code of CODES) {
      model.root('error', `Err${code}`, { errorCode: code });
      model.root('escalation', `Esc${code}`, { escalationCode: code });
    }
    model.startEvent('S');
    const last = this.#sequence(model, 'S', 0);
    model.from(last).endEvent('E');
    this.#handlers(model, 0);
    return model;
  }

  #id(prefix: string): string {
    return `${prefix}${(this.#count += 1)}`;
  }

  #sequence(scope: ScopeBuilder, from: string, depth: number): string {
    const length = this.prng.int(1, depth === 0 ? 4 : 3);
    let last = from;
    for (let index = 0; index < length && this.#count < this.size; index += 1)
      last = this.prng.pick(this.#blocks)(scope, last, depth);
    return last;
  }

  #task(scope: ScopeBuilder, from: string): string {
    const id = this.#id('T');
    const kind = this.prng.int(0, 3);
    scope.from(from);
    if (kind === 0) scope.externalTask(id, 'topic', this.#looping());
    else if (kind === 1) scope.node('receiveTask', id, { messageRef: 'M' }, this.#looping());
    else scope.userTask(id, this.#looping());
    if (this.prng.chance(0.4)) undoneBy(scope, id);
    this.#boundaries(scope, id, ['message', 'timer', 'conditional', 'error']);
    return id;
  }

  #set(scope: ScopeBuilder, from: string): string {
    const id = this.#id('V');
    scope.from(from).serviceTask(id, 'set', { method: 'set', params: `['x', ${this.prng.int(0, 9)}]` });
    return id;
  }

  #looping(): string {
    const { prng } = this;
    if (prng.chance(0.7)) return '';
    if (prng.chance(0.4)) return standardLoop({ testBefore: prng.chance(0.5), condition: 'x > 4', maximum: 3 });
    const sequential = prng.chance(0.5);
    const completion = prng.chance(0.4) ? { completionCondition: 'numberOfCompletedInstances >= 2 || x > 7' } : {};
    return multiInstance({ sequential, cardinality: String(prng.int(0, 3)), ...completion });
  }

  #subProcess(scope: ScopeBuilder, from: string, depth: number): string {
    if (depth > 2) return this.#task(scope, from);
    const id = this.#id('P');
    const element = this.prng.pick(['subProcess', 'subProcess', 'transaction', 'adHocSubProcess']);
    const inner = new ScopeBuilder();
    if (element === 'adHocSubProcess') this.#adHoc(inner);
    else this.#content(inner, depth, element === 'transaction');
    const attributes = { 'camunda:asyncBefore': this.prng.chance(0.1), 'camunda:asyncAfter': this.prng.chance(0.1) };
    const xml = this.#looping() + inner.innerXml();
    scope.from(from).node(element, id, attributes, xml);
    if (this.prng.chance(0.2)) undoneBy(scope, id);
    const cancel = element === 'transaction' && this.prng.chance(0.8) ? ['cancel'] : [];
    this.#boundaries(scope, id, ['message', 'timer', 'conditional', 'error', 'escalation', ...cancel]);
    return id;
  }

  #content(inner: ScopeBuilder, depth: number, isTransaction: boolean): void {
    const start = this.#id('S');
    inner.xml(this.prng.chance(0.3) ? dataObjects(this.#id('own')).replace(/name="[^"]*"/, 'name="x"') : '');
    inner.startEvent(start);
    const last = this.#sequence(inner, start, depth + 1);
    inner.from(last).node('exclusiveGateway', this.#id('W'));
    const gateway = `W${this.#count}`;
    const special = this.prng.pick([
      definitions.error(`Err${this.prng.pick(CODES)}`),
      definitions.escalation(`Esc${this.prng.pick(CODES)}`),
      definitions.terminate(),
      definitions.compensation(),
      isTransaction ? definitions.cancel() : '',
    ]);
    inner.from(gateway, 'x > 6').endEvent(this.#id('E'), special);
    inner.from(gateway, '!(x > 6)').endEvent(this.#id('E'));
    this.#handlers(inner, depth + 1);
    if (this.prng.chance(0.1) && !isTransaction) this.#compensationHandler(inner);
  }

  #compensationHandler(inner: ScopeBuilder): void {
    const start = { start: this.#id('S'), definition: definitions.compensation() };
    eventSubProcess(inner, this.#id('H'), start, (handler) => handler.userTask(this.#id('T')).endEvent(this.#id('E')));
  }

  #adHoc(inner: ScopeBuilder): void {
    const condition = this.prng.chance(0.5) ? 'x > 4' : undefined;
    for (let index = 0; index < 2; index += 1) {
      const id = this.#id('A');
      inner.apart('userTask', id);
      if (this.prng.chance(0.4)) undoneBy(inner, id);
      if (this.prng.chance(0.4)) inner.from(id).userTask(this.#id('T'));
    }
    if (condition !== undefined)
      inner.xml(
        `<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">${escapeXml(condition)}</bpmn:completionCondition>`,
      );
  }

  #handlers(scope: ScopeBuilder, depth: number): void {
    if (depth > 2 || !this.prng.chance(0.4)) return;
    const interrupting = this.prng.chance(0.5);
    const definition = this.prng.pick([
      definitions.message('N'),
      definitions.conditional('x === 3'),
      definitions.timer('timeDuration', 'PT2H'),
      definitions.escalation(),
      definitions.error(),
    ]);
    const start = {
      start: this.#id('S'),
      definition,
      interrupting: interrupting || definition === definitions.error(),
    };
    eventSubProcess(scope, this.#id('H'), start, (inner) => {
      const last = this.#sequence(inner, start.start, depth + 1);
      return inner.from(last).endEvent(this.#id('E'));
    });
  }

  #boundaries(scope: ScopeBuilder, host: string, kinds: readonly string[]): void {
    if (!kinds.includes('cancel') && !this.prng.chance(0.5)) return;
    const kind = kinds.includes('cancel') ? 'cancel' : this.prng.pick(kinds);
    const all: Readonly<Record<string, string>> = {
      message: definitions.message('N'),
      timer: definitions.timer('timeDuration', 'PT1H'),
      conditional: definitions.conditional('x === 5'),
      error: definitions.error(this.prng.chance(0.5) ? `Err${this.prng.pick(CODES)}` : undefined),
      escalation: definitions.escalation(this.prng.chance(0.5) ? `Esc${this.prng.pick(CODES)}` : undefined),
      cancel: definitions.cancel(),
    };
    const always = kind === 'error' || kind === 'cancel';
    const attributes = { cancelActivity: always || this.prng.chance(0.5) };
    scope.boundaryEvent(this.#id('B'), host, all[kind]!, attributes);
    if (this.prng.chance(0.5)) scope.userTask(this.#id('T'));
    scope.endEvent(this.#id('E'), this.prng.chance(0.3) ? definitions.compensation() : '');
  }

  #fork(scope: ScopeBuilder, from: string, depth: number): string {
    const kind = this.prng.pick(['parallel', 'inclusive', 'complex']);
    const [fork, join] = [this.#id('F'), this.#id('J')];
    scope.from(from).node(kind === 'complex' ? 'parallelGateway' : `${kind}Gateway`, fork);
    const branches = this.prng.int(2, 3);
    const activation = `<bpmn:activationCondition>activationCount &gt;= ${branches - 1}</bpmn:activationCondition>`;
    const ends: string[] = [];
    for (let index = 0; index < branches; index += 1) {
      const first = this.#id('G');
      const condition = kind === 'inclusive' && index > 0 ? `x % ${index + 1} === 0` : undefined;
      scope.from(fork, condition).exclusiveGateway(first);
      ends.push(this.#sequence(scope, first, depth + 1));
    }
    scope.apart(`${kind}Gateway`, join, {}, kind === 'complex' ? activation : '');
    for (const end of ends) scope.flow(end, join);
    return join;
  }

  #loop(scope: ScopeBuilder, from: string, depth: number): string {
    const [merge, choice] = [this.#id('G'), this.#id('W')];
    const element = this.prng.pick(['exclusiveGateway', 'inclusiveGateway']);
    scope.from(from).node(element, merge);
    // Someone has to act in each round, so that none goes on for ever by itself.
    const task = this.#id('T');
    scope.from(merge).userTask(task);
    const last = this.#sequence(scope, task, depth + 1);
    scope.from(last).exclusiveGateway(choice, { default: `${choice}-on` });
    scope.from(choice, 'x < 3').to(merge);
    const on = this.#id('G');
    scope.apart('exclusiveGateway', on).flow(choice, on, undefined, `${choice}-on`);
    return on;
  }

  /** An event-based gateway. */
  #choice(scope: ScopeBuilder, from: string): string {
    const [gateway, merge] = [this.#id('C'), this.#id('G')];
    scope.from(from).node('eventBasedGateway', gateway);
    const events = [
      definitions.message('M'),
      definitions.timer('timeDuration', 'PT3H'),
      definitions.conditional('x > 5'),
    ];
    const ids = events.map((definition) => {
      const id = this.#id('I');
      scope.from(gateway).node('intermediateCatchEvent', id, {}, definition);
      return id;
    });
    scope.apart('exclusiveGateway', merge);
    for (const id of ids) scope.flow(id, merge);
    return merge;
  }

  #event(scope: ScopeBuilder, from: string): string {
    const id = this.#id('I');
    const inner = this.prng.pick([
      definitions.message('M'),
      definitions.timer('timeDuration', 'PT1H'),
      definitions.conditional('x < 5'),
      definitions.message('M') + definitions.timer('timeDuration', 'PT1H'),
    ]);
    scope.from(from).node('intermediateCatchEvent', id, { parallelMultiple: this.prng.chance(0.5) }, inner);
    return id;
  }

  #thrower(scope: ScopeBuilder, from: string): string {
    const id = this.#id('I');
    const inner = this.prng.pick([
      definitions.escalation(`Esc${this.prng.pick(CODES)}`),
      definitions.compensation(),
      definitions.compensation().replace('/>', ' waitForCompletion="false"/>'),
      definitions.signal('G'),
    ]);
    scope.from(from).node('intermediateThrowEvent', id, {}, inner);
    return id;
  }
}
