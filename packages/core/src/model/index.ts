export * from './compile/compile-model.js';
export * from './compile/compile-options.js';
export * from './graph.js';
export * from './parse/parse-model.js';
export * from './timers.js';
export * from './validate/supported-elements.js';
