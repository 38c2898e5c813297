import { expect } from 'chai';
import { compileScript } from '../../dist/model/scripts/compile-script.js';
import type { QuickJsSandbox } from '../../dist/model/scripts/quickjs-sandbox.js';
import type { ScriptInputs, ScriptOutcome } from '../../dist/model/scripts/script-sandbox.js';
import { loadQuickJsSandbox } from '../../dist/runtime/sandbox-loader.js';

/** Friday noon. */
export const NOW = Date.UTC(2026, 10, 20, 12, 0, 0);

export const DATA = {
  token: {
    current: { amount: 120, name: 'Bob', list: [3, 1, 2], deep: { x: { y: 5 } } },
    history: { Start_1: { v: 7 }, Task_2: { w: 8 } },
  },
  identity: { userId: 'bob', token: '' },
};

let loading: Promise<QuickJsSandbox> | undefined;

/** Tests ask for the limits that are counted, on machines of any speed. */
export const PATIENCE = 2_000;

/** One sandbox for all tests, so that each runs after whatever the others did. */
export function sharedSandbox(): Promise<QuickJsSandbox> {
  loading ??= loadQuickJsSandbox({ overdueMs: PATIENCE });
  return loading;
}

let loadingImpatient: Promise<QuickJsSandbox> | undefined;

/** One that ends scripts sooner, for scripts that would not end. */
export function impatientSandbox(): Promise<QuickJsSandbox> {
  loadingImpatient ??= loadQuickJsSandbox({ workLimit: 20, overdueMs: 300 });
  return loadingImpatient;
}

export function inputsOf(data: object, options: Partial<ScriptInputs> = {}): ScriptInputs {
  const values = new Map<string, unknown>(Object.entries(data));
  return { lookup: (name) => values.get(name), now: NOW, random: () => 0.25, ...options };
}

/** Runs a script over `DATA` or other data. */
export async function run(source: string, data: object = DATA, sandbox?: QuickJsSandbox): Promise<ScriptOutcome> {
  const used = sandbox ?? (await sharedSandbox());
  return used.run(compileScript(source), inputsOf(data));
}

/** The value a script returns; anything else fails the test. */
export async function valueOf(source: string, data: object = DATA): Promise<unknown> {
  const outcome = await run(source, data);
  expect(outcome, source).to.have.property('value');
  return 'value' in outcome ? outcome.value : undefined;
}

/** The error a script throws, as `name: message`. */
export async function errorOf(source: string, data: object = DATA): Promise<string> {
  const outcome = await run(source, data);
  return 'error' in outcome ? `${outcome.error.name}: ${outcome.error.message}` : JSON.stringify(outcome);
}

/** The limit at which a script ends, or `none`. */
export async function limitOf(source: string, data: object = DATA, sandbox?: QuickJsSandbox): Promise<string> {
  const outcome = await run(source, data, sandbox);
  return 'limit' in outcome ? outcome.limit : 'none';
}

/** What a script can find that an earlier one may have left, changed or broken. */
const HEALTH = `
  const probe = {};
  const polluted = [];
  for (const key in probe) polluted.push(key);
  class Mine extends Error { constructor(message) { super(message); this.name = 'Mine'; } }
  return {
    sum: [3, 1, 2].map((x) => x * 2).sort((a, b) => a - b).join(),
    json: JSON.stringify(JSON.parse('{"a":[1,{"b":null}]}')),
    text: 'a-b'.replace(/-/g, '+').toUpperCase() + 'x'.repeat(3),
    name: String(new Mine('m')),
    date: new Date().toISOString(),
    random: Math.random(),
    polluted,
    globals: Object.getOwnPropertyNames(globalThis).length,
    stranger: [typeof leaked, typeof process, typeof require, typeof probe.leaked, typeof [].leaked, typeof (() => 1).leaked],
    token: token.current.amount,
  };`;

let healthy: object | undefined;

/** The outcome but for its count of work, which may differ by one. */
export function withoutWork({ work: _work, ...outcome }: ScriptOutcome): object {
  return outcome;
}

/** What the check finds in a sandbox in which nothing ran before. */
async function healthyOutcome(): Promise<object> {
  const fresh = await loadQuickJsSandbox();
  const outcome = withoutWork(fresh.run(compileScript(HEALTH), inputsOf(DATA)));
  fresh.dispose();
  expect(outcome).to.have.nested.property('value.sum', '2,4,6');
  expect(outcome).to.have.nested.property('value.name', 'Mine: m');
  return outcome;
}

/** Fails unless the next script finds everything as the first one did. */
export async function expectUnharmed(sandbox?: QuickJsSandbox): Promise<void> {
  healthy ??= await healthyOutcome();

  expect(withoutWork(await run(HEALTH, DATA, sandbox))).to.deep.equal(healthy);
}
