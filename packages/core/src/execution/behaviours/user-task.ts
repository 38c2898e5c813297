import { UserTaskFormFieldType, type JsonObject, type JsonValue } from '@process-engine/contracts';
import type { UserTaskRecord } from '@process-engine/contracts/storage';
import type { CompiledText, FormField, UserTaskNode } from '../../model/graph.js';
import { evaluate } from '../evaluation.js';
import { failure, TechnicalFailure } from '../failures.js';
import type { FlowNodeInstance } from '../instance-state.js';
import { notify } from '../notify.js';
import type { Step } from '../step.js';
import { isJsonObject } from '../variables.js';
import { offerUserTask } from '../waits.js';
import type { Behaviour } from './behaviour.js';
import { peopleOf } from './task-people.js';
import { taskRow } from './task-row.js';

/** BPMN 13.3.3: waits for a person. The result is `{form_fields}`; the fields become variables. */
export const userTask: Behaviour<UserTaskNode> = {
  enter(step, instance, node) {
    const row: UserTaskRecord = {
      ...taskRow(step, instance, 'user'),
      ...peopleOf(step, instance, node),
      config: form(step, instance, node),
    };
    step.suspend(instance);
    offerUserTask(step, instance, row);
    notify(step, 'user_task_waiting', instance, instance.payload);
  },
  resume(step, instance, _node, trigger) {
    const fields = trigger.kind === 'completed' && isJsonObject(trigger.result) ? trigger.result : {};
    step.leave(instance, { result: { form_fields: fields }, data: fields });
  },
};

/** The evaluated form, as the task lists show it. */
function form(step: Step, instance: FlowNodeInstance, node: UserTaskNode): JsonObject {
  const config: JsonObject = { formFields: node.formFields.map((field) => formField(step, instance, field)) };
  const texts = {
    preferredControl: optional(step, instance, node.preferredControl),
    formKey: optional(step, instance, node.formKey),
  };
  for (const [name, value] of Object.entries(texts)) if (value !== undefined) config[name] = value;
  if (node.description !== undefined) config.description = node.description;
  if (node.finishedMessage !== undefined) config.finishedMessage = node.finishedMessage;
  return config;
}

function formField(step: Step, instance: FlowNodeInstance, field: FormField): JsonObject {
  const { id, type, label, defaultValue, preferredControl, enumValues } = field;
  const shown: JsonObject = { id };
  if (type !== undefined && Object.hasOwn(UserTaskFormFieldType, type)) shown.type = type;
  for (const [name, text] of Object.entries({ label, defaultValue, preferredControl })) {
    const value = text === undefined ? undefined : fieldValue(step, instance, id, text);
    if (value !== undefined) shown[name] = value;
  }
  if (enumValues !== undefined) shown.enumValues = enumValues.map((entry) => ({ ...entry }));
  if (field.constraints !== undefined) shown.constraints = { ...field.constraints } as JsonObject;
  return shown;
}

function fieldValue(
  step: Step,
  instance: FlowNodeInstance,
  fieldId: string,
  text: CompiledText,
): JsonValue | undefined {
  try {
    return evaluate(step, instance, text);
  } catch (error) {
    throw invalidField(step, instance, fieldId, error);
  }
}

function invalidField(step: Step, instance: FlowNodeInstance, invalidFormFieldId: string, error: unknown): unknown {
  if (!(error instanceof TechnicalFailure)) return error;
  const { record, results } = step.state;
  const currentToken = instance.previousId === null ? undefined : results.get(instance.previousId);
  return failure(
    `Invalid FormField configuration: the configuration for FormField ${invalidFormFieldId} is invalid: ${error.message}`,
    {
      additionalInformation: {
        processModelId: record.processModelId,
        processInstanceId: record.id,
        correlationId: record.correlationId,
        userTaskId: instance.node.id,
        userTaskInstanceId: instance.id,
        invalidFormFieldId,
        ...(currentToken === undefined ? {} : { currentToken }),
        validationError: error.message,
      },
    },
  );
}

function optional(step: Step, instance: FlowNodeInstance, text: CompiledText | undefined): JsonValue | undefined {
  return text === undefined ? undefined : evaluate(step, instance, text);
}
