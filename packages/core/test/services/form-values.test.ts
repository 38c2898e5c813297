import { expect } from 'chai';
import { BadRequestError, type JsonObject, type UserTaskFormField } from '@process-engine/contracts';
import { checkFormValues, type FormValidation } from '../../dist/services/form-values.js';

function problems(fields: UserTaskFormField[], values: JsonObject, validation: FormValidation = 'constraints') {
  try {
    checkFormValues({ formFields: fields }, values, validation);
    return {};
  } catch (error) {
    expect(error).to.be.instanceOf(BadRequestError);
    const { reason, additionalInformation } = error as InstanceType<typeof BadRequestError>;
    expect(reason).to.equal('form-fields-invalid');
    const { invalidFields } = additionalInformation as { invalidFields: { id: string; message: string }[] };
    return Object.fromEntries(invalidFields.map(({ id, message }) => [id, message]));
  }
}

const ENUM_VALUES = [
  { id: 'mail', name: 'By mail' },
  { id: 'post', name: 'By post' },
];

describe('The values of a form', () => {
  const cases: readonly (readonly [Partial<UserTaskFormField>, unknown, string | undefined])[] = [
    [{ type: 'string', constraints: { required: true } }, '', 'is required'],
    [{ type: 'string', constraints: { required: true } }, undefined, 'is required'],
    [{ type: 'boolean', constraints: { required: true } }, false, undefined],
    [{ type: 'boolean', constraints: { required: true } }, 'false', 'must be true or false'],
    [{ type: 'long', constraints: { min: 1 } }, 0, 'must be at least 1'],
    [{ type: 'long', constraints: { min: 1 } }, 1.5, 'must be a whole number'],
    [{ type: 'number', constraints: { max: 2 } }, 1.5, undefined],
    [{ type: 'number', constraints: { max: 2 } }, 2.1, 'must be at most 2'],
    [{ type: 'string', constraints: { minLength: 2 } }, 'a', 'must have at least 2 characters'],
    [{ type: 'string', constraints: { maxLength: 2 } }, 'abc', 'must have at most 2 characters'],
    [{ type: 'date', constraints: { required: true } }, '2030-02-30x', 'must be an ISO 8601 date'],
    [{ type: 'date', constraints: { required: true } }, '2030-02-28', undefined],
    [{ type: 'enum', constraints: { required: true }, enumValues: ENUM_VALUES }, 'fax', 'must be one of mail, post'],
    [{ type: 'enum', constraints: { required: true }, enumValues: ENUM_VALUES }, 'post', undefined],
    [{ type: 'string', constraints: { readonly: true } }, 'x', 'is read-only'],
    [{ constraints: { required: true } }, ['anything'], undefined],
    [{ type: 'long' }, 'no constraint, no check', undefined],
  ];
  for (const [field, value, problem] of cases) {
    it(`${JSON.stringify(value)} ${problem ?? 'is right'} (${field.type ?? 'no type'}, ${JSON.stringify(field.constraints ?? {})})`, () => {
      const values = (value === undefined ? {} : { f: value }) as JsonObject;
      expect(problems([{ id: 'f', ...field }], values)).to.deep.equal(problem === undefined ? {} : { f: problem });
    });
  }

  it('are checked by type where all are, and no others are taken then', () => {
    const fields: UserTaskFormField[] = [{ id: 'f', type: 'long' }];
    expect(problems(fields, { f: 'x', constructor: 1 }, 'all')).to.deep.equal({
      f: 'must be a whole number',
      constructor: 'is not in the form',
    });
    expect(problems(fields, {}, 'all')).to.deep.equal({});
  });

  it('are not checked where nothing is', () => {
    expect(problems([{ id: 'f', constraints: { required: true } }], {}, 'none')).to.deep.equal({});
  });
});
