/** `camunda:validation` of a form field: what its value has to meet. */
import type { FormFieldConstraints } from '@process-engine/contracts';
import type { ExtensionElement } from '../../parse/bpmn-element.js';
import { attributeOf, childrenOf, type ExtensionSource } from '../extensions.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const FLAGS = { required: 'required', readonly: 'readonly' } as const;
const NUMBERS = { min: 'min', max: 'max', minlength: 'minLength', maxlength: 'maxLength' } as const;

export function formConstraints(source: ExtensionSource, field: ExtensionElement): FormFieldConstraints | undefined {
  const constraints: Mutable<FormFieldConstraints> = {};
  const validations = childrenOf(field, 'camunda:validation');
  for (const constraint of validations.flatMap((validation) => childrenOf(validation, 'camunda:constraint')))
    readConstraint(source, { field, constraint }, constraints);
  return Object.keys(constraints).length === 0 ? undefined : constraints;
}

function readConstraint(
  source: ExtensionSource,
  { field, constraint }: Record<'field' | 'constraint', ExtensionElement>,
  constraints: Mutable<FormFieldConstraints>,
): void {
  const name = attributeOf(constraint, 'name') ?? '';
  const config = attributeOf(constraint, 'config')?.trim();
  if (Object.hasOwn(FLAGS, name)) {
    constraints[FLAGS[name as keyof typeof FLAGS]] = config !== 'false';
    return;
  }
  const place = `the form field '${attributeOf(field, 'id') ?? ''}'`;
  if (!Object.hasOwn(NUMBERS, name)) {
    source.refuse(`the constraint '${name}' of ${place}`, 'check the value behind the task');
    return;
  }
  const bound = config === undefined || config === '' ? NaN : Number(config);
  if (Number.isNaN(bound)) {
    const message = `The constraint ${name} of ${place} of '${source.element.id}' is not a number: '${config ?? ''}'.`;
    source.compilation.report('invalid-value', source.element, message);
  }
  constraints[NUMBERS[name as keyof typeof NUMBERS]] = bound;
}
