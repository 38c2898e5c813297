import { expect } from 'chai';
import { processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

const model = (end: string) => processBuilder('P', { 'camunda:versionTag': end }).startEvent('S').endEvent(end);

describe('A deployment', () => {
  it('makes a new version of what changed, and none of what did not', async () => {
    const engine = await scenario([]);
    const first = await engine.deploy(model('E1'), processBuilder('Q').startEvent('QS').endEvent('QE'));
    expect(
      first.definitions.map(({ processModelId, version, new: isNew }) => [processModelId, version, isNew]),
    ).to.deep.equal([
      ['P', 1, true],
      ['Q', 1, true],
    ]);
    const second = await engine.deploy(model('E2'), processBuilder('Q').startEvent('QS').endEvent('QE'));
    expect(
      second.definitions.map(({ processModelId, version, new: isNew }) => [processModelId, version, isNew]),
    ).to.deep.equal([
      ['P', 2, true],
      ['Q', 1, false],
    ]);
    const third = await engine.deploy(model('E2'));
    expect(third.definitions[0]).to.include({ version: 2, new: false });
    expect(third.deploymentId).to.equal(second.deploymentId);
    const back = await engine.deploy(model('E1'));
    expect(back.definitions[0]).to.include({ version: 3, new: true, hash: first.definitions[0]!.hash });
  });

  it('with an error stores nothing, and tells all findings', async () => {
    const engine = await scenario([]);
    const error = await errorOf(engine.deploy(model('E'), '<no bpmn'));
    expect(error).to.include({ code: 422, reason: 'model-invalid' });
    expect(error.additionalInformation).to.have.property('findings').that.is.an('array').that.is.not.empty;
    expect((await engine.engine.managementApi.getDefinitions(engine.identity)).totalCount).to.equal(0);
  });

  it('of one process in two files is refused', async () => {
    const engine = await scenario([]);
    expect((await errorOf(engine.deploy(model('E1'), model('E2')))).message).to.match(/in both/);
  });

  it('without files is refused', async () => {
    const engine = await scenario([]);
    for (const request of [{ files: [] }, {}, undefined]) {
      expect(await errorOf(engine.engine.managementApi.deploy(engine.identity, request as never))).to.include({
        code: 400,
      });
    }
  });

  it('twice at the same time makes one version after the other', async () => {
    const engine = await scenario([]);
    const deployments = await Promise.all([1, 2, 3, 4].map((n) => engine.deploy(model(`E${n}`))));
    const versions = deployments.map(({ definitions: [definition] }) => definition!.version);
    expect(versions.sort()).to.deep.equal([1, 2, 3, 4]);
  });

  it('by the older route takes one process, by its id', async () => {
    const engine = await scenario([]);
    const { managementApi } = engine.engine;
    await managementApi.updateProcessModel(engine.identity, 'P', { xml: model('E1').toXml() });
    expect((await engine.call('P')).endEventId).to.equal('E1');
    const refused = await errorOf(
      managementApi.updateProcessModel(engine.identity, 'P', { xml: model('E2').toXml(), overwriteExisting: false }),
    );
    expect(refused).to.include({ code: 409, reason: 'process-model-exists' });
    const other = await errorOf(managementApi.updateProcessModel(engine.identity, 'Q', { xml: model('E2').toXml() }));
    expect(other).to.include({ code: 422 });
    await managementApi.updateProcessModel(engine.identity, 'P', { xml: model('E2').toXml(), overwriteExisting: true });
    expect((await engine.call('P')).endEventId).to.equal('E2');
  });
});

describe('Definitions', () => {
  it('are listed by model, deployment, tag or as the newest', async () => {
    const engine = await scenario([]);
    const { deploymentId } = await engine.deploy(model('E1'));
    await engine.deploy(model('E2'));
    const { managementApi } = engine.engine;
    const versions = async (query: object) =>
      (await managementApi.getDefinitions(engine.identity, query)).definitions.map(({ version }) => version);
    expect(await versions({})).to.deep.equal([1, 2]);
    expect(await versions({ processModelId: 'P' })).to.deep.equal([1, 2]);
    expect(await versions({ processModelId: 'X' })).to.deep.equal([]);
    expect(await versions({ deploymentId })).to.deep.equal([1]);
    expect(await versions({ versionTag: 'E2' })).to.deep.equal([2]);
    expect(await versions({ latest: true })).to.deep.equal([2]);
  });

  it('are given with their XML one by one', async () => {
    const engine = await scenario([]);
    const { definitions } = await engine.deploy(model('E1'));
    const { managementApi } = engine.engine;
    const definition = await managementApi.getDefinition(engine.identity, definitions[0]!.definitionId);
    expect(definition).to.include({
      processModelId: 'P',
      version: 1,
      versionTag: 'E1',
      executable: true,
      xml: model('E1').toXml(),
      createdAt: '2030-01-01T00:00:00.000Z',
    });
    expect(await errorOf(managementApi.getDefinition(engine.identity, 'x'))).to.include({ code: 404 });
  });
});

describe('Instances', () => {
  it('are listed by state, model, definition, correlation, business key and parent', async () => {
    const caller = processBuilder('C').startEvent('CS').callActivity('CC', 'P').endEvent('CE');
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('A').endEvent('E'), caller]);
    const { managementApi } = engine.engine;
    const parent = await engine.call('C', {}, { type: 1, correlationId: 'c', businessKey: 'b' });
    await engine.start('P');
    await engine.terminate((await engine.instancesOf('P'))[1]!);
    const count = async (query: object) => (await managementApi.getProcessInstances(engine.identity, query)).totalCount;
    const { definitions } = await managementApi.getDefinitions(engine.identity, { processModelId: 'P' });
    const definitionId = definitions[0]!.id;
    expect(await count({})).to.equal(3);
    expect(await count({ state: 'running' })).to.equal(2);
    expect(await count({ state: 'terminated' })).to.equal(1);
    expect(await count({ processModelId: 'P' })).to.equal(2);
    expect(await count({ definitionId })).to.equal(2);
    expect(await count({ correlationId: 'c' })).to.equal(2);
    expect(await count({ businessKey: 'b' })).to.equal(2);
    expect(await count({ parentProcessInstanceId: parent.processInstanceId })).to.equal(1);
    expect((await managementApi.getProcessInstances(engine.identity, {}, 1, 1)).processInstances).to.have.length(1);
    expect(await errorOf(managementApi.getProcessInstance(engine.identity, 'x'))).to.include({ code: 404 });
    expect(await errorOf(managementApi.getVariables(engine.identity, 'x'))).to.include({ code: 404 });
  });

  it('show their flow node instances, ended ones in the order of their end', async () => {
    const engine = await scenario([
      processBuilder('P')
        .startEvent('S')
        .parallelGateway('F')
        .userTask('A')
        .endEvent('E1')
        .from('F')
        .userTask('B')
        .endEvent('E2'),
    ]);
    const { processInstanceId } = await engine.start('P', { v: 1 });
    await engine.finish('B');
    const { flowNodeInstances, totalCount } = await engine.engine.managementApi.getFlowNodeInstances(
      engine.identity,
      processInstanceId,
    );
    expect(totalCount).to.equal(5);
    expect(flowNodeInstances.map(({ flowNodeId }) => flowNodeId)).to.deep.equal(['S', 'F', 'B', 'E2', 'A']);
    expect(flowNodeInstances.map(({ completedSeq }) => completedSeq)).to.deep.equal([1, 2, 3, 4, undefined]);
    expect(flowNodeInstances[1]!.previousFlowNodeInstanceId).to.equal(flowNodeInstances[0]!.flowNodeInstanceId);
    expect(flowNodeInstances[4]).to.deep.include({
      state: 'waiting',
      flowNodeType: 'bpmn:UserTask',
      scopeId: processInstanceId,
    });
    const page = await engine.engine.managementApi.getFlowNodeInstances(engine.identity, processInstanceId, 1, 2);
    expect(page.flowNodeInstances.map(({ flowNodeId }) => flowNodeId)).to.deep.equal(['F', 'B']);
  });
});
