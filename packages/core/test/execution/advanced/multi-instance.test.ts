import { expect } from 'chai';
import { processBuilder, type ProcessBuilder } from '../../../dist/testing/index.js';
import { scenario } from '../../support/scenario.js';
import { dataObjects, multiInstance, type MultiInstance } from './elements.js';

/** A user task with this loop, then a task B. */
function looping(loop: MultiInstance): ProcessBuilder {
  const names = [loop.collection, loop.outputCollection].filter((name) => name !== undefined);
  return processBuilder('P')
    .xml(dataObjects(...names))
    .startEvent('S')
    .userTask('A', multiInstance(loop))
    .userTask('B')
    .endEvent('E');
}

/** A service that answers with what it was asked to show. */
const show = { show: (value: unknown) => ({ shown: value ?? null }) };

function showing(loop: MultiInstance, params: string): ProcessBuilder {
  const model = processBuilder('P').xml(dataObjects('items', 'results')).startEvent('S');
  return model
    .node('serviceTask', 'A', {}, serviceProperties(params) + multiInstance(loop))
    .userTask('B')
    .endEvent('E');
}

function serviceProperties(params: string): string {
  const built = processBuilder('unused').serviceTask('unused', 'show', { method: 'show', params }).innerXml();
  return /<bpmn:extensionElements>.*<\/bpmn:extensionElements>/.exec(built)![0];
}

describe('A multi-instance activity', () => {
  for (const sequential of [false, true]) {
    const kind = sequential ? 'sequential' : 'parallel';

    for (const cardinality of ['0', '1', '3', 'n', 'n + 1']) {
      it(`that is ${kind} has as many instances as its cardinality says (${cardinality})`, async () => {
        const engine = await scenario([looping({ sequential, cardinality })]);
        const { processInstanceId } = await engine.start('P', { n: 2 });
        const total = Number(cardinality.replace('n + 1', '3').replace('n', '2'));
        for (let done = 0; done < total; done += 1) {
          const open = sequential ? 1 : total - done;
          expect(await engine.waiting(processInstanceId)).to.deep.equal(Array.from({ length: open }, () => 'A'));
          await engine.finish('A');
        }
        expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
        await engine.finish('B');
        expect(await engine.state(processInstanceId)).to.equal('finished');
      });
    }

    it(`that is ${kind} gives each instance its own item`, async () => {
      const loop = { sequential, collection: 'items', item: 'it', outputCollection: 'results', outputItem: 'shown' };
      const engine = await scenario([showing(loop, '[it]')], { services: { show } });
      const { processInstanceId } = await engine.start('P', { items: ['a', { deep: 1 }, null, 4] });
      const { results, ...rest } = await engine.variables(processInstanceId);
      expect(results).to.deep.equal(['a', { deep: 1 }, null, 4]);
      expect(rest).not.to.have.property('it');
    });

    it(`that is ${kind} numbers its instances`, async () => {
      const loop = { sequential, cardinality: '3', outputCollection: 'results', outputItem: 'shown' };
      const engine = await scenario([showing(loop, '[loopCounter]')], { services: { show } });
      const { processInstanceId } = await engine.start('P');
      expect((await engine.variables(processInstanceId))['results']).to.deep.equal([0, 1, 2]);
    });

    it(`that is ${kind} and has no items is passed`, async () => {
      const loop = { sequential, collection: 'items', item: 'it', outputCollection: 'results', outputItem: 'r' };
      const engine = await scenario([looping(loop)]);
      const { processInstanceId } = await engine.start('P', { items: [] });
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
      expect((await engine.variables(processInstanceId))['results']).to.deep.equal([]);
    });

    it(`that is ${kind} ends early when its completion condition holds`, async () => {
      const completionCondition = 'numberOfCompletedInstances >= 2';
      const engine = await scenario([looping({ sequential, cardinality: '4', completionCondition })]);
      const { processInstanceId } = await engine.start('P');
      await engine.finish('A');
      expect(await engine.waiting(processInstanceId)).to.include('A');
      await engine.finish('A');
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
    });

    it(`that is ${kind} may end early because of the data`, async () => {
      const engine = await scenario([looping({ sequential, cardinality: '3', completionCondition: 'enough' })]);
      const { processInstanceId } = await engine.start('P');
      await engine.finish('A', { enough: false });
      await engine.finish('A', { enough: true });
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
    });
  }

  it('collects its outputs in the order of its items, whoever is done first', async () => {
    const loop = { collection: 'items', item: 'it', outputCollection: 'results', outputItem: 'r' };
    const engine = await scenario([looping(loop)]);
    const { processInstanceId } = await engine.start('P', { items: [1, 2, 3] });
    const tasks = await engine.tasks();
    for (const at of [2, 0, 1]) await engine.finishTask(tasks[at]!, { r: `of ${at}` });
    await engine.engine.idle();
    const variables = await engine.variables(processInstanceId);
    expect(variables['results']).to.deep.equal(['of 0', 'of 1', 'of 2']);
    expect(variables).not.to.have.property('r');
  });

  it('leaves gaps in its outputs where it ended early', async () => {
    const loop = { collection: 'items', item: 'it', outputCollection: 'results', outputItem: 'r' };
    const completionCondition = 'numberOfCompletedInstances === 2';
    const engine = await scenario([looping({ ...loop, completionCondition })]);
    const { processInstanceId } = await engine.start('P', { items: [1, 2, 3] });
    const tasks = await engine.tasks();
    for (const at of [2, 0]) await engine.finishTask(tasks[at]!, { r: at });
    await engine.engine.idle();
    expect((await engine.variables(processInstanceId))['results']).to.deep.equal([0, null, 2]);
  });

  it('has counters its completion condition can read', async () => {
    const completionCondition =
      'numberOfInstances === 4 && numberOfActiveInstances === 1 && numberOfCompletedInstances === 3 && numberOfTerminatedInstances === 0';
    const engine = await scenario([looping({ cardinality: '4', completionCondition })]);
    const { processInstanceId } = await engine.start('P');
    for (let count = 0; count < 3; count += 1) {
      expect(await engine.waiting(processInstanceId)).to.include('A');
      await engine.finish('A');
    }
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('cancels the remaining instances: their tasks are gone', async () => {
    const completionCondition = 'numberOfCompletedInstances >= 1';
    const model = processBuilder('P').startEvent('S');
    model.externalTask('A', 'topic', multiInstance({ cardinality: '3', completionCondition })).endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.work('topic', { r: 1 });
    expect(await engine.state(processInstanceId)).to.equal('finished');
    expect(await engine.fetch('topic')).to.deep.equal([]);
    const states = (await engine.history(processInstanceId))
      .filter(({ flowNodeId }) => flowNodeId === 'A')
      .map(({ state }) => state);
    expect(states.sort()).to.deep.equal(['cancelled', 'cancelled', 'finished', 'finished']);
  });

  it('offers each external task with the data of its instance', async () => {
    const model = processBuilder('P').xml(dataObjects('items')).startEvent('S');
    const input =
      '<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="what">${it}</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements>';
    model
      .externalTask('A', 'topic', input + multiInstance({ collection: 'items', item: 'it' }))
      .userTask('B')
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { items: ['x', 'y'] });
    const tasks = await engine.fetch('topic');
    expect(tasks.map(({ payload }) => payload as unknown)).to.deep.equal([{ what: 'x' }, { what: 'y' }]);
    for (const { id } of tasks) {
      await engine.engine.externalTaskApi.finishExternalTask(engine.identity, 'worker', id, {});
    }
    await engine.engine.idle();
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('keeps what an instance writes under the name of its item to itself', async () => {
    const engine = await scenario([looping({ sequential: true, collection: 'items', item: 'it' })]);
    const { processInstanceId } = await engine.start('P', { items: [1, 2] });
    await engine.finish('A', { it: 'changed', other: 'kept' });
    const variables = await engine.variables(processInstanceId);
    expect(variables).to.include({ other: 'kept' });
    expect(variables).not.to.have.property('it');
    expect(variables['items']).to.deep.equal([1, 2]);
  });

  it('does not see items that were added after it began', async () => {
    const engine = await scenario([looping({ sequential: true, collection: 'items', item: 'it' })]);
    const { processInstanceId } = await engine.start('P', { items: [1, 2] });
    await engine.finish('A', { items: [1, 2, 3] });
    await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  for (const [what, cardinality] of [
    ['negative', '-1'],
    ['a fraction', '1.5'],
    ['no number', "'many'"],
    ['unknown', 'nothing'],
  ] as const) {
    it(`fails where its cardinality is ${what}`, async () => {
      const engine = await scenario([looping({ cardinality })]);
      const { processInstanceId } = await engine.start('P');
      expect((await engine.instance(processInstanceId)).error!.message).to.match(/cardinality of 'A' is invalid/);
    });
  }

  it('fails where its collection is no list', async () => {
    const engine = await scenario([looping({ collection: 'items', item: 'it' })]);
    const { processInstanceId } = await engine.start('P', { items: 'no list' });
    expect((await engine.instance(processInstanceId)).error!.message).to.match(/collection of 'A' is invalid/);
  });

  it('goes on with the payload it came with, or with its outputs', async () => {
    const engine = await scenario([looping({ cardinality: '1' })]);
    await engine.start('P', { v: 1 });
    await engine.finish('A', { a: 1 });
    expect(await engine.payloadAt('B')).to.deep.equal({ v: 1 });
  });

  it('may have a thousand parallel instances, which begin in several steps', async () => {
    const engine = await scenario([looping({ cardinality: '1000' })]);
    const { processInstanceId } = await engine.start('P');
    const tasks = await engine.tasks();
    expect(tasks).to.have.length(1000);
    const inserts = engine.storage.commits.map(({ flowNodeInstances }) => flowNodeInstances?.insert?.length ?? 0);
    expect(Math.max(...inserts)).to.be.lessThan(501);
    await Promise.all(tasks.slice(0, 40).map((task) => engine.finishTask(task)));
    expect(await engine.tasks()).to.have.length(960);
    await engine.terminate(processInstanceId);
  });

  it('may have a thousand instances of work that is done at once', async () => {
    for (const sequential of [false, true]) {
      const loop = { sequential, cardinality: '1000', outputCollection: 'results', outputItem: 'shown' };
      const engine = await scenario([showing(loop, '[loopCounter]')], { services: { show } });
      const { processInstanceId } = await engine.start('P');
      const { results } = await engine.variables(processInstanceId);
      expect(results).to.deep.equal(Array.from({ length: 1000 }, (_, index) => index));
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
    }
  }).timeout(20_000);

  it('may end early while instances are still beginning', async () => {
    const completionCondition = 'numberOfCompletedInstances >= 3';
    const model = processBuilder('P').startEvent('S');
    model
      .node('manualTask', 'A', {}, multiInstance({ cardinality: '500', completionCondition }))
      .userTask('B')
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    for (let count = 0; count < 3; count += 1) await engine.finish('A');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
    expect(await engine.tasks()).to.have.length(1);
  });

  it('that is asynchronous is put off once, as a whole', async () => {
    const model = processBuilder('P').startEvent('S');
    model.node('userTask', 'A', { 'camunda:asyncBefore': true }, multiInstance({ cardinality: '3' })).endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A', 'A']);
    expect(engine.steps).to.deep.equal([['S'], []]);
  });

  it('waits for one message in each instance', async () => {
    const model = processBuilder('P').root('message', 'M').startEvent('S');
    model
      .node('receiveTask', 'A', { messageRef: 'M' }, multiInstance({ cardinality: '2' }))
      .userTask('B')
      .endEvent('E');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P');
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
    await engine.message('M');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });
});
