/** Texts, JSON values and models that nobody sends by intent. */
import type { Random } from './random.js';

const TEXTS = [
  '',
  ' ',
  '.',
  '..',
  'ordinary',
  'Größe ü 漢字 😀',
  'a/b?c#d%e&f=g',
  '%00%ff%zz',
  '\0',
  '\r\nX-Injected: 1',
  "'; drop table process_instance; --",
  '<script>alert(1)</script>',
  '${token.history}',
  '__proto__',
  'constructor',
  'undefined',
  'null',
  '-1',
  '1e999',
  '9007199254740993',
  '\ud800',
  'x'.repeat(2_000),
];

const FIELDS = [
  ...['correlationId', 'callerId', 'inputValues', 'businessKey', 'idempotencyKey', 'workerId', 'topicName', 'maxTasks'],
  ...[
    'longPollingTimeout',
    'lockDuration',
    'additionalDuration',
    'errorCode',
    'errorMessage',
    'errorDetails',
    'result',
  ],
  ...[
    'formFields',
    'name',
    'payload',
    'correlationKeys',
    'messageId',
    'timeToLive',
    'variables',
    'scopeId',
    'flowNodeId',
  ],
  ...['files', 'xml', 'overwriteExisting', 'currentToken', 'assignee', 'candidateUsers', 'priority', 'dueAt'],
  ...['__proto__', 'constructor', 'toString', '', 'a.b', 'ü'],
];

export function text(random: Random): string {
  if (random.chance(0.7)) return random.pick(TEXTS);
  const codes = Array.from({ length: random.below(12) }, () => random.below(random.chance(0.8) ? 0x180 : 0x10000));
  return String.fromCharCode(...codes);
}

export function jsonValue(random: Random, depth = 0): unknown {
  if (depth > 3 || random.chance(0.6)) {
    return random.pick<unknown>([null, true, false, 0, -1, 1.5, 1e300, -9e15, text(random), text(random), [], {}]);
  }
  if (random.chance(0.4)) return Array.from({ length: random.below(4) }, () => jsonValue(random, depth + 1));
  return jsonObject(random, depth + 1);
}

export function jsonObject(random: Random, depth = 0): Record<string, unknown> {
  const fields = Array.from({ length: random.below(6) }, () => random.pick(FIELDS));
  return Object.fromEntries(fields.map((field) => [field, jsonValue(random, depth + 1)]));
}

/** JSON text, sound or damaged. */
export function bodyText(random: Random): string {
  const kind = random.next();
  if (kind < 0.08) return '['.repeat(20_000);
  if (kind < 0.12) return `{"inputValues":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`;
  if (kind < 0.16) return `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`;
  if (kind < 0.2) return text(random);
  const sound = JSON.stringify(jsonObject(random));
  return kind < 0.35 ? damaged(random, sound) : sound;
}

/** A text with a few characters removed, doubled or replaced. */
export function damaged(random: Random, sound: string): string {
  let result = sound;
  for (let count = random.below(6); count >= 0; count -= 1) {
    const at = random.below(result.length + 1);
    const removed = random.below(random.chance(0.2) ? 200 : 3);
    result = result.slice(0, at) + random.pick(['', text(random), '<', '"', '&', '{']) + result.slice(at + removed);
  }
  return result;
}

const ENTITIES =
  '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>';

/** A model, mostly damaged. */
export function modelText(random: Random, model: string): string {
  if (random.chance(0.1)) return ENTITIES + model.replace('<?xml version="1.0" encoding="UTF-8"?>', '');
  if (random.chance(0.1)) return model.slice(0, random.below(model.length));
  return random.chance(0.2) ? model.replaceAll('Work', text(random)) : damaged(random, model);
}
