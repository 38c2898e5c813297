import type { JsonValue } from '@process-engine/contracts';

/** The value as any storage would give it back: what JSON does not know becomes null. Unchanged parts are shared. */
export function jsonOf(value: unknown): JsonValue | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return value as JsonValue | undefined;
  return Array.isArray(value) ? jsonList(value) : jsonObject(value);
}

function jsonList(list: readonly unknown[]): JsonValue {
  let copy: unknown[] | undefined;
  list.forEach((item, index) => {
    const json = jsonOf(item) ?? null;
    if (json !== item) (copy ??= [...list])[index] = json;
  });
  return (copy ?? list) as JsonValue;
}

function jsonObject(object: object): JsonValue {
  let copy: Record<string, unknown> | undefined;
  for (const [name, item] of Object.entries(object)) {
    const json = jsonOf(item);
    if (json !== item) (copy ??= { ...object })[name] = json;
  }
  return (copy ?? object) as JsonValue;
}
