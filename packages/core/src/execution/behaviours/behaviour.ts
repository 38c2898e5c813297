/** What a kind of flow node does. One small file per kind; the registry is index.ts. */
import type { JsonValue } from '@process-engine/contracts';
import type { FlowNode } from '../../model/graph.js';
import type { ChildOutcome } from '../commands.js';
import type { FlowNodeInstance } from '../instance-state.js';
import type { Step } from '../step.js';

/** Why a waiting instance goes on. */
export type Trigger =
  | { readonly kind: 'completed'; readonly result: JsonValue | undefined }
  | {
      readonly kind: 'event';
      readonly event: FlowNode;
      readonly payload: JsonValue | undefined;
      readonly hasPayload: boolean;
    }
  | { readonly kind: 'child'; readonly outcome: ChildOutcome };

export interface Behaviour<N extends FlowNode = FlowNode> {
  /** The token is here. */
  enter(step: Step, instance: FlowNodeInstance, node: N): void;
  /** Its wait was triggered. Every behaviour that waits has it. */
  resume?(step: Step, instance: FlowNodeInstance, node: N, trigger: Trigger): void;
  /** Of scopes: the last live child left. Default: leave with the payload. */
  childrenDone?(step: Step, instance: FlowNodeInstance, node: N): void;
  /** Of scopes: a child left (others may be live). */
  childLeft?(step: Step, instance: FlowNodeInstance, node: N, child: FlowNodeInstance): void;
  /** It is being cancelled, after its children. */
  cancelled?(step: Step, instance: FlowNodeInstance, node: N): void;
}

/** The payload a token carries on when a node passes it through. */
export function passThrough(instance: FlowNodeInstance): { value: JsonValue | undefined; from: string | null } {
  return { value: instance.payload, from: instance.payloadFrom };
}
