/** W6: a model of 5,000 activities: deploying it, and starting instances that wait at the first one. */
import { Engine } from 'bpmn-engine';
import { defineBench } from './lib/bench.mjs';
import { measure } from './lib/measure.mjs';
import { node, straightModel } from './lib/models.mjs';
import { identity, startEngine } from './lib/our-engine.mjs';
import { compileForPeer } from './lib/peer.mjs';

const SMALL = 5;
const LARGE = 5_000;

function chain(length) {
  return straightModel(
    'chain',
    Array.from({ length }, (_, at) => node('userTask', `task_${at}`)),
  );
}

async function ours(length) {
  const engine = await startEngine(chain(1));
  const files = [{ name: 'chain.bpmn', xml: chain(length) }];
  const deploy = await measure(() => engine.managementApi.deploy(identity, { files }), { warmUp: 0, count: 1 });
  const start = () => engine.consumerApi.startProcessInstance(identity, 'chain');
  const { cpu } = await measure(start, { warmUp: 1_000, count: 5_000 });
  await engine.stop();
  return { deploy: deploy.cpu, cpu };
}

async function peer() {
  const xml = chain(LARGE);
  let sourceContext;
  const compile = async () => {
    sourceContext = await compileForPeer(xml);
  };
  const deploy = await measure(compile, { warmUp: 0, count: 1 });
  const start = async () => {
    const engine = new Engine({ name: 'chain', sourceContext });
    await engine.execute();
    await engine.stop();
  };
  const { cpu } = await measure(start, { warmUp: 1, count: 3 });
  return { deploy: deploy.cpu, cpu };
}

export default defineBench(import.meta.url, {
  title: 'W6: deploying a model once, and starting an instance of it; in memory',
  baseline: 'bpmn-engine, 5,000 activities',
  columns: ['deploy', 'cpu'],
  contestants: {
    'ours, 5 activities': () => ours(SMALL),
    'ours, 5,000 activities': () => ours(LARGE),
    'bpmn-engine, 5,000 activities': peer,
  },
});
