import type { IocContainer, IocRegistration } from '@process-engine/contracts';

type Constructor = new (...dependencies: unknown[]) => object;

class Registration implements IocRegistration {
  keys: string[] = [];
  config: unknown;

  constructor(readonly type: Constructor) {}

  dependencies(...keys: string[]): this {
    this.keys = keys;
    return this;
  }

  configure(config: unknown): this {
    this.config = config;
    return this;
  }

  singleton(): this {
    return this;
  }
}

/** An IoC container as the modules expect one: everything is a singleton, configuration is found by its path. */
export class SimpleContainer implements IocContainer {
  readonly #registrations = new Map<string, Registration>();
  readonly #instances = new Map<string, object>();

  constructor(private readonly configuration: Readonly<Record<string, unknown>>) {}

  register(key: string, type: unknown): IocRegistration {
    const registration = new Registration(type as Constructor);
    this.#registrations.set(key, registration);
    return registration;
  }

  resolve<T extends object>(key: string): T {
    const known = this.#instances.get(key);
    if (known !== undefined) return known as T;
    const registration = this.#registrations.get(key);
    if (registration === undefined) throw new Error(`nothing is registered for '${key}'`);
    const instance = new registration.type(...registration.keys.map((dependency) => this.resolve(dependency)));
    if (registration.config !== undefined) Object.assign(instance, { config: this.#configOf(registration.config) });
    this.#instances.set(key, instance);
    return instance as T;
  }

  #configOf(config: unknown): unknown {
    return typeof config === 'string' ? this.configuration[config] : config;
  }
}
