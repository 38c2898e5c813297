/** Who works on a user task, as BPMN itself says it: resource roles (BPMN 10.3.1, 10.3.4.1). The dialects go before. */
import type { BpmnElement } from '../parse/bpmn-element.js';
import { assignDefined, ExtensionSource, type UserTaskExtensions } from './extensions.js';
import type { NodeSource } from './node-base.js';

type People = Pick<UserTaskExtensions, 'assignee' | 'candidateUsers' | 'candidateGroups'>;
type Found = { [K in keyof People]: People[K] | undefined };

/** `user(ann)`, `group(office)`; a name without either is a group's. */
const NAMED = /^(?:(?<kind>user|group)\((?<inside>[^()]*)\)|(?<name>[^()]*))$/;

export function peopleOfRoles({ compilation, element }: NodeSource): People {
  const source = new ExtensionSource(compilation, element);
  const people: People = {};
  for (const role of element.resources ?? []) {
    const text = role.resourceAssignmentExpression?.expression?.body?.trim();
    if (text === undefined || text === '') note(source, role);
    else if (role.$type === 'bpmn:PotentialOwner') assignDefined(people, candidates(source, text));
    else assignDefined(people, { assignee: source.text('performer', nameOf(text)) });
  }
  return people;
}

/** An expression answers names of groups. */
function candidates(source: ExtensionSource, text: string): Found {
  if (text.includes('{') || text.startsWith('=')) return { candidateGroups: source.text('potential owner', text) };
  const users: string[] = [];
  const groups: string[] = [];
  for (const entry of text.split(',')) {
    const { kind, inside, name } = NAMED.exec(entry.trim())?.groups ?? {};
    const list = kind === 'user' ? users : groups;
    list.push((inside ?? name ?? entry).trim());
  }
  const named = (names: readonly string[]) =>
    names.length === 0 ? undefined : source.text('potential owner', names.join(','));
  return { candidateUsers: named(users), candidateGroups: named(groups) };
}

function nameOf(text: string): string {
  return NAMED.exec(text)?.groups?.['inside']?.trim() ?? text;
}

/** References to resources name nobody: what a resource is, BPMN leaves to others. */
function note({ compilation, element }: ExtensionSource, { $type }: BpmnElement): void {
  const message = `The ${$type.replace('bpmn:', '')} of '${element.id}' has no assignment expression; it names nobody.`;
  compilation.report('extension-without-effect', element, message);
}
