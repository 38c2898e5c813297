import { expect } from 'chai';
import { definitions, processBuilder, type ProcessBuilder } from '../../../dist/testing/index.js';
import { scenario, type Scenario } from '../../support/scenario.js';
import { dataObjects, multiInstance, standardLoop, type MultiInstance } from './elements.js';

/** Fails as often as `failures` says, then shows what it was given. */
function flaky(failures: number) {
  let left = failures;
  return {
    work: (value: unknown) => {
      if (left > 0) {
        left -= 1;
        throw new Error('not yet');
      }
      return { r: value };
    },
  };
}

function working(loop: string): ProcessBuilder {
  const properties =
    '<bpmn:extensionElements><camunda:properties><camunda:property name="module" value="flaky"/><camunda:property name="method" value="work"/><camunda:property name="params" value="[loopCounter]"/></camunda:properties></bpmn:extensionElements>';
  const model = processBuilder('P').xml(dataObjects('items', 'results')).startEvent('S');
  return model
    .node('serviceTask', 'A', {}, properties + loop)
    .userTask('B')
    .endEvent('E');
}

const COLLECTING: MultiInstance = { cardinality: '3', outputCollection: 'results', outputItem: 'r' };

async function retryAll(engine: Scenario): Promise<void> {
  for (const { id } of await engine.incidents()) await engine.engine.managementApi.retryIncident(engine.identity, id);
  await engine.engine.idle();
}

describe('An iteration that fails', () => {
  for (const sequential of [false, true]) {
    const kind = sequential ? 'sequential' : 'parallel';

    it(`is repeated after its delay, and keeps its number (${kind})`, async () => {
      const engine = await scenario([working(multiInstance({ ...COLLECTING, sequential }))], {
        services: { flaky: flaky(2) },
        retries: [1_000, 1_000],
      });
      const { processInstanceId } = await engine.start('P');
      await engine.advance(5_000);
      expect((await engine.variables(processInstanceId))['results']).to.deep.equal([0, 1, 2]);
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
    });

    it(`stays as an incident until it is repeated by hand (${kind})`, async () => {
      const engine = await scenario([working(multiInstance({ ...COLLECTING, sequential }))], {
        services: { flaky: flaky(1) },
        onFailure: 'incident',
      });
      const { processInstanceId } = await engine.start('P');
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['A']);
      await retryAll(engine);
      expect((await engine.variables(processInstanceId))['results']).to.deep.equal([0, 1, 2]);
      expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
    });
  }

  it('of a standard loop keeps its number too', async () => {
    const engine = await scenario([working(standardLoop({ condition: 'loopCounter < 3' }))], {
      services: { flaky: flaky(1) },
      onFailure: 'incident',
    });
    const { processInstanceId } = await engine.start('P');
    await retryAll(engine);
    expect(await engine.variables(processInstanceId)).to.include({ r: 2 });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['B']);
  });

  it('may be resolved by hand: the others go on', async () => {
    const engine = await scenario([working(multiInstance({ ...COLLECTING, sequential: true }))], {
      services: { flaky: flaky(1) },
      onFailure: 'incident',
    });
    const { processInstanceId } = await engine.start('P');
    const [incident] = await engine.incidents();
    await engine.engine.managementApi.resolveIncident(engine.identity, incident!.id);
    await engine.engine.idle();
    expect((await engine.variables(processInstanceId))['results']).to.deep.equal([null, 1, 2]);
  });

  it('ends the instance where nothing repeats it', async () => {
    const engine = await scenario([working(multiInstance(COLLECTING))], { services: { flaky: flaky(1) } });
    const { processInstanceId } = await engine.start('P');
    expect((await engine.instance(processInstanceId)).error).to.include({ message: 'not yet' });
  });

  it('goes to a boundary event that catches any error', async () => {
    const model = working(multiInstance(COLLECTING));
    model.boundaryEvent('Bound', 'A', definitions.error()).userTask('H').endEvent('E2');
    const engine = await scenario([model], { services: { flaky: flaky(1) } });
    const { processInstanceId } = await engine.start('P');
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });
});

describe('A loop that fails as a whole', () => {
  const overItems = (): ProcessBuilder => {
    const model = processBuilder('P').xml(dataObjects('items')).startEvent('S');
    return model
      .userTask('A', multiInstance({ collection: 'items', item: 'it' }))
      .userTask('B')
      .endEvent('E');
  };

  it('begins anew when its incident is repeated', async () => {
    const engine = await scenario([overItems()], { onFailure: 'incident' });
    const { processInstanceId } = await engine.start('P', { items: 'no list' });
    const variables = { items: [1, 2] };
    await engine.engine.managementApi.setVariables(engine.identity, processInstanceId, { variables });
    await retryAll(engine);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A']);
  });

  it('goes to a boundary event that catches any error', async () => {
    const model = overItems().boundaryEvent('Bound', 'A', definitions.error()).userTask('H').endEvent('E2');
    const engine = await scenario([model]);
    const { processInstanceId } = await engine.start('P', { items: 'no list' });
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['H']);
  });

  it('by its output element is an incident of the loop, not of the iteration that is over', async () => {
    const endless = '=count(for i in 1..100000000 return i)';
    const zeebe = `<bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=items" inputElement="it" outputCollection="results" outputElement="${endless}"/></bpmn:extensionElements>`;
    const loop = `<bpmn:multiInstanceLoopCharacteristics>${zeebe}</bpmn:multiInstanceLoopCharacteristics>`;
    const model = processBuilder('P').startEvent('S').userTask('A', loop).userTask('B').endEvent('E');
    const engine = await scenario([model], { onFailure: 'incident' });
    const { processInstanceId } = await engine.start('P', { items: [1, 2] });
    await engine.finish('A');
    const [incident] = await engine.incidents();
    expect(incident!.error.message).to.match(/output element of 'A' is invalid/);
    const body = (await engine.history(processInstanceId)).find(({ state }) => state === 'failed');
    expect(body).to.include({ flowNodeId: 'A', scopeId: processInstanceId });
    await retryAll(engine);
    expect(await engine.waiting(processInstanceId)).to.deep.equal(['A', 'A']);
  });
});
