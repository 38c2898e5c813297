import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { compileScript } from '../model/scripts/compile-script.js';
import { QuickJsSandbox } from '../model/scripts/quickjs-sandbox.js';
import { createStopwatch } from './stopwatch.js';

export interface SandboxOptions {
  /** Interrupts a run may take; default 100, about 100 ms. */
  readonly workLimit?: number | undefined;
  /** Default 24 MB. */
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
 * Has the interpreter's busiest parts compiled before a script's time is taken: measured, a first script took five times as
 * long as the second.
 */
const WARM_UP = 'let sum = 0; for (let i = 0; i < 5000; i += 1) sum += i; return { sum };';

/**
 * Loads the script sandbox. Broken modules are replaced in the background.
 *
 * @returns the sandbox, ready for synchronous use; `dispose` it to free its memory
 */
export async function loadQuickJsSandbox(options: SandboxOptions = {}): Promise<QuickJsSandbox> {
  const sandbox: QuickJsSandbox = new QuickJsSandbox({
    limits: {
      work: options.workLimit ?? 100,
      memoryBytes: options.memoryLimitBytes ?? 24 * 1024 * 1024,
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
  sandbox.run(compileScript(WARM_UP), { lookup: () => undefined, now: 0, random: () => 0 });
  return sandbox;
}

async function loadModule(sandbox: QuickJsSandbox): Promise<void> {
  sandbox.addModule(await newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-sync')));
}
