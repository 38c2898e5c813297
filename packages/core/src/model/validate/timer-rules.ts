import type { Compilation } from '../compile/compilation.js';
import type { FlowNode, ProcessGraph, TimerEventDefinition } from '../graph.js';
import { parseTimer, TimerSyntaxError } from '../timers.js';

/** Checks the timers written as literals; those that are expressions are checked when they are reached. */
export function checkTimers(compilation: Compilation, { nodesById }: ProcessGraph): void {
  for (const node of nodesById.values()) {
    if (!('eventDefinitions' in node)) continue;
    for (const definition of node.eventDefinitions) {
      if (definition.kind === 'timer') checkTimer(compilation, node, definition);
    }
  }
}

function checkTimer(compilation: Compilation, node: FlowNode, { timer, value }: TimerEventDefinition): void {
  if (timer === 'cycle' && !mayRepeat(node)) {
    const message =
      `The cyclic timer of '${node.id}' is not possible: cycles are only allowed for TimerStartEvents, ` +
      `non-interrupting boundary events and event sub-processes.`;
    compilation.report('cyclic-timer', node, message);
  }
  if (value.language !== 'literal') return;
  try {
    parseTimer(timer, value.source);
  } catch (error) {
    if (!(error instanceof TimerSyntaxError)) throw error;
    compilation.report('invalid-timer', node, `The timer of '${node.id}' is not valid: ${error.message}.`);
  }
}

function mayRepeat(node: FlowNode): boolean {
  return node.kind === 'start-event' || (node.kind === 'boundary-event' && !node.interrupting);
}
