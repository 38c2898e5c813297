import { createHash } from 'node:crypto';
import type { Finding } from '@process-engine/contracts';
import { BpmnModdle, type ParseResult, type ParseWarning } from 'bpmn-moddle';
import type { BpmnElement } from './bpmn-element.js';
import { decodeXml } from './decode-xml.js';
import { limitedReading } from './limited-reading.js';
import { checkModelSize } from './model-size.js';
import { ModelSyntaxError } from './model-syntax-error.js';
import { parseFindings, syntaxErrorOf, syntaxFinding } from './parse-findings.js';
import { prepareXml } from './prepare-xml.js';

/** A BPMN file as elements; the input of `compileModel`. */
export interface ParsedModel {
  /** The text of the file, decoded, without byte order mark, otherwise as it came. */
  readonly xml: string;
  /** SHA-256 of `xml` in UTF-8, hexadecimal. */
  readonly hash: string;
  /** Undefined where the file could not be read; `findings` then says why. */
  readonly definitions: BpmnElement | undefined;
  readonly elementsById: Readonly<Record<string, BpmnElement>>;
  /** What reading found: syntax, ids, references. */
  readonly findings: readonly Finding[];
}

/** Prefixes of the dialects' names, whatever prefixes a file gives the namespaces. Camunda 7 reads Activiti's as its own. */
const DIALECT_PREFIXES: Readonly<Record<string, string>> = {
  'http://camunda.org/schema/1.0/bpmn': 'camunda',
  'http://activiti.org/bpmn': 'camunda',
  'http://camunda.org/schema/zeebe/1.0': 'zeebe',
};

// Building it takes half a millisecond; it keeps nothing of what it parsed.
const moddle = new BpmnModdle({ bpmn: bpmnPackage() }, { nsMap: { ...DIALECT_PREFIXES } });

interface ModdlePackage {
  readonly types: readonly {
    readonly name: string;
    readonly properties?: readonly { name: string; isAttr?: boolean }[];
  }[];
}

/** The descriptions of BPMN's elements. The script of a global script task is an element, not an attribute (BPMN 10.3.3). */
function bpmnPackage(): ModdlePackage {
  const described = new BpmnModdle().getPackage('bpmn') as ModdlePackage;
  const types = described.types.map((type) => {
    if (type.name !== 'GlobalScriptTask') return type;
    const properties = (type.properties ?? []).map((property) =>
      property.name === 'bpmn:script' ? { ...property, isAttr: false } : property,
    );
    return { ...type, properties };
  });
  return { ...described, types };
}

export interface ParseOptions {
  /** A file with more elements, without those of its diagram, is not read. Default: any number is. */
  readonly maxElements?: number | undefined;
}

/**
 * Reads a BPMN 2.0 file. Never fails because of the file: what is wrong with it is in `findings`, and a file that cannot
 * be read at all has no `definitions`.
 *
 * @param xml a text, or bytes in UTF-8 or the encoding they declare
 */
export async function parseModel(xml: string | Uint8Array, options: ParseOptions = {}): Promise<ParsedModel> {
  let text = '';
  try {
    text = decodeXml(xml);
    const prepared = prepareXml(text);
    if (options.maxElements === undefined) return readModel(text, await moddle.fromXML(prepared));
    checkModelSize(prepared, options.maxElements);
    return readModel(text, await moddle.fromXML(prepared, limitedReading(prepared)));
  } catch (error) {
    const syntaxError = error instanceof ModelSyntaxError ? error : syntaxErrorOf(error);
    return {
      xml: text,
      hash: hashOf(text),
      definitions: undefined,
      elementsById: {},
      findings: [syntaxFinding(syntaxError)],
    };
  }
}

function readModel(text: string, { rootElement, elementsById, warnings }: ParseResult): ParsedModel {
  const elements = elementsById as Readonly<Record<string, BpmnElement>>;
  return {
    xml: text,
    hash: hashOf(text),
    definitions: rootElement as BpmnElement,
    elementsById: elements,
    findings: parseFindings(warnings.filter((warning) => !resolveQualified(warning, elements))),
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Many references are qualified names in the BPMN schema (`tns:Order`), which bpmn-moddle does not resolve. */
function resolveQualified(warning: ParseWarning, elements: Readonly<Record<string, BpmnElement>>): boolean {
  const { element, property, value } = warning;
  const localName = /^[^:]+:(.+)$/.exec(value ?? '')?.[1];
  if (property === undefined || localName === undefined || !warning.message.startsWith('unresolved')) return false;
  const target = elements[localName];
  if (target === undefined) return false;
  const owner = element as { get(name: string): unknown; set(name: string, value: unknown): void };
  const current = owner.get(property);
  if (Array.isArray(current)) current.push(target);
  else owner.set(property, target);
  return true;
}
