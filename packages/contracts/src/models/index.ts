export * from './common.js';
export * from './events.js';
export * from './external-tasks.js';
export * from './findings.js';
export * from './management.js';
export * from './process-models.js';
export * from './tasks.js';
export * from './user-task-queries.js';
