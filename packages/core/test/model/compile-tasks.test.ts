import { expect } from 'chai';
import type { CompileOptions, FlowNode } from '../../dist/model/index.js';
import { ALL_ELEMENTS } from '../../dist/model/index.js';
import { compile, evaluate, graphOf, nodeOf, processWith, sequence } from './model-source.js';

const properties = (entries: Readonly<Record<string, string>>): string =>
  `<extensionElements><camunda:properties>${Object.entries(entries)
    .map(([name, value]) => `<camunda:property name="${name}" value="${value}"/>`)
    .join('')}</camunda:properties></extensionElements>`;

async function taskOf<K extends FlowNode['kind']>(xml: string, kind: K, options: CompileOptions = {}) {
  const graph = await graphOf(processWith(sequence(['A', xml]), BESIDE), {
    supportedElements: ALL_ELEMENTS,
    ...options,
  });
  return nodeOf(graph, 'A', kind);
}

const BESIDE = '<message id="M" name="order"/><error id="Err" errorCode="E1"/>';

describe('compileModel compiles tasks:', () => {
  it('untyped tasks wait, unless an option or a property lets them pass', async () => {
    const passes = async (task: string, options: CompileOptions = {}) =>
      (await taskOf(task, 'empty-task', options)).passThrough;
    expect(await passes('<task id="A"/>')).to.equal(false);
    expect(await passes('<task id="A"/>', { untypedTasks: 'pass' })).to.equal(true);
    expect(await passes(`<task id="A">${properties({ untypedTasks: 'pass' })}</task>`)).to.equal(true);
    const process = `${properties({ untypedTasks: 'pass' })}${sequence(['A', '<task id="A"/>'])}`;
    expect(nodeOf(await graphOf(processWith(process)), 'A', 'empty-task').passThrough).to.equal(true);
  });

  it('manual tasks', async () => {
    expect((await taskOf('<manualTask id="A"/>', 'manual-task')).type).to.equal('bpmn:ManualTask');
  });

  it('script tasks with what they read of the token', async () => {
    const graph = await graphOf(
      processWith(
        sequence([
          'A',
          '<scriptTask id="A" scriptFormat="javascript"><script>return token.history.S.x</script></scriptTask>',
        ]),
      ),
    );
    expect(nodeOf(graph, 'A', 'script-task').script.source).to.equal('return token.history.S.x');
    expect(graph.historyIds).to.deep.equal(new Set(['S']));
    expect(graph.usesSandbox).to.equal(true);
    expect((await graphOf(processWith(sequence(['A', '<scriptTask id="A"/>'])))).root.nodes).to.have.length(3);
  });

  it('services of the process by module and method, with parameters or as handlers', async () => {
    const method = await taskOf(
      `<serviceTask id="A">${properties({ module: 'mail', method: 'send', params: '[token.current.to, 1]' })}</serviceTask>`,
      'service-task',
    );
    expect(method).to.deep.include({ module: 'mail', method: 'send' });
    expect(evaluate(method.params, { token: { current: { to: 'x' } } })).to.deep.equal(['x', 1]);
    const bare = await taskOf(
      `<serviceTask id="A">${properties({ module: 'mail', method: 'send' })}</serviceTask>`,
      'service-task',
    );
    expect(evaluate(bare.params)).to.deep.equal([]);
    const handler = await taskOf(
      `<businessRuleTask id="A">${properties({ module: 'mail' })}</businessRuleTask>`,
      'service-task',
    );
    expect(handler).to.deep.include({ module: 'mail', method: undefined, params: undefined });
  });

  it('external tasks with topic and payload, for every type of task', async () => {
    for (const type of [
      'serviceTask',
      'sendTask',
      'businessRuleTask',
      'task',
      'scriptTask',
      'receiveTask',
      'userTask',
      'manualTask',
    ]) {
      const xml = `<${type} id="A" camunda:type="external" camunda:topic="mail" camunda:taskPriority="5">${properties({ payload: 'token.current' })}</${type}>`;
      const node = await taskOf(xml, 'external-task');
      expect([type, node.topic.source, node.topic.language, node.payload!.source, node.priority!.source]).to.deep.equal(
        [type, 'mail', 'literal', 'token.current', '5'],
      );
    }
    const dynamic = await taskOf(
      '<serviceTask id="A" camunda:type="external" camunda:topic="token.current.topic"/>',
      'external-task',
    );
    expect(dynamic.topic.language).to.equal('javascript');
    expect(dynamic.payload).to.equal(undefined);
  });

  it('an empty payload is undefined, no payload is the current one', async () => {
    const empty = await taskOf(
      `<serviceTask id="A" camunda:type="external" camunda:topic="t">${properties({ payload: '' })}</serviceTask>`,
      'external-task',
    );
    expect(empty.payload).to.not.equal(undefined);
    expect(evaluate(empty.payload)).to.equal(undefined);
  });

  it('messages of send and receive tasks, and payloads of thrown events', async () => {
    const send = await taskOf(
      `<sendTask id="A" messageRef="M">${properties({ payload: '1', retryInvervalInMs: '10' })}</sendTask>`,
      'send-task',
    );
    expect(send.message.name.source).to.equal('order');
    expect(send.payload!.source).to.equal('1');
    expect(send.properties['retryIntervalInMs']).to.equal('10');
    expect(
      (await taskOf('<receiveTask id="A" messageRef="M" instantiate="false"/>', 'receive-task')).message.name.source,
    ).to.equal('order');
    const event = await taskOf(
      `<intermediateThrowEvent id="A">${properties({ inputValues: 'token.current.x' })}<messageEventDefinition messageRef="M"/></intermediateThrowEvent>`,
      'intermediate-throw-event',
    );
    expect(event.payload!.source).to.equal('token.current.x');
  });

  it('user tasks for the people that BPMN’s resource roles name', async () => {
    const role = (type: string, text: string) =>
      `<${type}><resourceAssignmentExpression><formalExpression>${text}</formalExpression></resourceAssignmentExpression></${type}>`;
    const roles = role('humanPerformer', 'user(eve)') + role('potentialOwner', 'user(ann), group(office), lab');
    const task = await taskOf(`<userTask id="A">${roles}</userTask>`, 'user-task');
    const sources = [task.assignee, task.candidateUsers, task.candidateGroups].map((text) => text?.source);
    expect(sources).to.deep.equal(['eve', 'ann', 'office,lab']);
    const evaluated = await taskOf(`<userTask id="A">${role('potentialOwner', '${groups}')}</userTask>`, 'user-task');
    expect(evaluated.candidateGroups!.language).to.equal('juel');
    const attribute = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:assignee="bob"';
    const both = await taskOf(`<userTask id="A" ${attribute}>${roles}</userTask>`, 'user-task');
    expect(both.assignee!.source).to.equal('bob');
  });

  it('user tasks with forms whose texts may be expressions', async () => {
    const form =
      '<camunda:formData><camunda:formField id="ok" type="boolean" label="${token.current.label}" defaultValue="true" preferredControl="check"/>' +
      '<camunda:formField id="size" type="enum"><camunda:value id="s" name="Small"/><camunda:value id="l" name="Large"/></camunda:formField></camunda:formData>';
    const more = properties({ preferredControl: 'dialog', description: 'Look', finishedMessage: 'Done' }).replace(
      '</extensionElements>',
      `${form}</extensionElements>`,
    );
    const attributes =
      'camunda:formKey="f" camunda:assignee="${boss}" camunda:candidateUsers="a,b" camunda:candidateGroups="g" camunda:dueDate="2030-01-01" camunda:followUpDate="2029-01-01" camunda:priority="50"';
    const task = await taskOf(`<userTask id="A" ${attributes}>${more}</userTask>`, 'user-task');
    const [ok, size] = task.formFields;
    expect(ok!.label!.language).to.equal('juel');
    expect(ok).to.deep.include({ id: 'ok', type: 'boolean', enumValues: undefined });
    expect(ok!.defaultValue!.source).to.equal('true');
    expect(ok!.preferredControl!.source).to.equal('check');
    expect(size!.enumValues).to.deep.equal([
      { id: 's', name: 'Small' },
      { id: 'l', name: 'Large' },
    ]);
    expect(task).to.deep.include({ description: 'Look', finishedMessage: 'Done' });
    expect(task.preferredControl!.source).to.equal('dialog');
    expect(
      [
        task.formKey,
        task.assignee,
        task.candidateUsers,
        task.candidateGroups,
        task.dueDate,
        task.followUpDate,
        task.priority,
      ].map((text) => text!.source),
    ).to.deep.equal(['f', '${boss}', 'a,b', 'g', '2030-01-01', '2029-01-01', '50']);
  });

  it('call activities with what they hand over', async () => {
    const plain = await taskOf(
      `<callActivity id="A" calledElement="Sub">${properties({ startEventId: 'S2', payload: 'token.current.x' })}</callActivity>`,
      'call-activity',
    );
    expect(plain.calledElement.source).to.equal('Sub');
    expect(plain).to.deep.include({
      binding: { kind: 'latest' },
      startEventId: 'S2',
      inMappings: undefined,
      outMappings: undefined,
    });
    expect(plain.payload!.source).to.equal('token.current.x');
    const mapped = await taskOf(
      '<callActivity id="A" calledElement="${which}" camunda:calledElementBinding="version" camunda:calledElementVersion="3"><extensionElements>' +
        '<camunda:in source="a" target="b"/><camunda:in sourceExpression="${a + 1}" target="c"/><camunda:in businessKey="#{key}"/><camunda:out variables="all"/></extensionElements></callActivity>',
      'call-activity',
    );
    expect(mapped.calledElement.language).to.equal('juel');
    expect(mapped.binding).to.have.nested.property('version.source', '3');
    expect(mapped.businessKey!.source).to.equal('#{key}');
    expect(mapped.outMappings).to.equal('all');
    expect(
      (mapped.inMappings as readonly { target: string; source: never }[]).map(({ target, source }) => [
        target,
        evaluate(source, { a: 1 }),
      ]),
    ).to.deep.equal([
      ['b', 1],
      ['c', 2],
    ]);
  });

  it('compensation and asynchrony, retries and result variables', async () => {
    const task = await taskOf(
      '<scriptTask id="A" camunda:asyncBefore="true" camunda:asyncAfter="true" camunda:resultVariable="sum"><extensionElements><camunda:failedJobRetryTimeCycle>R2/PT1M</camunda:failedJobRetryTimeCycle></extensionElements><script>return 1</script></scriptTask>',
      'script-task',
    );
    expect(task).to.deep.include({
      asyncBefore: true,
      asyncAfter: true,
      resultVariable: 'sum',
      retries: [60_000, 60_000],
    });
    const listed = await taskOf(
      '<userTask id="A" camunda:async="true"><extensionElements><camunda:failedJobRetryTimeCycle>PT1S, PT1M</camunda:failedJobRetryTimeCycle></extensionElements></userTask>',
      'user-task',
    );
    expect(listed).to.deep.include({ asyncBefore: true, asyncAfter: false, retries: [1_000, 60_000] });
  });

  it('input and output parameters as texts, lists and maps', async () => {
    const task = await taskOf(
      '<userTask id="A"><extensionElements><camunda:inputOutput>' +
        '<camunda:inputParameter name="a">${x + 1}</camunda:inputParameter><camunda:inputParameter name="b">plain</camunda:inputParameter>' +
        '<camunda:inputParameter name="c"><camunda:list><camunda:value>${x}</camunda:value><camunda:value>y</camunda:value></camunda:list></camunda:inputParameter>' +
        '<camunda:inputParameter name="d"><camunda:map><camunda:entry key="k">${x}</camunda:entry></camunda:map></camunda:inputParameter>' +
        '<camunda:outputParameter name="e">${f}</camunda:outputParameter></camunda:inputOutput></extensionElements></userTask>',
      'user-task',
    );
    const values = Object.fromEntries(task.inputs.map(({ target, source }) => [target, evaluate(source, { x: 1 })]));
    expect(values).to.deep.equal({ a: 2, b: 'plain', c: [1, 'y'], d: { k: 1 } });
    expect(task.outputs.map(({ target }) => target)).to.deep.equal(['e']);
  });

  it('errors that a worker answers with, by expression', async () => {
    const node = await taskOf(
      '<serviceTask id="A" camunda:type="external" camunda:topic="t"><extensionElements><camunda:errorEventDefinition errorRef="Err" expression="${externalTask.errorMessage == \'no\'}"/></extensionElements></serviceTask>',
      'external-task',
    );
    expect(node.errorMappings).to.have.length(1);
    expect(node.errorMappings[0]!.error).to.deep.equal({ kind: 'error', code: 'E1', name: '', message: '' });
  });

  it('code of the application that is mapped to services', async () => {
    const node = await taskOf('<serviceTask id="A" camunda:delegateExpression="${archiver}"/>', 'service-task', {
      bindings: { '${archiver}': { module: 'archive', method: 'store' } },
    });
    expect(node).to.deep.include({ module: 'archive', method: 'store' });
  });

  it('data visibility and version tag of the process', async () => {
    const process = `${properties({ data: 'token' })}${sequence()}`;
    const graph = await graphOf(processWith(process).replace('<process ', '<process camunda:versionTag="1.2" '));
    expect(graph).to.deep.include({ data: 'token', versionTag: '1.2' });
    expect((await graphOf(processWith(sequence()))).data).to.equal('both');
    expect((await graphOf(processWith(sequence()), { data: 'variables' })).data).to.equal('variables');
  });

  describe('of the zeebe dialect', () => {
    const extended = (content: string): string => `<extensionElements>${content}</extensionElements>`;

    it('jobs as external tasks with headers and mappings', async () => {
      const task = await taskOf(
        `<serviceTask id="A">${extended('<zeebe:taskDefinition type="=kind" retries="3"/><zeebe:taskHeaders><zeebe:header key="method" value="POST"/></zeebe:taskHeaders><zeebe:ioMapping><zeebe:input source="=x" target="to.name"/><zeebe:input source="=y" target="to.mail"/><zeebe:input source="text" target="b"/><zeebe:output source="=r" target="result"/></zeebe:ioMapping>')}</serviceTask>`,
        'external-task',
      );
      expect(task.topic.language).to.equal('feel');
      expect(task.retries).to.deep.equal([0, 0]);
      expect(task.properties['method']).to.equal('POST');
      expect(task.inputs.map(({ target, source }) => [target, evaluate(source, { x: 1, y: 2 })])).to.deep.equal([
        ['to', { name: 1, mail: 2 }],
        ['b', 'text'],
      ]);
      expect(task.outputs.map(({ target }) => target)).to.deep.equal(['result']);
    });

    it('scripts, forms and assignments', async () => {
      const script = await taskOf(
        `<scriptTask id="A">${extended('<zeebe:script expression="=a + b" resultVariable="sum"/>')}</scriptTask>`,
        'script-task',
      );
      expect(script.script.language).to.equal('feel');
      expect(script.resultVariable).to.equal('sum');
      const user = await taskOf(
        `<userTask id="A">${extended('<zeebe:formDefinition formId="f1"/><zeebe:assignmentDefinition assignee="=boss" candidateGroups="g"/><zeebe:taskSchedule dueDate="2030-01-01"/><zeebe:priorityDefinition priority="7"/>')}</userTask>`,
        'user-task',
      );
      expect(
        [user.formKey, user.assignee, user.candidateGroups, user.dueDate, user.priority].map((text) => text?.source),
      ).to.deep.equal(['f1', '=boss', 'g', '2030-01-01', '7']);
    });

    it('calls that hand over all variables, or those that are named', async () => {
      const all = await taskOf(
        `<callActivity id="A">${extended('<zeebe:calledElement processId="Sub" bindingType="deployment"/>')}</callActivity>`,
        'call-activity',
      );
      expect(all).to.deep.include({ binding: { kind: 'deployment' }, inMappings: 'all', outMappings: 'all' });
      const some = await taskOf(
        `<callActivity id="A">${extended('<zeebe:calledElement processId="=p" propagateAllParentVariables="false" propagateAllChildVariables="false"/><zeebe:ioMapping><zeebe:input source="=x" target="a"/></zeebe:ioMapping>')}</callActivity>`,
        'call-activity',
      );
      expect(some.inputs.map(({ target }) => target)).to.deep.equal(['a']);
      expect((some.inMappings as readonly { target: string }[]).map(({ target }) => target)).to.deep.equal(['a']);
      expect(some.outMappings).to.deep.equal([]);
      expect(some.outputs).to.deep.equal([]);
    });
  });

  it('says what waits unexpectedly', async () => {
    const { findings } = await compile(processWith(sequence(['A', '<task id="A"/>'])));
    expect(findings.map(({ severity, code, elementId }) => [severity, code, elementId])).to.deep.equal([
      ['info', 'untyped-task-waits', 'A'],
    ]);
  });
});
