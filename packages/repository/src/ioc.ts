import type { IocContainer } from '@process-engine/contracts';

import { checkConfig } from './config.js';
import { connect } from './connection.js';
import { SequelizeStorage } from './sequelize-storage.js';

/** A storage whose configuration a container sets before it is opened. */
class ConfiguredStorage extends SequelizeStorage {
  config: unknown;

  constructor() {
    super(async () => connect(checkConfig(this.config)));
  }
}

/** Registers the storage as `ProcessEngineStorage`, configured by `process_engine:database`. */
export function registerInContainer(container: IocContainer): void {
  container.register('ProcessEngineStorage', ConfiguredStorage).configure('process_engine:database').singleton();
}
