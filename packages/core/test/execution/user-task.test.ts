import { expect } from 'chai';
import { processBuilder, propertiesXml } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

const MODEL = processBuilder('P').startEvent('S').userTask('A').endEvent('E');

function withForm(fields: string, properties: Readonly<Record<string, string>> = {}): string {
  const form = `<camunda:formData>${fields}</camunda:formData>`;
  const extensions = propertiesXml(properties).replace('<camunda:properties>', `${form}<camunda:properties>`);
  return processBuilder('P').startEvent('S').userTask('A', extensions).endEvent('E').toXml();
}

describe('A user task', () => {
  it('waits, is listed with the payload it was reached with, and is gone when it was finished', async () => {
    const engine = await scenario([MODEL]);
    const { processInstanceId, correlationId } = await engine.start('P', { v: 1 });
    const [task, ...others] = await engine.tasks();
    expect(others).to.deep.equal([]);
    const { flowNodeInstanceId, ...rest } = task!;
    expect(rest).to.deep.equal({
      priority: 0,
      createdAt: '2030-01-01T00:00:00.000Z',
      flowNodeType: 'bpmn:UserTask',
      id: 'A',
      name: 'A',
      correlationId,
      processModelId: 'P',
      processInstanceId,
      tokenPayload: { v: 1 },
      data: { formFields: [] },
    });
    await engine.finishTask(task!);
    expect(await engine.tasks()).to.deep.equal([]);
    expect((await engine.entry(processInstanceId, 'A')).flowNodeInstanceId).to.equal(flowNodeInstanceId);
  });

  it('leaves its form fields, wrapped, as its result', async () => {
    const engine = await scenario([MODEL]);
    const { processInstanceId } = await engine.start('P');
    await engine.finish('A', { name: 'Ada', age: 36, tags: ['x'], deep: { a: null } });
    const result = { form_fields: { name: 'Ada', age: 36, tags: ['x'], deep: { a: null } } };
    expect(await engine.result(processInstanceId, 'A')).to.deep.equal(result);
    expect(await engine.result(processInstanceId, 'E')).to.deep.equal(result);
  });

  for (const [what, body] of [
    ['no body', undefined],
    ['an empty body', {}],
    ['no form fields', { formFields: undefined }],
    ['form fields that are null', { formFields: null }],
  ] as const) {
    it(`finished with ${what} leaves an empty form`, async () => {
      const engine = await scenario([MODEL]);
      const { processInstanceId, correlationId } = await engine.start('P');
      const [task] = await engine.tasks();
      await engine.engine.consumerApi.finishUserTask(
        engine.identity,
        processInstanceId,
        correlationId,
        task!.flowNodeInstanceId,
        body as never,
      );
      expect(await engine.result(processInstanceId, 'A')).to.deep.equal({ form_fields: {} });
    });
  }

  for (const formFields of ['text', ['a'], 5]) {
    it(`refuses the form fields ${JSON.stringify(formFields)} and goes on waiting`, async () => {
      const engine = await scenario([MODEL]);
      const { processInstanceId, correlationId } = await engine.start('P');
      const [task] = await engine.tasks();
      const error = await errorOf(
        engine.engine.consumerApi.finishUserTask(
          engine.identity,
          processInstanceId,
          correlationId,
          task!.flowNodeInstanceId,
          { formFields } as never,
        ),
      );
      expect(error).to.include({ code: 400, reason: 'form-fields-invalid' });
      expect(error.message).to.match(/not.*an object/i);
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    });
  }

  it('shows its form with evaluated texts that keep their type', async () => {
    const fields =
      '<camunda:formField id="f1" type="long" label="Age of ${token.current.name}" defaultValue="${token.current.age}"/>' +
      '<camunda:formField id="f2" type="enum" label="Colour" preferredControl="radio"><camunda:value id="r" name="Red"/></camunda:formField>' +
      '<camunda:formField id="f3" label="${name}"/>';
    const xml = withForm(fields, {
      preferredControl: "${'tab' + 'le'}",
      description: 'Fill ${it} in',
      finishedMessage: 'Thanks',
    });
    const engine = await scenario([xml]);
    await engine.start('P', { name: 'Ada', age: 36 });
    const [task] = await engine.tasks();
    expect(task).to.have.deep.property('data', {
      formFields: [
        { id: 'f1', type: 'long', label: 'Age of ${token.current.name}', defaultValue: 36 },
        { id: 'f2', type: 'enum', label: 'Colour', preferredControl: 'radio', enumValues: [{ id: 'r', name: 'Red' }] },
        { id: 'f3', label: 'Ada' },
      ],
      preferredControl: 'table',
      description: 'Fill ${it} in',
      finishedMessage: 'Thanks',
    });
  });

  it('whose form cannot be evaluated fails the instance and says which field it was', async () => {
    const engine = await scenario([withForm('<camunda:formField id="Broken" label="${token.current.a.b.c}"/>')]);
    const error = await errorOf(engine.call('P', { x: 1 }, { correlationId: 'c' }));
    expect(error.code).to.equal(500);
    expect(error.message).to.match(/configuration for FormField Broken is invalid/i);
    const [processInstanceId] = await engine.instancesOf('P');
    const entry = await engine.entry(processInstanceId!, 'A');
    const { validationError, ...information } = error.additionalInformation as Record<string, unknown>;
    expect(validationError).to.be.a('string');
    expect(information).to.deep.equal({
      processModelId: 'P',
      processInstanceId,
      correlationId: 'c',
      userTaskId: 'A',
      userTaskInstanceId: entry.flowNodeInstanceId,
      invalidFormFieldId: 'Broken',
      currentToken: { x: 1 },
    });
  });

  it('keeps whom it is for and when it is due, evaluated', async () => {
    const attributes = {
      'camunda:assignee': '${boss}',
      'camunda:candidateUsers': 'ann, bob',
      'camunda:candidateGroups': '${groups}',
      'camunda:dueDate': '2030-05-01T00:00:00Z',
      'camunda:followUpDate': 'P1D',
      'camunda:priority': '${5 * 10}',
      'camunda:formKey': 'form-1',
    };
    const engine = await scenario([
      processBuilder('P').startEvent('S').node('userTask', 'A', attributes).endEvent('E'),
    ]);
    await engine.start('P', { boss: 'eve', groups: ['g1', 'g2'] });
    const [row] = (await engine.storage.findUserTasks({ tenantId: '' })).items;
    expect(row).to.deep.include({
      assignee: 'eve',
      candidateUsers: ['ann', 'bob'],
      candidateGroups: ['g1', 'g2'],
      dueAt: Date.UTC(2030, 4, 1),
      followUpAt: Date.UTC(2030, 0, 2),
      priority: 50,
    });
    expect(row!.config).to.deep.equal({ formFields: [], formKey: 'form-1' });
  });

  for (const [attribute, text, message] of [
    ['camunda:dueDate', 'tomorrow', /due date of user task 'A'.*'tomorrow' is not in ISO8601/],
    ['camunda:followUpDate', 'PX', /follow-up date of user task 'A'.*'PX'/],
    ['camunda:priority', 'high', /priority of 'A' is invalid: it is no whole number/],
  ] as const) {
    it(`fails where its ${attribute} is '${text}'`, async () => {
      const engine = await scenario([
        processBuilder('P')
          .startEvent('S')
          .node('userTask', 'A', { [attribute]: text })
          .endEvent('E'),
      ]);
      const error = await errorOf(engine.call('P'));
      expect(error.message).to.match(message);
    });
  }
});
