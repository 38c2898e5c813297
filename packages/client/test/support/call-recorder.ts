import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EngineApi } from '@process-engine/contracts';
import { ROUTES } from '@process-engine/contracts/http';
import type { ApiTestRunner as TestRunner } from '@process-engine/core/testing';

const API_NAMES = ['consumerApi', 'externalTaskApi', 'managementApi', 'notificationApi'] as const;

/** Method → accessor → titles of the cases in which the method was called and answered. */
export type Coverage = Record<string, Record<string, string[]>>;

/** Notes which methods of the contracts the cases of a suite call, over which accessor. */
export class CallRecorder {
  readonly coverage: Coverage = {};
  readonly #titles: string[] = [];
  #case = '';

  /** The functions of mocha; every case is noted while it runs. */
  runner(mocha: TestRunner): TestRunner {
    const begin = (title: string): void => void (this.#case = title);
    return {
      ...mocha,
      describe: (title, body) =>
        mocha.describe(title, () => {
          this.#titles.push(title);
          body();
          this.#titles.pop();
        }),
      it: (title, body) => {
        // The suite's own title names the accessor, which has a column.
        const place = [...this.#titles.slice(1), title].join(': ');
        return mocha.it(title, async function (this: { skip(): void }) {
          begin(place);
          await body.call(this);
        });
      },
    };
  }

  /** The same API, watched under the accessor's name. */
  watch(accessor: string, api: EngineApi): EngineApi {
    const watched = API_NAMES.map((name) => [name, this.#watched(accessor, name, api[name])]);
    return Object.fromEntries(watched) as unknown as EngineApi;
  }

  /** For the table in the documents. */
  write(file: string): void {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(this.coverage));
  }

  #watched(accessor: string, name: string, api: object): object {
    for (const method of methodsOf(name)) (this.coverage[method] ??= {})[accessor] ??= [];
    return new Proxy(api, {
      get: (target, operation) => {
        const method: unknown = Reflect.get(target, operation);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          const current = this.#case;
          const answer: unknown = await Reflect.apply(method, target, args);
          const titles = this.coverage[`${name}.${String(operation)}`]?.[accessor];
          if (titles?.includes(current) === false) titles.push(current);
          return answer;
        };
      },
    });
  }
}

function methodsOf(name: string): string[] {
  const operations =
    name === 'notificationApi'
      ? ['subscribe', 'removeSubscription']
      : ROUTES.filter((route) => route.api === name && !route.alias).map(({ operation }) => operation);
  return operations.map((operation) => `${name}.${operation}`);
}
