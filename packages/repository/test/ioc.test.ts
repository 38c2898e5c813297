import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { IocContainer, IocRegistration } from '@process-engine/contracts';
import type { SequelizeStorage } from '@process-engine/repository';
import { registerInContainer } from '@process-engine/repository/ioc';

/** Resolves as addict-ioc does: makes the instance, then sets its property `config`. */
class Container implements IocContainer {
  readonly #types = new Map<string, { type: new () => SequelizeStorage; config?: unknown }>();

  register(key: string, type: unknown): IocRegistration {
    const entry: { type: new () => SequelizeStorage; config?: unknown } = { type: type as new () => SequelizeStorage };
    this.#types.set(key, entry);
    const registration: IocRegistration = {
      dependencies: () => registration,
      configure: (config) => {
        entry.config = config;
        return registration;
      },
      singleton: () => registration,
    };
    return registration;
  }

  resolve(key: string, configuration: Readonly<Record<string, unknown>>): SequelizeStorage {
    const entry = this.#types.get(key);
    if (entry === undefined) throw new Error(`'${key}' is not registered`);
    return Object.assign(new entry.type(), { config: configuration[String(entry.config)] });
  }
}

describe('the storage in a container', () => {
  it('is configured by the database key', async () => {
    const container = new Container();
    registerInContainer(container);
    const storage = container.resolve('ProcessEngineStorage', {
      'process_engine:database': { dialect: 'sqlite', storage: ':memory:', logging: false },
    });
    await storage.open();
    expect((await storage.findProcessInstances({ tenantId: '' })).totalCount).to.equal(0);
    await storage.close();
  });

  it('says what is wrong with its configuration when it is opened', async () => {
    const container = new Container();
    registerInContainer(container);
    const storage = container.resolve('ProcessEngineStorage', {});
    const [outcome] = await Promise.allSettled([storage.open()]);
    expect(outcome)
      .to.have.nested.property('reason.message')
      .that.matches(/an object is expected, not undefined/);
  });
});
