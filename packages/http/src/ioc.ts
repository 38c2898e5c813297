import type { IocContainer } from '@process-engine/contracts';
import { HttpExtension } from './http-extension.js';

/** Registers the HTTP server; the container must know `EngineApi` and `IdentityService`. */
export function registerInContainer(container: IocContainer): void {
  container
    .register('HttpExtension', HttpExtension)
    .dependencies('EngineApi', 'IdentityService')
    .configure('http:http_extension')
    .singleton();
}
