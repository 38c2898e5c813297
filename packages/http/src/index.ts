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
export { ClaimAuthorityService, type ClaimAuthorityOptions } from './identity/claim-authority-service.js';
export type { ClaimCacheOptions } from './identity/claim-cache.js';
export { JwtIdentityService } from './identity/jwt-identity-service.js';
export { type JwtClaimNames, type JwtOptions, problemsOf as jwtProblems } from './identity/jwt-options.js';
export { isLoopbackHost } from './identity/loopback.js';
export {
  DUMMY_TOKEN,
  DUMMY_USER_ID,
  ORDINARY_CLAIMS,
  type StaticClaimsOptions,
  StaticClaimsService,
} from './identity/static-claims-service.js';
export { openApiDocument } from './openapi.js';
