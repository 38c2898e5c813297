/** Expressions against an instance's data: what names mean, and what a failing expression does. */
import type { JsonObject, JsonValue } from '@process-engine/contracts';
import type { CompiledExpression, EvaluationContext } from '../model/expressions/compile-expression.js';
import { ExpressionLimitError } from '../model/expressions/expression-errors.js';
import type { ScriptSandbox } from '../model/scripts/script-sandbox.js';
import { failure } from './failures.js';
import type { FlowNodeInstance, Token } from './instance-state.js';
import { jsonOf } from './json-of.js';
import type { Step } from './step.js';
import { findVariable, visibleVariables } from './variables.js';

/** Names in an expression: the token, the instance's properties, then the variables in sight from the instance outward. */
export class InstanceContext implements EvaluationContext {
  constructor(
    private readonly step: Step,
    private readonly instance: FlowNodeInstance,
    private readonly token: Token,
    /** Names that come first: a message's payload, loop attributes. */
    private readonly extra?: Readonly<JsonObject>,
  ) {}

  get now(): number {
    return this.step.now;
  }

  get random(): () => number {
    return this.step.random;
  }

  get sandbox(): ScriptSandbox | undefined {
    return this.step.env.sandbox;
  }

  readonly lookup = (name: string): unknown => {
    if (this.extra !== undefined && Object.hasOwn(this.extra, name)) return this.extra[name];
    const { record } = this.step.state;
    const { data } = this.step.graph;
    switch (name) {
      case 'token':
        return data === 'variables' ? undefined : this.#tokenView();
      case 'identity':
        return { userId: record.ownerId, token: '' };
      case 'correlationId':
        return record.correlationId;
      case 'processInstanceId':
        return record.id;
      case 'variables':
        return data === 'token' ? undefined : visibleVariables(this.instance);
      default:
        return data === 'token' ? undefined : findVariable(this.instance, name);
    }
  };

  #tokenView(): { current: unknown; history: JsonObject } {
    const { results } = this.step.state;
    const { trail, previousId } = this.token;
    const history = Object.fromEntries(
      Object.entries(trail).map(([flowNodeId, id]) => [flowNodeId, results.get(id)]),
    ) as JsonObject;
    return { current: previousId === null ? undefined : results.get(previousId), history };
  }
}

/** Evaluates; any error is a failure of the instance. `what` names the expression in its message. */
export function evaluate(
  step: Step,
  instance: FlowNodeInstance,
  expression: Pick<CompiledExpression, 'source' | 'evaluate'>,
  options: { readonly what?: string; readonly token?: Token; readonly extra?: JsonObject } = {},
): JsonValue | undefined {
  const { what = 'expression', token = instance.token, extra } = options;
  try {
    return jsonOf(expression.evaluate(new InstanceContext(step, instance, token, extra)));
  } catch (error) {
    throw failure(`${what} of '${instance.node.id}' is invalid: ${messageOf(error)}`, {
      additionalInformation: { flowNodeId: instance.node.id, expression: expression.source },
    });
  }
}

/** Evaluates to a text: numbers and booleans as they read, objects as JSON, nothing as `''`. */
export function evaluateText(
  step: Step,
  instance: FlowNodeInstance,
  expression: CompiledExpression,
  what: string,
): string {
  return textOf(evaluate(step, instance, expression, { what }));
}

/** A whole number of 32 bits; 0 where the text is missing or gives nothing. */
export function evaluatePriority(step: Step, instance: FlowNodeInstance, text: CompiledExpression | undefined): number {
  const value = text === undefined ? 0 : Number(evaluate(step, instance, text, { what: 'priority' }) ?? 0);
  // Adding 0 turns -0 into 0.
  if (value === (value | 0)) return value + 0;
  throw failure(`priority of '${instance.node.id}' is invalid: it is no whole number of 32 bits`);
}

export function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** A condition: an error is *false*, except a hit limit, which is a failure. */
export function isTrue(
  step: Step,
  instance: FlowNodeInstance,
  condition: CompiledExpression,
  token: Token,
  extra?: JsonObject,
): boolean {
  try {
    return Boolean(condition.evaluate(new InstanceContext(step, instance, token, extra)));
  } catch (error) {
    if (!(error instanceof ExpressionLimitError)) return false;
    throw failure(`condition at '${instance.node.id}' exceeded its limit: ${error.message}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
