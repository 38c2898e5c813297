/** The values of a user task's form against the constraints its model sets. */
import {
  BadRequestError,
  type FormFieldConstraints,
  type JsonObject,
  type JsonValue,
  type UserTaskConfig,
  type UserTaskFormField,
} from '@process-engine/contracts';

/** `constraints`: fields that have any, with their types (default); `all`: every field's type, and no other fields; `none`. */
export type FormValidation = 'constraints' | 'all' | 'none';

interface InvalidField {
  readonly id: string;
  readonly message: string;
}

/** BadRequestError (`form-fields-invalid`) that names every field at fault. */
export function checkFormValues(config: UserTaskConfig, values: JsonObject, validation: FormValidation): void {
  if (validation === 'none') return;
  const fields = config.formFields.filter(({ constraints }) => validation === 'all' || constraints !== undefined);
  const invalid = fields.flatMap((field) => {
    const message = problemOf(field, Object.hasOwn(values, field.id) ? values[field.id] : undefined);
    return message === undefined ? [] : [{ id: field.id, message }];
  });
  if (validation === 'all') invalid.push(...unknownFields(config, values));
  if (invalid.length === 0) return;
  throw new BadRequestError(invalid.map(({ id, message }) => `form field '${id}' ${message}`).join('; '), {
    reason: 'form-fields-invalid',
    additionalInformation: { invalidFields: invalid as unknown as JsonValue },
  });
}

function unknownFields({ formFields }: UserTaskConfig, values: JsonObject): InvalidField[] {
  const known = new Set(formFields.map(({ id }) => id));
  return Object.keys(values)
    .filter((id) => !known.has(id))
    .map((id) => ({ id, message: 'is not in the form' }));
}

function problemOf(field: UserTaskFormField, value: JsonValue | undefined): string | undefined {
  const { constraints = {} } = field;
  if (value === undefined || value === null || value === '') return constraints.required ? 'is required' : undefined;
  if (constraints.readonly) return 'is read-only';
  return typeProblem(field, value) ?? boundProblem(constraints, value);
}

type FieldType = NonNullable<UserTaskFormField['type']>;

const TYPES: Record<Exclude<FieldType, 'enum'>, { readonly named: string; is(value: JsonValue): boolean }> = {
  boolean: { named: 'true or false', is: (value) => typeof value === 'boolean' },
  date: { named: 'an ISO 8601 date', is: (value) => typeof value === 'string' && isDate(value) },
  long: { named: 'a whole number', is: (value) => Number.isSafeInteger(value) },
  number: { named: 'a number', is: (value) => typeof value === 'number' },
  string: { named: 'a text', is: (value) => typeof value === 'string' },
};

function typeProblem({ type, enumValues = [] }: UserTaskFormField, value: JsonValue): string | undefined {
  if (type === undefined) return undefined;
  if (type === 'enum') {
    const ids = enumValues.map(({ id }) => id);
    return ids.includes(value as string) ? undefined : `must be one of ${ids.join(', ')}`;
  }
  return TYPES[type].is(value) ? undefined : `must be ${TYPES[type].named}`;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text));
}

function boundProblem(constraints: FormFieldConstraints, value: JsonValue): string | undefined {
  const { min = -Infinity, max = Infinity, minLength = 0, maxLength = Infinity } = constraints;
  if (typeof value === 'number') {
    if (value < min) return `must be at least ${min}`;
    if (value > max) return `must be at most ${max}`;
  }
  if (typeof value === 'string') {
    if (value.length < minLength) return `must have at least ${minLength} characters`;
    if (value.length > maxLength) return `must have at most ${maxLength} characters`;
  }
  return undefined;
}
