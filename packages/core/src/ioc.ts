import type { IocContainer } from '@process-engine/contracts';
import type { Storage } from '@process-engine/contracts/storage';
import type { EngineOptions } from './runtime/engine-options.js';
import { Engine } from './engine.js';

/** An engine whose options a container sets: those of `createEngine` that are plain data. */
class ConfiguredEngine extends Engine {
  constructor(storage: Storage, config: EngineOptions = {}) {
    super({ ...config, storage });
  }
}

/** Registers the engine as `EngineApi`; the container must know `ProcessEngineStorage`. `start()` and `stop()` are its own. */
export function registerInContainer(container: IocContainer): void {
  container.register('EngineApi', ConfiguredEngine).dependencies('ProcessEngineStorage').singleton();
}
