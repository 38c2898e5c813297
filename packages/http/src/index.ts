export { createApp } from './create-app.js';
export { createHttpServer, type HttpServer } from './create-http-server.js';
export { HttpExtension, type HttpExtensionConfig, httpOptionsOf } from './http-extension.js';
export type {
  ApplicationDescription,
  CorsOptions,
  HttpOptions,
  HttpServerOptions,
  LimitOptions,
} from './http-options.js';
export { DevelopmentIdentityService } from './identity/development-identity-service.js';
export {
  DUMMY_USER_ID,
  ORDINARY_CLAIMS,
  type StaticClaimsOptions,
  StaticClaimsService,
} from './identity/static-claims-service.js';
export { openApiDocument } from './openapi.js';
