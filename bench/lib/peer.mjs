/** bpmn-engine, used as favourably as its documentation allows: the model is parsed once for all instances. */
import { Engine } from 'bpmn-engine';

/** The compiled model, to be given as `sourceContext`. */
export async function compileForPeer(xml) {
  const [definition] = await new Engine({ name: 'compile', source: xml }).getDefinitions();
  return definition.environment.options.source;
}

/** Runs an instance to its end; service tasks call a handler that does nothing. */
export function runPeer(sourceContext, variables = {}) {
  return new Promise((resolve, reject) => {
    const engine = new Engine({ name: 'bench', sourceContext });
    const services = { noop: (_scope, done) => done() };
    engine.execute({ services, variables }, (error) => (error ? reject(error) : resolve())).catch(reject);
  });
}

/** @returns {Promise<string>} the state at the user task */
export async function startPeer(name, sourceContext) {
  const engine = new Engine({ name, sourceContext });
  await engine.execute();
  const state = await savedState(engine);
  await engine.stop();
  return state;
}

/** @returns {Promise<string>} the state at the end */
export async function completePeer(state, sourceContext, fields) {
  const engine = new Engine({ name: state.name, sourceContext });
  engine.recover(state);
  const ended = engine.waitFor('end');
  const execution = await engine.resume();
  for (const waiting of execution.getPostponed()) waiting.signal(fields);
  await ended;
  return savedState(engine);
}

/** Without the compiled model: that is the same for all instances. */
async function savedState(engine) {
  const state = await engine.getState();
  for (const definition of state.definitions) delete definition.source;
  return JSON.stringify(state);
}
