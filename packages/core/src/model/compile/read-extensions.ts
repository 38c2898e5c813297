import type { BpmnElement } from '../parse/bpmn-element.js';
import type { Compilation } from './compilation.js';
import { readCamunda } from './dialects/camunda.js';
import { readFiveMinds } from './dialects/five-minds.js';
import { readZeebe } from './dialects/zeebe.js';
import { type Extensions, ExtensionSource } from './extensions.js';

const NONE: Readonly<Extensions> = Object.freeze({ properties: Object.freeze(dictionary()) });

/** What the dialects say about an element. Where two say the same, the properties of 5Minds win, then `camunda:`. */
export function readExtensions(compilation: Compilation, element: BpmnElement): Readonly<Extensions> {
  if (element.extensionElements === undefined && isEmpty(element.$attrs)) return NONE;
  const source = new ExtensionSource(compilation, element);
  const extensions: Extensions = { properties: dictionary() };
  if (source.speaks('zeebe:')) readZeebe(source, extensions);
  if (source.speaks('camunda:')) readCamunda(source, extensions);
  readFiveMinds(source, extensions);
  return extensions;
}

/** Its keys are names out of a file: one like `__proto__` is a name like any other. */
function dictionary(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

function isEmpty(attributes: Readonly<Record<string, string>> | undefined): boolean {
  for (const _name in attributes) return false;
  return true;
}
