/** The engine of this repository, built and running, with one model deployed. */
import { createEngine } from '../../packages/core/dist/index.js';

export const identity = { userId: 'bench', token: '' };

/** @param {import('../../packages/core/dist/index.js').EngineOptions} options */
export async function startEngine(xml, options = {}) {
  const engine = createEngine(options);
  await engine.start();
  await engine.managementApi.deploy(identity, { files: [{ name: 'bench.bpmn', xml }] });
  return engine;
}
