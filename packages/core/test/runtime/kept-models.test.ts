import { expect } from 'chai';
import sinon from 'sinon';
import { processBuilder } from '../../dist/testing/index.js';
import { errorOf, scenario, type Scenario } from '../support/scenario.js';

const model = (id: string) => processBuilder(id).startEvent('S').userTask('Work').endEvent('E');

/** Three models, of which the deployment has kept the last ones. `loads`: how often one was compiled again since. */
async function withModels(options: { modelCacheSize: number; cacheSize?: number }) {
  const engine = await scenario(['A', 'B', 'C'].map(model), options);
  const load = sinon.spy(engine.storage, 'loadDefinition');
  return { engine, load, loads: () => load.callCount };
}

function begin(engine: Scenario, ...models: string[]): Promise<unknown[]> {
  return Promise.all(models.map((id) => engine.call(id, {}, { type: 1 })));
}

describe('Compiled models', () => {
  afterEach(() => sinon.restore());

  it('are kept while they are used, and compiled again when the least recently used one is needed again', async () => {
    const { engine, loads } = await withModels({ modelCacheSize: 2 });
    for (const id of ['A', 'B', 'A', 'B']) await begin(engine, id);
    expect(loads()).to.equal(2);
    for (const id of ['C', 'B']) await begin(engine, id);
    expect(loads(), 'C took the place of A').to.equal(3);
    await begin(engine, 'A');
    expect(loads()).to.equal(4);
  });

  it('are compiled once for all who need them meanwhile', async () => {
    const { engine, loads } = await withModels({ modelCacheSize: 2 });
    await begin(engine, 'A', 'A', 'A', 'B');
    expect(loads()).to.equal(2);
  });

  for (const cacheSize of [0, 100]) {
    it(`that are not kept let their instances go on (${cacheSize} instances in memory)`, async () => {
      const { engine } = await withModels({ modelCacheSize: 0, cacheSize });
      await begin(engine, 'A', 'B', 'C', 'A');
      for (const task of await engine.tasks()) await engine.finishTask(task);
      await engine.engine.idle();
      expect(await engine.tasks()).to.deep.equal([]);
      const { processInstances } = await engine.engine.managementApi.getProcessInstances(engine.identity, {});
      expect(processInstances.map(({ state }) => state)).to.deep.equal(Array(4).fill('finished'));
    });
  }

  it('are listed in full, and a list does not drive out those that run', async () => {
    const { engine, loads } = await withModels({ modelCacheSize: 1 });
    await begin(engine, 'B');
    const { processModels } = await engine.engine.consumerApi.getProcessModels(engine.identity);
    expect(processModels.map(({ id }) => id)).to.deep.equal(['A', 'B', 'C']);
    await begin(engine, 'B');
    expect(loads()).to.equal(1);
  });

  it('are asked for again after the storage has failed', async () => {
    const { engine, load } = await withModels({ modelCacheSize: 2 });
    load.restore();
    sinon.stub(engine.storage, 'loadDefinition').onFirstCall().rejects(new Error('away')).callThrough();
    expect(await errorOf(begin(engine, 'A'))).to.have.property('message', 'away');
    await begin(engine, 'A');
    expect(await engine.tasks()).to.have.length(1);
  });
});
