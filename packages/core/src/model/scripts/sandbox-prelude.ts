import { BOUNDED_NATIVES } from './bounded-natives.js';

/**
 * What runs inside of the sandbox before any script: JavaScript as text. Its value is a function of the host's
 * functions; that function returns what the host calls later.
 *
 * 1. Nothing reaches the clock, the machine's zone or real randomness: `Date` shows the run's time, in UTC.
 * 2. Code cannot be made from texts, so what was checked before the run is all that runs.
 * 3. No native call can run for ever: methods refuse lists of more than a million elements and searches of more than a
 *    hundred million comparisons, and what is large is charged to the run's work. (Proxies, typed arrays, BigInt and weak
 *    references are left out for the same reason: they get around this, or keep something from one run to the next.)
 * 4. Every object that exists before the first script is frozen. What scripts inherit from is frozen as accessors, so
 *    that assigning a property of the same name to an object of one's own still works.
 */
export const SANDBOX_PRELUDE = String.raw`(function (hostNow, hostRandom, hostLog, hostCharge, hostTick, hostEscapes) {
'use strict';
const { apply, construct, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const { create, freeze } = Object;
const { isArray } = Array;
const { parse, stringify } = JSON;
const NativeDate = Date;
const NativePromise = Promise;
const promiseThen = Promise.prototype.then;
const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
const push = (list, item) => defineProperty(list, list.length, { value: item, writable: true, enumerable: true, configurable: true });
const named = (name, value) => defineProperty(value, 'name', { value: name, configurable: true }) && value;
const replace = (object, name, value) =>
  defineProperty(object, name, { value: named(String(name), value), writable: true, configurable: true });

// 1. Time and randomness.
replace(Math, 'random', () => hostRandom());

const parseDate = NativeDate.parse;
const localOffset = NativeDate.prototype.getTimezoneOffset;
const getTime = NativeDate.prototype.getTime;
const hasZone = (text) => apply(RegExp.prototype.test, /^\s*[+-]?\d{4,6}(-\d\d(-\d\d)?)?\s*$|(Z|GMT|UTC|[+-]\d\d:?\d\d)(\s*\(.*\))?\s*$/i, [text]);
const parseInUtc = (value) => {
  const text = '' + value;
  const time = parseDate(text);
  return hasZone(text) ? time : time - apply(localOffset, new NativeDate(time), []) * 60000;
};
const timeOf = (args) => {
  if (args.length === 0) return hostNow();
  if (args.length > 1) return apply(NativeDate.UTC, NativeDate, args);
  const [value] = args;
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? parseInUtc(value) : +value;
  try {
    return apply(getTime, value, []);
  } catch {
    return parseInUtc(value);
  }
};
function SandboxDate(...args) {
  if (new.target === undefined) return new SandboxDate().toString();
  return construct(NativeDate, [timeOf(args)], new.target);
}
named('Date', SandboxDate);
const datePrototype = NativeDate.prototype;
defineProperty(SandboxDate, 'prototype', { value: datePrototype });
defineProperty(SandboxDate, 'length', { value: 7 });
replace(datePrototype, 'constructor', SandboxDate);
named('Date', SandboxDate);
replace(SandboxDate, 'now', () => hostNow());
replace(SandboxDate, 'parse', (text) => parseInUtc(text));
replace(SandboxDate, 'UTC', NativeDate.UTC);
for (const part of ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds']) {
  replace(datePrototype, 'get' + part, datePrototype['getUTC' + part]);
  if (part !== 'Day') replace(datePrototype, 'set' + part, datePrototype['setUTC' + part]);
}
const utcString = datePrototype.toUTCString;
const isoString = datePrototype.toISOString;
const utcText = (date) => apply(utcString, date, []);
const pieces = (date) => apply(String.prototype.split, utcText(date), [' ']);
const inWords = ([week, day, month, year]) => week.slice(0, 3) + ' ' + month + ' ' + day + ' ' + year;
const isInvalid = (date) => apply(getTime, date, []) !== apply(getTime, date, []);
const show = (write) => ({ show() { return isInvalid(this) ? 'Invalid Date' : write(this); } }).show;
replace(datePrototype, 'getTimezoneOffset', ({ offset() { return isInvalid(this) ? NaN : 0; } }).offset);
replace(datePrototype, 'toDateString', show((date) => inWords(pieces(date))));
replace(datePrototype, 'toTimeString', show((date) => pieces(date)[4] + ' GMT+0000 (UTC)'));
replace(datePrototype, 'toString', show((date) => inWords(pieces(date)) + ' ' + pieces(date)[4] + ' GMT+0000 (UTC)'));
replace(datePrototype, 'toLocaleDateString', show((date) => apply(isoString, date, []).slice(0, 10)));
replace(datePrototype, 'toLocaleTimeString', show((date) => apply(isoString, date, []).slice(11, 19)));
replace(datePrototype, 'toLocaleString', show((date) => apply(isoString, date, []).slice(0, 19).replace('T', ' ')));
for (const name of ['getYear', 'setYear', 'toGMTString']) deleteProperty(datePrototype, name);

// 2. No code from texts.
const refuseCode = (name) =>
  named(name, function () { throw new EvalError('code cannot be made from texts in the sandbox'); });
const SandboxFunction = refuseCode('Function');
defineProperty(SandboxFunction, 'prototype', { value: Function.prototype });
for (const sample of [function () {}, async function () {}, function* () {}, async function* () {}]) {
  const constructor = getPrototypeOf(sample) === Function.prototype ? SandboxFunction : refuseCode('Function');
  defineProperty(getPrototypeOf(sample), 'constructor', { value: constructor, writable: true, configurable: true });
}
for (const name of ['caller', 'arguments']) deleteProperty(Function.prototype, name);

// 3. Bounds on native calls.
${BOUNDED_NATIVES}
// The console.
const worded = (value) => {
  if (typeof value === 'string') return value;
  try {
    const text = typeof value === 'object' && value !== null && !(value instanceof Error) ? stringify(value, visit) : undefined;
    return text === undefined ? String(value) : text;
  } catch {
    return '[object]';
  }
};
const logging = (level) => (...values) => {
  let message = '';
  for (let index = 0; index < values.length && message.length < 2000; index += 1) {
    message += (index > 0 ? ' ' : '') + worded(values[index]);
  }
  hostLog(level, message.slice(0, 2000));
};
const console = { log: logging('log'), info: logging('info'), warn: logging('warn'), error: logging('error'), debug: logging('log') };

// The global object.
const allowed = (
  'undefined NaN Infinity globalThis Object Array String Number Boolean Symbol Math JSON RegExp Map Set WeakMap WeakSet ' +
  'Promise Reflect Iterator Error EvalError RangeError ReferenceError SyntaxError TypeError URIError AggregateError ' +
  'InternalError parseInt parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape'
).split(' ');
for (const name of ownKeys(globalThis)) if (!allowed.includes(name)) deleteProperty(globalThis, name);
replace(globalThis, 'Date', SandboxDate);
replace(globalThis, 'Function', SandboxFunction);
replace(globalThis, 'RegExp', SandboxRegExp);
replace(globalThis, 'eval', refuseCode('eval'));
defineProperty(globalThis, 'console', { value: console });

// 4. Everything that exists now stays as it is.
const found = new Set();
const inherited = new Set();
const open = [globalThis, console, [].values(), [].values().map((x) => x), new Map().entries(), new Set().values(), ''.matchAll(/x/g),
  ''[Symbol.iterator](), function () {}, async function () {}, function* () {}, async function* () {}, (function* () {})(),
  (async function* () {})(), Iterator.from({ next() {} }), (function () { return arguments; })()];
while (open.length > 0) {
  const object = open.pop();
  if (found.has(object)) continue;
  found.add(object);
  const prototype = getPrototypeOf(object);
  if (prototype !== null) {
    inherited.add(prototype);
    open.push(prototype);
  }
  for (const key of ownKeys(object)) {
    const property = getOwnPropertyDescriptor(object, key);
    if (key === 'prototype' && isObject(property.value)) inherited.add(property.value);
    for (const value of [property.value, property.get, property.set]) if (isObject(value)) open.push(value);
  }
}
const assignable = (object, key, value) => {
  const accessor = {
    get() { return value; },
    set(own) {
      if (this === object || !isObject(this)) throw new TypeError('the property cannot be changed');
      if (!defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true })) {
        throw new TypeError('the object is not extensible');
      }
    },
  };
  freeze(accessor.get);
  freeze(accessor.set);
  return { get: accessor.get, set: accessor.set, enumerable: false, configurable: false };
};
for (const object of inherited) {
  for (const key of ownKeys(object)) {
    const property = getOwnPropertyDescriptor(object, key);
    if ('value' in property && property.configurable) defineProperty(object, key, assignable(object, key, property.value));
  }
}
for (const object of found) freeze(object);

// What the host calls.
const { slice } = String.prototype;
const textOf = (value, otherwise) => (typeof value === 'string' ? apply(slice, value, [0, 10000]) : otherwise);
const describe = (thrown) => {
  if (!isObject(thrown)) return { name: 'Error', message: textOf(String(thrown)) };
  const { code } = thrown;
  return {
    name: textOf(thrown.name, 'Error'),
    message: textOf(thrown.message, ''),
    code: typeof code === 'string' || typeof code === 'number' ? textOf('' + code) : undefined,
    stack: textOf(thrown.stack),
  };
};
const failed = (thrown) => {
  try {
    return 'e' + stringify(describe(thrown));
  } catch {
    return 'e{"name":"Error","message":"an error that cannot be described"}';
  }
};
const done = (value) => {
  const text = stringify(value, visit);
  return text === undefined ? 'u' : 'v' + text;
};
let settled;
const settle = (value) => {
  try {
    settled = done(value);
  } catch (error) {
    settled = failed(error);
  }
};
return {
  run(script, receiver, inputs) {
    settled = 'p';
    owed = 0;
    try {
      const boxes = parse(inputs);
      const values = [];
      for (let index = 0; index < boxes.length; index += 1) push(values, boxes[index][0]);
      const result = script(values[receiver], values);
      if (!isObject(result) || typeof result.then !== 'function') return done(result);
      const promise = new NativePromise((resolve) => resolve(result));
      apply(promiseThen, promise, [settle, (error) => { settled = failed(error); }]);
      return 'p';
    } catch (error) {
      return failed(error);
    }
  },
  outcome() {
    return settled;
  },
  adopt(create) {
    const [script, reset] = create(() => hostTick());
    freeze(script);
    return freeze((receiver, values) => {
      reset();
      return apply(script, receiver, values);
    });
  },
};
})`;
