export * from './notification-stream.js';
export * from './read-request-body.js';
export * from './route.js';
export * from './routes.js';
