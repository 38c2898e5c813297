/**
 * Registers the clients in an IoC container, under the keys of the earlier packages. Written for addict-ioc, whose
 * containers hand constructors their dependencies in order and assign the configuration to the property `config`.
 */
import type { IocContainer } from '@process-engine/contracts';
import { AxiosTransport } from './accessors/axios-transport.js';
import { ExternalAccessor } from './accessors/external-accessor.js';
import { InternalAccessor } from './accessors/internal-accessor.js';
import { ConsumerApiClientService, ExternalTaskApiClientService } from './aliases.js';
import { ACCESSOR_CONFIG_PATH, HTTP_CONFIG_PATHS } from './configuration.js';
import { ConsumerApiClient } from './consumer-api-client.js';
import { ManagementApiClient } from './management-api-client.js';

export interface IocOptions {
  /** Which accessor the clients get. Default: external. */
  readonly accessor?: 'external' | 'internal' | undefined;
  /** Key of the engine (an `EngineApi`) that the internal accessors depend on. Default: `EngineApi`. */
  readonly engineKey?: string | undefined;
  /** Key of the HTTP transport, or of an application's own HTTP client. Default: `HttpService`, registered here. */
  readonly httpKey?: string | undefined;
}

/**
 * Keys: `HttpService` (configured at `services:http`), `ConsumerApi…`, `ExternalTaskApi…` and `ManagementApi…` each with
 * `ExternalAccessor`, `InternalAccessor` and `ClientService`, and `ConsumerApiClient`.
 */
export function registerInContainer(container: IocContainer, options: IocOptions = {}): void {
  const { accessor = 'external', engineKey = 'EngineApi', httpKey } = options;
  if (httpKey === undefined) {
    container.register('HttpService', AxiosTransport).configure(HTTP_CONFIG_PATHS[0]).singleton();
  }
  for (const api of ['ConsumerApi', 'ExternalTaskApi', 'ManagementApi']) {
    const external = container.register(`${api}ExternalAccessor`, ExternalAccessor);
    external.dependencies(httpKey ?? 'HttpService').singleton();
    if (api === 'ConsumerApi') external.configure(ACCESSOR_CONFIG_PATH);
    container.register(`${api}InternalAccessor`, InternalAccessor).dependencies(engineKey).singleton();
  }

  const kind = accessor === 'external' ? 'ExternalAccessor' : 'InternalAccessor';
  container.register('ConsumerApiClientService', ConsumerApiClientService).dependencies(`ConsumerApi${kind}`);
  container.register('ConsumerApiClient', ConsumerApiClient).dependencies(`ConsumerApi${kind}`);
  container
    .register('ExternalTaskApiClientService', ExternalTaskApiClientService)
    .dependencies(`ExternalTaskApi${kind}`);
  container.register('ManagementApiClientService', ManagementApiClient).dependencies(`ManagementApi${kind}`);
}
