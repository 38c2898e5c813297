import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { QuickJsSandbox } from '../model/scripts/quickjs-sandbox.js';
import { createStopwatch } from './stopwatch.js';

export interface SandboxOptions {
  /** Interrupts a run may take; default 100, about 100 ms. */
  readonly workLimit?: number | undefined;
  /** Default 32 MB. */
  readonly memoryLimitBytes?: number | undefined;
  /** Milliseconds of the processor's time after which a run is ended whatever it counted; default 150. */
  readonly overdueMs?: number | undefined;
  /** Called when the interpreter could not be loaded again; scripts then fail as unavailable. Default: nothing. */
  readonly onLoadError?: ((error: unknown) => void) | undefined;
}

/** Modules kept ready: the one in use and a spare, since a new one can only be loaded asynchronously. */
const MODULES = 2;
/**
 * The interpreter's stack. WebAssembly frames also use the host's stack, several times as much, and where that ends the
 * whole module is lost: with this much about half of the host's stack is used at most.
 */
const STACK_BYTES = 64 * 1024;

/**
 * Loads the script sandbox. Broken modules are replaced in the background.
 *
 * @returns the sandbox, ready for synchronous use; `dispose` it to free its memory
 */
export async function loadQuickJsSandbox(options: SandboxOptions = {}): Promise<QuickJsSandbox> {
  const sandbox: QuickJsSandbox = new QuickJsSandbox({
    limits: {
      work: options.workLimit ?? 100,
      memoryBytes: options.memoryLimitBytes ?? 32 * 1024 * 1024,
      stackBytes: STACK_BYTES,
    },
    createStopwatch: () => createStopwatch(options.overdueMs ?? 150),
    requestModule: () => {
      loadModule(sandbox).catch((error: unknown) => options.onLoadError?.(error));
    },
  });
  for (let count = 0; count < MODULES; count += 1) {
    await loadModule(sandbox);
  }
  return sandbox;
}

async function loadModule(sandbox: QuickJsSandbox): Promise<void> {
  sandbox.addModule(await newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-sync')));
}
