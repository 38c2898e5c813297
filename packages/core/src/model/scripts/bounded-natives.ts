import { isTooLongPattern } from './pattern-length.js';

/**
 * The part of the prelude that bounds native calls, which the interpreter does not interrupt: JavaScript as text, with
 * the names of the prelude. It refuses what would take too long, charges what is large to the run's work, and replaces
 * methods whose time cannot be told beforehand by ones in JavaScript.
 */
export const BOUNDED_NATIVES = String.raw`
const MAX_LENGTH = 1e6;
const MAX_COMPARISONS = 1e8;
let owed = 0;
const charge = (amount) => {
  owed += amount;
  if (owed < 1) return;
  const units = owed - (owed % 1);
  owed = 0;
  hostCharge(units);
};
const chargeItems = (count) => { if (count > 500) charge(count / 5e4); };
const chargeText = (length) => { if (length > 5000) charge(length / 1e6); };
const chargeValue = (value) => {
  if (typeof value === 'string') chargeText(value.length);
  else if (isArray(value)) chargeItems(value.length);
};
const sizeOf = (value) => {
  const length = getOwnPropertyDescriptor(value, 'length');
  if (!length || typeof length.value !== 'number') throw new TypeError('a list with a length of its own is expected');
  if (length.value > MAX_LENGTH) throw new RangeError('the list is too long for this operation');
  return length.value;
};
const guard = (owner, names, before, after = () => {}) => {
  for (const name of names) {
    const native = owner[name];
    if (native === undefined) continue;
    const guarded = {
      [name](...args) {
        before(this, args);
        const result = apply(native, this, args);
        after(result);
        return result;
      },
    }[name];
    defineProperty(guarded, 'length', { value: native.length, configurable: true });
    defineProperty(owner, name, { value: guarded, writable: true, configurable: true });
  }
};
const checkList = (list) => {
  if (list === null || list === undefined) throw new TypeError('a list is expected');
  const size = sizeOf(Object(list));
  chargeItems(size);
  return size;
};
guard(Array.prototype, (
  'at copyWithin every fill filter find findIndex findLast findLastIndex forEach includes indexOf join lastIndexOf map ' +
  'pop reduce reduceRight reverse shift slice some splice toLocaleString toReversed toSpliced unshift with'
).split(' '), checkList);
guard(Array.prototype, ['sort', 'toSorted'], (list, [compare]) => {
  const size = checkList(list);
  if (compare !== undefined) return;
  let letters = 0;
  for (let index = 0; index < size; index += 1) letters += typeof list[index] === 'string' ? list[index].length : 20;
  charge((letters * size.toString(2).length) / 1e7);
});
const append = (result, item, depth) => {
  if (depth < 0 || !isArray(item)) return void push(result, item);
  for (let index = 0; index < item.length; index += 1) if (index in item) append(result, item[index], depth - 1);
};
replace(Array.prototype, 'concat', ({ concat(...items) {
  const result = [];
  append(result, this, 0);
  for (let index = 0; index < items.length; index += 1) append(result, items[index], 0);
  return result;
} }).concat);
replace(Array.prototype, 'flat', ({ flat(depth = 1) {
  const result = [];
  append(result, this, +depth);
  return result;
} }).flat);
replace(Array.prototype, 'flatMap', ({ flatMap(callback, receiver) {
  const result = [];
  for (let index = 0; index < this.length; index += 1) {
    if (index in this) append(result, apply(callback, receiver, [this[index], index, this]), 0);
  }
  return result;
} }).flatMap);
guard(String.prototype, ['includes', 'indexOf', 'lastIndexOf', 'replace', 'replaceAll', 'split'], (text, [pattern]) => {
  const [within, sought] = [typeof text === 'string' ? text.length : 0, typeof pattern === 'string' ? pattern.length : 0];
  if (typeof text === 'object' || (typeof pattern === 'object' && pattern !== null && getPrototypeOf(pattern) !== RegExp.prototype)) {
    throw new TypeError('a text and a text or regular expression are expected');
  }
  if (within * sought > MAX_COMPARISONS) throw new RangeError('the texts are too long for this operation');
  charge((within + (within * sought) / 10) / 1e6);
}, chargeValue);
guard(String.prototype, (
  'concat padEnd padStart repeat slice substring toLowerCase toUpperCase trim ' +
  'trimEnd trimStart'
).split(' '), chargeValue, chargeValue);
guard(JSON, ['parse'], (_json, [text]) => { if (typeof text === 'string') charge(text.length / 1e5); });
// Regular expressions are compiled without interruption, in a time that grows with the square of their length.
const isTooLong = ${isTooLongPattern.toString()};
const NativeRegExp = RegExp;
const regExpPrototype = RegExp.prototype;
function SandboxRegExp(pattern, flags) {
  const isPattern = isObject(pattern) && pattern[Symbol.match] !== undefined;
  if (new.target === undefined && isPattern && flags === undefined && pattern.constructor === SandboxRegExp) return pattern;
  const source = pattern === undefined ? '' : '' + (isPattern ? pattern.source : pattern);
  if (isTooLong(source)) throw new RangeError('the regular expression is too long');
  const kinds = flags === undefined && isPattern ? pattern.flags : flags;
  return construct(NativeRegExp, [source, kinds === undefined ? '' : '' + kinds], new.target || SandboxRegExp);
}
named('RegExp', SandboxRegExp);
defineProperty(SandboxRegExp, 'prototype', { value: regExpPrototype, writable: false });
defineProperty(SandboxRegExp, Symbol.species, { get() { return this; }, configurable: true });
replace(regExpPrototype, 'constructor', SandboxRegExp);
deleteProperty(regExpPrototype, 'compile');
const matching = (name, symbol, kinds) => replace(String.prototype, name, ({ method(pattern) {
  if (this === null || this === undefined) throw new TypeError('a text is expected');
  chargeValue(this);
  if (pattern !== null && pattern !== undefined) {
    const method = pattern[symbol];
    if (method !== undefined && method !== null) {
      if (name === 'matchAll' && pattern[Symbol.match] !== undefined && !('' + pattern.flags).includes('g')) {
        throw new TypeError('matchAll needs a regular expression with the flag g');
      }
      return apply(method, pattern, [this]);
    }
  }
  return new SandboxRegExp(pattern, kinds)[symbol]('' + this);
} }).method);
matching('match', Symbol.match);
matching('matchAll', Symbol.matchAll, 'g');
matching('search', Symbol.search);
// Marks in a row are sorted by a method whose time grows with the square of their number.
const { test } = RegExp.prototype;
const { localeCompare, normalize } = String.prototype;
const markable = (value) => {
  if (value === null || value === undefined) throw new TypeError('a text is expected');
  const text = '' + value;
  if (text.length < 100) return text;
  charge(text.length / 1e5);
  if (apply(test, /\p{M}{100}/u, [text])) throw new RangeError('the text has too many combining marks in a row');
  return text;
};
replace(String.prototype, 'normalize', ({ normalize(form) { return apply(normalize, markable(this), [form]); } }).normalize);
replace(String.prototype, 'localeCompare', ({ localeCompare(other) {
  return apply(localeCompare, markable(this), [markable('' + other)]);
} }).localeCompare);
replace(String, 'raw', ({ raw(template, ...values) {
  const { raw } = template;
  const size = +raw.length;
  let text = '';
  for (let index = 0; index < size; index += 1) text += raw[index] + (index < values.length && index + 1 < size ? values[index] : '');
  return text;
} }).raw);
// Shared parts are written each time they are met, so a few objects can make texts without end: a call of a function for
// each value lets the interpreter interrupt the writing.
const picked = (value, names) => {
  if (typeof value !== 'object' || value === null || isArray(value)) return value;
  const own = create(null);
  for (let index = 0; index < names.length; index += 1) {
    if (names[index] in value) defineProperty(own, names[index], { value: value[names[index]], enumerable: true, configurable: true });
  }
  return own;
};
const namesOf = (list) => {
  const names = [];
  for (let index = 0; index < sizeOf(list); index += 1) {
    if (typeof list[index] !== 'symbol' && list[index] !== undefined && list[index] !== null) push(names, '' + list[index]);
  }
  return names;
};
const weighed = (value) => {
  if (typeof value === 'string' && value.length > 1e5) charge(value.length / 1e6 + hostEscapes(value, value.length) / 1e4);
  return value;
};
const visit = (_key, value) => weighed(value);
const replacerOf = (replacer) => {
  if (typeof replacer === 'function') return function (key, value) { return weighed(apply(replacer, this, [key, value])); };
  if (!isArray(replacer)) return visit;
  const names = namesOf(replacer);
  return (_key, value) => weighed(picked(value, names));
};
replace(JSON, 'stringify', ({ stringify(value, replacer, space) {
  const text = stringify(value, replacerOf(replacer), space);
  if (text !== undefined) charge(text.length / 1e5);
  return text;
} }).stringify);
guard(Object, ['assign', 'entries', 'fromEntries', 'getOwnPropertyNames', 'keys', 'values'], () => {}, chargeValue);
guard(Array, ['from'], () => {}, chargeValue);
guard(Array.prototype, ['values', 'keys', 'entries'], checkList);
// In steps that can be interrupted, and at once: the native one drops when the first element is asked for.
const { drop } = Iterator.prototype;
replace(Iterator.prototype, 'drop', ({ drop(count) {
  const limit = +count;
  if (!(limit >= 0)) throw new RangeError('the number of elements to drop must not be negative');
  const rest = apply(drop, this, [0]);
  for (let index = 1; index <= limit && !rest.next().done; index += 1);
  return rest;
} }).drop);
defineProperty(Array.prototype, Symbol.iterator, getOwnPropertyDescriptor(Array.prototype, 'values'));
guard(Reflect, ['ownKeys'], () => {}, chargeValue);`;
