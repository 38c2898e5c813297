import type { ExtensionSource } from '../extensions.js';

/** What a dialect's reader knows of one namespace, by local name: read, refused or noted there, or without any meaning for a run. */
export interface KnownNames {
  readonly elements: ReadonlySet<string>;
  readonly attributes: ReadonlySet<string>;
}

/** A name set of words that are separated by spaces. */
export function names(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Nothing is passed over in silence: what nobody knows has no effect, and says so. */
export function noteUnknown(source: ExtensionSource, prefix: string, { elements, attributes }: KnownNames): void {
  const isUnknown = (name: string, known: ReadonlySet<string>): boolean =>
    name.startsWith(prefix) && !known.has(name.slice(prefix.length));
  for (const { $type } of source.values) if (isUnknown($type, elements)) source.note($type);
  for (const name of Object.keys(source.attributes)) if (isUnknown(name, attributes)) source.note(name);
}
