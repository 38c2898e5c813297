/** bpmn-engine, used as favourably as its documentation allows: the model is parsed once for all instances. */
import { Engine } from 'bpmn-engine';

/** The compiled model, to be given as `sourceContext`. */
export async function compileForPeer(xml) {
  const [definition] = await new Engine({ name: 'compile', source: xml }).getDefinitions();
  return definition.environment.options.source;
}
