/**
 * An element as bpmn-moddle gives it. One flat type with every property the compiler reads, because which ones exist
 * depends on `$type` alone and reading an absent one gives undefined; references are the elements themselves.
 */
export interface BpmnElement extends FlowParts, EventParts, ActivityParts, DataParts, CorrelationParts {
  /** `bpmn:UserTask`; of an extension element the prefix of the dialect and the local name, `camunda:formData`. */
  readonly $type: string;
  readonly $parent?: BpmnElement;
  /** Attributes that BPMN does not know, by their normalised names: `camunda:topic`. */
  readonly $attrs?: Readonly<Record<string, string>>;
  /** Child elements and text of an extension element; its attributes are properties of it. */
  readonly $children?: readonly ExtensionElement[];
  readonly $body?: string;
  readonly id?: string;
  readonly name?: string;
  readonly extensionElements?: { readonly values?: readonly ExtensionElement[] };
  /** Text of an expression. */
  readonly body?: string;
  readonly language?: string;
}

/** An element of a namespace that is not BPMN; all its attributes are texts. */
export interface ExtensionElement {
  readonly $type: string;
  readonly $children?: readonly ExtensionElement[];
  readonly $body?: string;
  readonly [attribute: string]: unknown;
}

interface FlowParts {
  readonly extensions?: readonly {
    readonly mustUnderstand?: boolean;
    readonly $attrs?: Readonly<Record<string, string>>;
  }[];
  readonly rootElements?: readonly BpmnElement[];
  readonly expressionLanguage?: string;
  readonly isExecutable?: boolean;
  readonly flowElements?: readonly BpmnElement[];
  readonly artifacts?: readonly BpmnElement[];
  readonly laneSets?: readonly BpmnElement[];
  readonly lanes?: readonly BpmnElement[];
  readonly childLaneSet?: BpmnElement;
  readonly flowNodeRef?: readonly BpmnElement[];
  readonly sourceRef?: BpmnElement | readonly BpmnElement[];
  readonly targetRef?: BpmnElement;
  readonly conditionExpression?: BpmnElement;
  readonly default?: BpmnElement;
  readonly activationCondition?: BpmnElement;
  readonly instantiate?: boolean;
  readonly eventGatewayType?: 'Exclusive' | 'Parallel';
}

interface EventParts {
  readonly eventDefinitions?: readonly BpmnElement[];
  readonly eventDefinitionRef?: readonly BpmnElement[];
  readonly isInterrupting?: boolean;
  readonly cancelActivity?: boolean;
  readonly parallelMultiple?: boolean;
  readonly attachedToRef?: BpmnElement;
  readonly messageRef?: BpmnElement;
  readonly signalRef?: BpmnElement;
  readonly errorRef?: BpmnElement;
  readonly errorCode?: string;
  readonly escalationRef?: BpmnElement;
  readonly escalationCode?: string;
  readonly timeDate?: BpmnElement;
  readonly timeDuration?: BpmnElement;
  readonly timeCycle?: BpmnElement;
  readonly condition?: BpmnElement;
  readonly activityRef?: BpmnElement;
  readonly waitForCompletion?: boolean;
}

interface ActivityParts {
  readonly isForCompensation?: boolean;
  readonly startQuantity?: number;
  readonly completionQuantity?: number;
  readonly loopCharacteristics?: BpmnElement;
  readonly isSequential?: boolean;
  readonly behavior?: string;
  readonly loopCardinality?: BpmnElement;
  readonly loopDataInputRef?: BpmnElement;
  readonly loopDataOutputRef?: BpmnElement;
  readonly inputDataItem?: BpmnElement;
  readonly outputDataItem?: BpmnElement;
  readonly completionCondition?: BpmnElement;
  readonly testBefore?: boolean;
  readonly loopCondition?: BpmnElement;
  readonly loopMaximum?: number;
  readonly triggeredByEvent?: boolean;
  readonly ordering?: 'Parallel' | 'Sequential';
  readonly cancelRemainingInstances?: boolean;
  readonly script?: string;
  readonly scriptFormat?: string;
  /** Of a global script task. */
  readonly scriptLanguage?: string;
  readonly calledElement?: string;
  /** Of a resource role: `resourceAssignmentExpression.expression.body`. */
  readonly resources?: readonly BpmnElement[];
  readonly resourceAssignmentExpression?: { readonly expression?: BpmnElement };
}

interface DataParts {
  readonly properties?: readonly BpmnElement[];
  readonly ioSpecification?: BpmnElement;
  readonly dataInputs?: readonly BpmnElement[];
  readonly dataOutputs?: readonly BpmnElement[];
  readonly dataInputAssociations?: readonly BpmnElement[];
  readonly dataOutputAssociations?: readonly BpmnElement[];
  readonly transformation?: BpmnElement;
  readonly assignment?: readonly { readonly from?: BpmnElement; readonly to?: BpmnElement }[];
  readonly dataObjectRef?: BpmnElement;
}

interface CorrelationParts {
  readonly participants?: readonly BpmnElement[];
  readonly processRef?: BpmnElement;
  readonly conversations?: readonly BpmnElement[];
  readonly participantRef?: readonly BpmnElement[];
  readonly correlationKeys?: readonly BpmnElement[];
  readonly correlationPropertyRef?: BpmnElement | readonly BpmnElement[];
  readonly correlationPropertyRetrievalExpression?: readonly BpmnElement[];
  readonly messagePath?: BpmnElement;
  readonly correlationSubscriptions?: readonly BpmnElement[];
  readonly correlationKeyRef?: BpmnElement;
  readonly correlationPropertyBinding?: readonly BpmnElement[];
  readonly dataPath?: BpmnElement;
}
