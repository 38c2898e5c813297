/** One name a text mentions: the whole value, or only some paths below it. */
export interface Mention {
  whole: boolean;
  readonly parts: Map<string, Mention>;
}

/** The free names of a text and the literal paths by which it reads them. */
export class Mentions {
  private readonly byName = new Map<string, Mention>();

  /** Notes that `name` is read, and of its value only what lies at `path`; an empty path is the whole value. */
  add(name: string, path: readonly string[]): void {
    let mention = mentionIn(this.byName, name);
    for (const part of path) {
      mention = mentionIn(mention.parts, part);
    }
    mention.whole = true;
  }

  get names(): ReadonlySet<string> {
    return new Set(this.byName.keys());
  }

  /** The flow nodes whose history entries are read, see `CompiledExpression.historyIds`. */
  get historyIds(): ReadonlySet<string> | 'all' {
    const token = this.byName.get('token');
    if (token === undefined) {
      return new Set();
    }
    const history = token.parts.get('history');
    const others = [...token.parts.keys()].some((part) => part !== 'history' && part !== 'current');
    if (token.whole || history?.whole === true || others) {
      return 'all';
    }
    return new Set(history?.parts.keys());
  }

  entries(): [string, Mention][] {
    return [...this.byName];
  }
}

function mentionIn(mentions: Map<string, Mention>, name: string): Mention {
  let mention = mentions.get(name);
  if (mention === undefined) {
    mention = { whole: false, parts: new Map() };
    mentions.set(name, mention);
  }
  return mention;
}

/**
 * The part of `value` a text can see by what it mentions. Objects on a mentioned path are copied with only the
 * mentioned properties; lists and everything else are taken whole. A path that ends early stays cut where it ends, so
 * reading on fails or gives `undefined` just as it would on the whole value.
 */
export function pickMentioned(value: unknown, mention: Mention): unknown {
  if (mention.whole || typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  const picked: Record<string, unknown> = {};
  for (const [name, part] of mention.parts) {
    if (Object.hasOwn(value, name)) {
      const own = pickMentioned((value as Record<string, unknown>)[name], part);
      Object.defineProperty(picked, name, { value: own, enumerable: true, writable: true, configurable: true });
    }
  }
  return picked;
}
