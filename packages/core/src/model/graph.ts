/**
 * The compiled form of one process: frozen, shared by all its instances, cached by the file's hash.
 *
 * Nodes refer to each other directly; expressions are compiled; nothing here changes after compilation and nothing here
 * runs anything. `kind` selects the behaviour that runs a node (execution/behaviours), everything else is data for it.
 */
import type { FormFieldConstraints } from '@process-engine/contracts';
import type { CompiledExpression } from './expressions/compile-expression.js';
import type { CompiledScript } from './scripts/script-sandbox.js';

export interface SequenceFlow {
  readonly id: string;
  readonly name: string | undefined;
  readonly source: FlowNode;
  readonly target: FlowNode;
  readonly condition: CompiledExpression | undefined;
  /** True for the default flow of its source. */
  readonly isDefault: boolean;
}

/** A text that may be an expression: of language `literal` where it has no marker. */
export type CompiledText = CompiledExpression;

export type EventDefinition =
  | MessageEventDefinition
  | SignalEventDefinition
  | TimerEventDefinition
  | ErrorEventDefinition
  | EscalationEventDefinition
  | ConditionalEventDefinition
  | LinkEventDefinition
  | CompensateEventDefinition
  | { readonly kind: 'cancel' }
  | { readonly kind: 'terminate' };

export interface MessageEventDefinition {
  readonly kind: 'message';
  readonly name: CompiledText;
  /** How a message is matched beyond its name (BPMN 8.4.2, or a dialect's correlation key); undefined: by name alone. */
  readonly correlation: MessageCorrelation | undefined;
}

/** Key-based correlation: each property is read from the message's payload and compared with the instance's data. */
export interface MessageCorrelation {
  readonly properties: readonly {
    readonly name: string;
    /** Reads the property from the payload (its fields are the names in scope). */
    readonly fromMessage: CompiledExpression;
    /** Reads the expected value from the instance's data; undefined: the first message of the conversation fixes it. */
    readonly fromInstance: CompiledExpression | undefined;
  }[];
}

export interface SignalEventDefinition {
  readonly kind: 'signal';
  readonly name: CompiledText;
}

export interface TimerEventDefinition {
  readonly kind: 'timer';
  readonly timer: 'date' | 'duration' | 'cycle';
  readonly value: CompiledText;
  /** False: property `enabled` is `false` (start timers only). */
  readonly enabled: boolean;
}

export interface ErrorEventDefinition {
  readonly kind: 'error';
  /** Of a catching event: undefined or empty catches every error. */
  readonly code: string | undefined;
  readonly name: string;
  readonly message: string;
}

export interface EscalationEventDefinition {
  readonly kind: 'escalation';
  readonly code: string | undefined;
  readonly name: string;
}

export interface ConditionalEventDefinition {
  readonly kind: 'conditional';
  readonly condition: CompiledExpression;
}

export interface LinkEventDefinition {
  readonly kind: 'link';
  readonly name: string;
}

export interface CompensateEventDefinition {
  readonly kind: 'compensation';
  readonly activityId: string | undefined;
  readonly waitForCompletion: boolean;
}

/** A variable written from an expression. */
export interface DataMapping {
  readonly target: string;
  readonly source: CompiledExpression;
}

/** BPMN 10.3.8. */
export type LoopCharacteristics = MultiInstanceLoop | StandardLoop;

export interface MultiInstanceLoop {
  readonly kind: 'multi-instance';
  readonly sequential: boolean;
  readonly cardinality: CompiledExpression | undefined;
  readonly collection: CompiledExpression | undefined;
  readonly elementVariable: string | undefined;
  readonly outputCollection: string | undefined;
  /** What one iteration contributes to the output collection. */
  readonly outputElement: CompiledExpression | undefined;
  readonly completionCondition: CompiledExpression | undefined;
}

export interface StandardLoop {
  readonly kind: 'standard';
  readonly testBefore: boolean;
  readonly condition: CompiledExpression | undefined;
  readonly maximum: number | undefined;
}

/** A declared data object or property: a variable of its scope, null when the scope opens. */
export interface DataDeclaration {
  readonly name: string;
}

/** What all flow nodes, and the process itself, have. */
export interface NodeBase {
  readonly id: string;
  readonly name: string | undefined;
  /** BPMN type, for example `bpmn:UserTask`; of the root `bpmn:Process`. */
  readonly type: string;
  /** The enclosing container; undefined for the process itself. */
  readonly scope: ScopeNode | undefined;
  readonly incoming: readonly SequenceFlow[];
  readonly outgoing: readonly SequenceFlow[];
  /** JSON array of the names of the lanes around the node, outermost first; `'[]'` where there are none. */
  readonly lanes: string;
  readonly boundaryEvents: readonly BoundaryEventNode[];
  readonly asyncBefore: boolean;
  readonly asyncAfter: boolean;
  readonly loop: LoopCharacteristics | undefined;
  /** The activity that undoes this one (BPMN 10.7). */
  readonly compensationHandler: FlowNode | undefined;
  readonly isForCompensation: boolean;
  /** Local variables set on entry. */
  readonly inputs: readonly DataMapping[];
  /** Variables of the enclosing scope set on leaving; where there are any, nothing else is written for the node. */
  readonly outputs: readonly DataMapping[];
  /** The variable that takes the node's whole result instead of its fields. */
  readonly resultVariable: string | undefined;
  /** Attempts after technical failures: delays in ms before each, or undefined for the engine's option. */
  readonly retries: readonly number[] | undefined;
  /** Extension properties by name. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface ProcessNode extends NodeBase, ScopeParts {
  readonly kind: 'process';
}

export interface SubProcessNode extends NodeBase, ScopeParts {
  readonly kind: 'sub-process' | 'event-sub-process' | 'transaction' | 'ad-hoc-sub-process';
  readonly adHoc: AdHocOptions | undefined;
}

export interface AdHocOptions {
  readonly sequential: boolean;
  readonly completionCondition: CompiledExpression | undefined;
  readonly cancelRemaining: boolean;
}

/** A container of flow nodes. */
export interface ScopeParts {
  readonly nodes: readonly FlowNode[];
  readonly startEvents: readonly StartEventNode[];
  readonly eventSubProcesses: readonly SubProcessNode[];
  readonly data: readonly DataDeclaration[];
  /** Activities and gateways without incoming flows that start with the scope where it has no start event (BPMN 13.3.4). */
  readonly implicitStarts: readonly FlowNode[];
}

export type ScopeNode = ProcessNode | SubProcessNode;

interface EventParts {
  readonly eventDefinitions: readonly EventDefinition[];
}

export interface StartEventNode extends NodeBase, EventParts {
  readonly kind: 'start-event';
  /** Of an event sub-process's start event. */
  readonly interrupting: boolean;
  readonly parallelMultiple: boolean;
}

export interface EndEventNode extends NodeBase, EventParts {
  readonly kind: 'end-event';
  /** What is sent, or the path's last payload; undefined: the current payload. */
  readonly payload: CompiledExpression | undefined;
}

export interface ThrowEventNode extends NodeBase, EventParts {
  readonly kind: 'intermediate-throw-event';
  readonly payload: CompiledExpression | undefined;
}

export interface CatchEventNode extends NodeBase, EventParts {
  readonly kind: 'intermediate-catch-event';
  readonly parallelMultiple: boolean;
}

export interface BoundaryEventNode extends NodeBase, EventParts {
  readonly kind: 'boundary-event';
  readonly attachedTo: FlowNode;
  readonly interrupting: boolean;
  readonly parallelMultiple: boolean;
}

export interface GatewayNode extends NodeBase {
  readonly kind: 'exclusive-gateway' | 'parallel-gateway';
}

export interface InclusiveGatewayNode extends NodeBase {
  readonly kind: 'inclusive-gateway';
  /** Per incoming flow, by its position: ids of the nodes from which a token can still reach it without passing the join. */
  readonly reach: readonly ReadonlySet<string>[];
}

export interface ComplexGatewayNode extends NodeBase {
  readonly kind: 'complex-gateway';
  readonly activationCondition: CompiledExpression | undefined;
  readonly reach: readonly ReadonlySet<string>[];
}

export interface EventBasedGatewayNode extends NodeBase {
  readonly kind: 'event-based-gateway';
  readonly instantiate: boolean;
  readonly parallel: boolean;
}

/** A field of a user task's form; texts are evaluated when the task is entered. */
export interface FormField {
  readonly id: string;
  readonly type: string | undefined;
  readonly label: CompiledText | undefined;
  readonly defaultValue: CompiledText | undefined;
  readonly preferredControl: CompiledText | undefined;
  readonly enumValues: readonly { readonly id: string; readonly name: string }[] | undefined;
  readonly constraints: FormFieldConstraints | undefined;
}

export interface UserTaskNode extends NodeBase {
  readonly kind: 'user-task';
  readonly formFields: readonly FormField[];
  readonly formKey: CompiledText | undefined;
  readonly preferredControl: CompiledText | undefined;
  readonly description: string | undefined;
  readonly finishedMessage: string | undefined;
  readonly assignee: CompiledText | undefined;
  readonly candidateUsers: CompiledText | undefined;
  readonly candidateGroups: CompiledText | undefined;
  readonly dueDate: CompiledText | undefined;
  readonly followUpDate: CompiledText | undefined;
  readonly priority: CompiledText | undefined;
}

/** `passThrough`: an untyped task that does not wait (engine option or model property). */
export interface PlainTaskNode extends NodeBase {
  readonly kind: 'manual-task' | 'empty-task';
  readonly passThrough: boolean;
}

export interface ScriptTaskNode extends NodeBase {
  readonly kind: 'script-task';
  readonly script: CompiledScript;
}

/** Work of a service registered in a process of the engine: `services[module]`, or a method of it. */
export interface ServiceTaskNode extends NodeBase {
  readonly kind: 'service-task';
  readonly module: string;
  readonly method: string | undefined;
  /** Arguments of the method: a list, or a single value; undefined: the handler form, called with one context object. */
  readonly params: CompiledExpression | undefined;
}

/** A task of any BPMN type whose work is fetched by an external worker. */
export interface ExternalTaskNode extends NodeBase {
  readonly kind: 'external-task';
  readonly topic: CompiledText;
  /** What the worker gets; undefined: the current payload. */
  readonly payload: CompiledExpression | undefined;
  readonly priority: CompiledText | undefined;
  /** Error definitions thrown where an expression over the worker's answer holds. */
  readonly errorMappings: readonly { readonly condition: CompiledExpression; readonly error: ErrorEventDefinition }[];
}

export interface SendTaskNode extends NodeBase {
  readonly kind: 'send-task';
  readonly message: MessageEventDefinition;
  readonly payload: CompiledExpression | undefined;
}

export interface ReceiveTaskNode extends NodeBase {
  readonly kind: 'receive-task';
  readonly message: MessageEventDefinition;
  readonly instantiate: boolean;
}

export interface CallActivityNode extends NodeBase {
  readonly kind: 'call-activity';
  readonly calledElement: CompiledText;
  readonly binding: CallBinding;
  readonly startEventId: string | undefined;
  /** The called process's start payload; undefined: the current payload. */
  readonly payload: CompiledExpression | undefined;
  readonly businessKey: CompiledExpression | undefined;
  /** Variables handed over; `'all'`: every visible one. Undefined: the payload is the start payload and nothing else. */
  readonly inMappings: 'all' | readonly DataMapping[] | undefined;
  /** Variables taken back, evaluated over the called process's variables. */
  readonly outMappings: 'all' | readonly DataMapping[] | undefined;
}

export type CallBinding =
  | { readonly kind: 'latest' }
  | { readonly kind: 'deployment' }
  | { readonly kind: 'version'; readonly version: CompiledText }
  | { readonly kind: 'versionTag'; readonly versionTag: CompiledText };

export type FlowNode =
  | SubProcessNode
  | StartEventNode
  | EndEventNode
  | ThrowEventNode
  | CatchEventNode
  | BoundaryEventNode
  | GatewayNode
  | InclusiveGatewayNode
  | ComplexGatewayNode
  | EventBasedGatewayNode
  | UserTaskNode
  | PlainTaskNode
  | ScriptTaskNode
  | ServiceTaskNode
  | ExternalTaskNode
  | SendTaskNode
  | ReceiveTaskNode
  | CallActivityNode;

export type FlowNodeKind = FlowNode['kind'];

export interface ProcessGraph {
  readonly processModelId: string;
  readonly name: string | undefined;
  readonly versionTag: string | undefined;
  readonly isExecutable: boolean;
  readonly root: ProcessNode;
  /** Every flow node of the process, in all depths. */
  readonly nodesById: ReadonlyMap<string, FlowNode>;
  /** Flow node ids whose results expressions of this process read by `token.history`; `'all'` if any may be read. */
  readonly historyIds: ReadonlySet<string> | 'all';
  /** Which of token and variables expressions see. */
  readonly data: 'both' | 'token' | 'variables';
  /** True where an inclusive or complex gateway has several incoming flows. */
  readonly hasInclusiveJoins: boolean;
  /** True where a script or expression needs the sandbox. */
  readonly usesSandbox: boolean;
}
