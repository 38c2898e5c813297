import { expect } from 'chai';
import type { CompileOptions, FlowNode, ProcessGraph } from '../../dist/model/index.js';
import { ALL_ELEMENTS, compileModel, parseModel } from '../../dist/model/index.js';

const NAMESPACES = [
  'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"',
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
  'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"',
].join(' ');

/** A file with the given root elements. */
export function definitions(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<definitions ${NAMESPACES} id="Definitions_1" targetNamespace="http://example.org">${content}</definitions>`;
}

/** A file with one executable process `P`. */
export function processWith(content: string, beside = ''): string {
  return definitions(`<process id="P" isExecutable="true">${content}</process>${beside}`);
}

/** `flow('a', 'b')`: a sequence flow `a-b`. */
export function flow(source: string, target: string, content = ''): string {
  return `<sequenceFlow id="${source}-${target}" sourceRef="${source}" targetRef="${target}">${content}</sequenceFlow>`;
}

/** The nodes in a row, from a start event `S` to an end event `E`; each as its id and its XML. */
export function sequence(...nodes: readonly (readonly [id: string, xml: string])[]): string {
  const ids = ['S', ...nodes.map(([id]) => id), 'E'];
  const flows = ids.slice(1).map((id, index) => flow(ids[index]!, id));
  return ['<startEvent id="S"/>', ...nodes.map(([, xml]) => xml), '<endEvent id="E"/>', ...flows].join('\n');
}

export async function compile(xml: string, options: CompileOptions = { supportedElements: ALL_ELEMENTS }) {
  return compileModel(await parseModel(xml), options);
}

/** The graph of the file's first process, which has to be without errors. */
export async function graphOf(xml: string, options?: CompileOptions): Promise<ProcessGraph> {
  const { graphs, findings } = await compile(xml, options);
  expect(findings.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
  return graphs[0]!;
}

type NodeOf<K extends string> = FlowNode extends infer N
  ? N extends { readonly kind: string }
    ? K extends N['kind']
      ? N
      : never
    : never
  : never;

/** A node of a kind; anything else fails the test. */
export function nodeOf<K extends FlowNode['kind']>(graph: ProcessGraph, id: string, kind: K) {
  const node = graph.nodesById.get(id);
  expect(node?.kind).to.equal(kind);
  return node as NodeOf<K>;
}

/** What an expression gives over these variables. */
export function evaluate(
  expression: { evaluate(context: never): unknown } | undefined,
  variables: object = {},
): unknown {
  const values = new Map<string, unknown>(Object.entries({ variables, ...variables }));
  const context = { lookup: (name: string) => values.get(name), now: 0, random: () => 0 };
  return expression?.evaluate(context as never);
}
