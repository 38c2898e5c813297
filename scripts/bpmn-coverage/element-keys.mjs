/** Which kinds of elements a model holds, by the names of the engine's own table of supported elements. */
import { ALL_ELEMENTS, compileModel, parseModel } from '../../packages/core/dist/model/index.js';
import { checkSupport } from '../../packages/core/dist/model/validate/support-rules.js';

const compiled = new Map();

/** @returns {Promise<{key: string, id: string, source?: string, target?: string}[]>} source and target of sequence flows */
export async function elementKeys(xml, processModelId) {
  const { graphs, elementsById } = await compiledModel(xml);
  const graph = graphs.find((candidate) => candidate.processModelId === processModelId);
  if (graph === undefined) return [];
  const keys = [...keysOfTable(graph), ...finerKeys(graph), ...globalTaskKeys(graph, elementsById)];
  return keys.map((found) => seenAt(graph, found));
}

function compiledModel(xml) {
  if (!compiled.has(xml)) {
    const model = parseModel(xml).then((parsed) => ({
      graphs: compileModel(parsed, { supportedElements: ALL_ELEMENTS }).graphs,
      elementsById: parsed.elementsById,
    }));
    compiled.set(xml, model);
  }
  return compiled.get(xml);
}

/** Calls of global tasks, which the graph runs as tasks. */
function globalTaskKeys({ nodesById }, elementsById) {
  return [...nodesById.values()]
    .filter(({ id, kind }) => elementsById[id]?.$type === 'bpmn:CallActivity' && kind !== 'call-activity')
    .map(({ id }) => ({ key: 'global-task', id }));
}

/** The engine's own check, with a table that refuses everything and a report that notes what was refused. */
function keysOfTable(graph) {
  const keys = [];
  let asked = '';
  const supportedElements = new Proxy({}, { get: (_, key) => ((asked = key), false) });
  checkSupport({ options: { supportedElements }, report: (_, { id }) => keys.push({ key: asked, id }) }, graph);
  const flows = new Map(
    [...graph.nodesById.values()].flatMap(({ outgoing }) => outgoing.map((flow) => [flow.id, flow])),
  );
  return keys.map(({ key, id }) => {
    const flow = key.endsWith(' flow') ? flows.get(id) : undefined;
    return flow === undefined ? { key, id } : { key, id, source: flow.source.id, target: flow.target.id };
  });
}

/** No token enters a compensation boundary event: it has run when its handler has. */
function seenAt({ nodesById }, found) {
  if (found.key !== 'boundary-event compensation') return found;
  return { ...found, id: nodesById.get(found.id).attachedTo.compensationHandler.id };
}

/** What BPMN tells apart and the table does not. */
function finerKeys(graph) {
  return [...graph.nodesById.values()].flatMap((node) => {
    const { id, type } = node;
    if (type === 'bpmn:BusinessRuleTask') return [{ key: 'business-rule-task', id }];
    const position = interruptingPosition(node);
    if (position === undefined) return [];
    const how = node.interrupting ? 'interrupting' : 'not interrupting';
    return triggersOf(node).map((trigger) => ({ key: `${position} ${trigger}, ${how}`, id }));
  });
}

function interruptingPosition({ kind, scope }) {
  if (kind === 'boundary-event') return kind;
  return kind === 'start-event' && scope.kind === 'event-sub-process' ? 'event-sub-process-start' : undefined;
}

function triggersOf({ eventDefinitions, parallelMultiple }) {
  if (eventDefinitions.length < 2) return eventDefinitions.map(({ kind }) => kind);
  return [parallelMultiple ? 'parallel-multiple' : 'multiple'];
}
