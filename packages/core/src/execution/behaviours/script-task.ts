import type { JsonValue } from '@process-engine/contracts';
import type { ScriptTaskNode } from '../../model/graph.js';
import type { ScriptError } from '../../model/scripts/script-sandbox.js';
import { evaluate, InstanceContext } from '../evaluation.js';
import { failure, TechnicalFailure } from '../failures.js';
import type { FlowNodeInstance } from '../instance-state.js';
import type { Behaviour } from './behaviour.js';

/** BPMN 13.3.3: runs the script inside the step. Its value is the result (`{}` for none), its fields become variables. */
export const scriptTask: Behaviour<ScriptTaskNode> = {
  enter(step, instance, node) {
    if (node.script.language === 'javascript' && node.script.program === undefined)
      return step.leave(instance, { result: {} });
    if (node.script.language === 'feel') {
      const value = evaluate(step, instance, node.script, { what: 'script' }) ?? {};
      return step.leave(instance, { result: value, data: value });
    }
    const { sandbox } = step.env;
    if (sandbox === undefined) throw failure(`script of '${node.id}' cannot run: no sandbox was loaded`);
    const outcome = sandbox.run(node.script, new InstanceContext(step, instance, instance.token));
    for (const { level, message } of outcome.logs) step.logs.push({ level, message, flowNodeId: node.id });
    step.spend(outcome.work);
    if ('limit' in outcome)
      throw failure(`script of '${node.id}' exceeded its ${outcome.limit} limit`, { retryable: true });
    if ('error' in outcome) throw thrownByScript(instance, outcome.error);
    const result = (outcome.value ?? {}) as JsonValue;
    step.leave(instance, { result, data: result });
  },
};

function thrownByScript(
  instance: FlowNodeInstance,
  { name, message, code = '', stack }: ScriptError,
): TechnicalFailure {
  const additionalInformation = { flowNodeId: instance.node.id };
  return new TechnicalFailure({
    name,
    code,
    message,
    additionalInformation,
    ...(stack === undefined ? {} : { stack }),
  });
}
