export * from './records.js';
export * from './change-set.js';
export * from './storage.js';
export * from './storage-errors.js';
