import type { CompiledExpression } from '../../expressions/expression.js';
import type { DataMapping } from '../../graph.js';
import type { ExtensionElement } from '../../parse/bpmn-element.js';
import { list, object, variable } from '../composed-expressions.js';
import { attributeOf, childrenOf, type ExtensionSource } from '../extensions.js';

/** `camunda:inputOutput`: its input or output parameters; undefined where there is none. */
export function parameterMappings(source: ExtensionSource, type: string): readonly DataMapping[] | undefined {
  const [inputOutput] = source.elements('camunda:inputOutput');
  if (inputOutput === undefined) return undefined;
  const parameters = childrenOf(inputOutput, type);
  return parameters.map((parameter) => {
    const target = nameOf(source, parameter, 'name');
    return { target, source: parameterValue(source, parameter, target) };
  });
}

/** `camunda:in` or `camunda:out` of a call activity. */
export function callMappings(source: ExtensionSource, type: string): 'all' | readonly DataMapping[] | undefined {
  const elements = source.elements(type).filter((element) => attributeOf(element, 'businessKey') === undefined);
  if (elements.length === 0) return undefined;
  const single = elements.filter((element) => attributeOf(element, 'variables') === undefined);
  if (single.length === elements.length) return single.map((element) => callMapping(source, element));
  if (single.length > 0) {
    source.refuse(`${type} with variables="all" beside single variables`, 'use one of the two');
  }
  return 'all';
}

function callMapping(source: ExtensionSource, element: ExtensionElement): DataMapping {
  const target = nameOf(source, element, 'target');
  const text = attributeOf(element, 'sourceExpression');
  if (text !== undefined) return { target, source: source.text(`mapping to '${target}'`, text) ?? variable(target) };
  return { target, source: variable(nameOf(source, element, 'source')) };
}

/** A text, a list, a map or a script. */
function parameterValue(source: ExtensionSource, element: ExtensionElement, target: string): CompiledExpression {
  const [child] = element.$children ?? [];
  const what = `parameter '${target}'`;
  if (child === undefined) return valueText(source, element, what);
  switch (child.$type) {
    case 'camunda:list':
      return list((child.$children ?? []).map((item) => listItem(source, item, target)));
    case 'camunda:map':
      return object(
        childrenOf(child, 'camunda:entry').map((entry) => [
          attributeOf(entry, 'key') ?? '',
          parameterValue(source, entry, target),
        ]),
      );
    default:
      source.refuse(`${child.$type} in ${what}`, 'use an expression');
      return variable(target);
  }
}

function listItem(source: ExtensionSource, item: ExtensionElement, target: string): CompiledExpression {
  return item.$type === 'camunda:value'
    ? valueText(source, item, `parameter '${target}'`)
    : parameterValue(source, { $type: 'camunda:entry', $children: [item] }, target);
}

function valueText(source: ExtensionSource, element: ExtensionElement, what: string): CompiledExpression {
  return source.compilation.text({ element: source.element, what, text: element.$body?.trim() ?? '' });
}

function nameOf(source: ExtensionSource, element: ExtensionElement, attribute: string): string {
  const name = attributeOf(element, attribute);
  if (name) return name;
  const { compilation, element: owner } = source;
  compilation.report('invalid-value', owner, `A ${element.$type} of '${owner.id}' has no ${attribute}.`);
  return '';
}
