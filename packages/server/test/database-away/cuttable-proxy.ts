/** Stands between the engine and its database server, and takes the connection away when the test says so. */
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

export class CuttableProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #isCut = false;
  /** Connections that were destroyed. */
  cuts = 0;

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#server = createServer((client) => this.#join(client, connect(target)));
  }

  static async to(target: { readonly host: string; readonly port: number }): Promise<CuttableProxy> {
    const proxy = new CuttableProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** All connections break, and no new one is let through. */
  cut(): void {
    this.#isCut = true;
    for (const pair of this.#pairs) {
      this.cuts += 1;
      for (const socket of pair) socket.destroy();
    }
  }

  restore(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket, server: Socket): void {
    const pair = [client, server] as const;
    if (this.#isCut) {
      for (const socket of pair) socket.destroy();
      return;
    }
    this.#pairs.add(pair);
    client.pipe(server);
    server.pipe(client);
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#pairs.delete(pair);
        for (const each of pair) each.destroy();
      });
    }
  }
}
