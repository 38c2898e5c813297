import { expect } from 'chai';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario } from '../support/scenario.js';

const MODEL = processBuilder('P')
  .startEvent('S')
  .parallelGateway('F')
  .userTask('A')
  .node('endEvent', 'EA', { name: 'Done' })
  .from('F')
  .endEvent('EB');

describe('Results of a correlation', () => {
  it('are there as soon as an end event was reached, one for each', async () => {
    const engine = await scenario([MODEL]);
    const { processInstanceId, correlationId } = await engine.start('P', { v: 1 });
    const results = () => engine.engine.consumerApi.getProcessResultForCorrelation(engine.identity, correlationId, 'P');
    expect(await results()).to.deep.equal({
      correlationResults: [{ correlationId, endEventId: 'EB', tokenPayload: { v: 1 } }],
      totalCount: 1,
    });
    await engine.finish('A', { a: 1 });
    expect((await results()).correlationResults.map(({ endEventId }) => endEventId)).to.deep.equal(['EB', 'EA']);
    expect(await engine.state(processInstanceId)).to.equal('finished');
  });

  it('do not count ends inside sub-processes and called processes', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .subProcess('SP', (inner) => inner.startEvent('IS').endEvent('IE'))
      .callActivity('C', 'Q')
      .endEvent('E');
    const engine = await scenario([model, processBuilder('Q').startEvent('QS').endEvent('QE')]);
    const { correlationId } = await engine.start('P');
    const { consumerApi } = engine.engine;
    expect(
      (await consumerApi.getProcessResultForCorrelation(engine.identity, correlationId, 'P')).correlationResults.map(
        ({ endEventId }) => endEventId,
      ),
    ).to.deep.equal(['E']);
    expect(await consumerApi.getProcessResultForCorrelation(engine.identity, correlationId, 'Q')).to.deep.equal({
      correlationResults: [],
      totalCount: 0,
    });
  });

  it('without payload are empty objects, and of something unknown there are none', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').externalTask('X', 'topic').endEvent('E')]);
    const { correlationId } = await engine.start('P');
    await engine.work('topic');
    const { consumerApi } = engine.engine;
    expect(
      (await consumerApi.getProcessResultForCorrelation(engine.identity, correlationId, 'P')).correlationResults[0]!
        .tokenPayload,
    ).to.deep.equal({});
    expect((await consumerApi.getProcessResultForCorrelation(engine.identity, 'x', 'P')).totalCount).to.equal(0);
    expect((await consumerApi.getProcessResultForCorrelation(engine.identity, correlationId, 'x')).totalCount).to.equal(
      0,
    );
  });
});

describe('Process models', () => {
  it('are shown with their top-level start and end events', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .startEvent('S')
      .subProcess('SP', (inner) => inner.startEvent('IS').endEvent('IE'))
      .node('endEvent', 'E', { name: 'Done' }, definitions.message('M'));
    const engine = await scenario([model]);
    expect(await engine.engine.consumerApi.getProcessModelById(engine.identity, 'P')).to.deep.equal({
      id: 'P',
      startEvents: [{ id: 'S', bpmnType: 'bpmn:StartEvent', processModelId: 'P' }],
      endEvents: [{ id: 'E', eventName: 'Done', bpmnType: 'bpmn:EndEvent', processModelId: 'P' }],
    });
  });

  it('that are not executable are shown without events', async () => {
    const engine = await scenario([processBuilder('P', { isExecutable: false }).startEvent('S').endEvent('E')]);
    expect(await engine.engine.consumerApi.getProcessModelById(engine.identity, 'P')).to.deep.equal({
      id: 'P',
      startEvents: [],
      endEvents: [],
    });
  });

  it('of an instance is the version it runs on', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('A').endEvent('Old')]);
    const { processInstanceId } = await engine.start('P');
    await engine.deploy(processBuilder('P').startEvent('S').endEvent('New'));
    const { consumerApi } = engine.engine;
    expect(
      (await consumerApi.getProcessModelByProcessInstanceId(engine.identity, processInstanceId)).endEvents[0]!.id,
    ).to.equal('Old');
    expect((await consumerApi.getProcessModelById(engine.identity, 'P')).endEvents[0]!.id).to.equal('New');
    expect(await errorOf(consumerApi.getProcessModelByProcessInstanceId(engine.identity, 'x'))).to.include({
      code: 404,
    });
  });

  it('are listed once each, paged, without deleted ones', async () => {
    const models = ['A', 'B', 'C'].map((id) => processBuilder(id).startEvent(`${id}S`).endEvent(`${id}E`));
    const engine = await scenario(models);
    const { consumerApi, managementApi } = engine.engine;
    await engine.deploy(processBuilder('A').startEvent('AS').endEvent('AE2'));
    const ids = async (offset?: number, limit?: number) =>
      (await consumerApi.getProcessModels(engine.identity, offset, limit)).processModels.map(({ id }) => id);
    expect(await ids()).to.deep.equal(['A', 'B', 'C']);
    expect(await ids(1, 1)).to.deep.equal(['B']);
    await managementApi.deleteProcessModel(engine.identity, 'B');
    expect(await ids()).to.deep.equal(['A', 'C']);
    expect(await errorOf(managementApi.deleteProcessModel(engine.identity, 'B'))).to.include({ code: 404 });
  });
});
