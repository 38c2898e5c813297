import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const HEAD = Buffer.from('HEAD');

/** The client's end of connections to a server that takes bytes as they are. */
export class RawConnections {
  readonly #idle: Socket[] = [];

  constructor(private readonly port: number) {}

  /** On a connection of its own that says at once that nothing follows; undefined: there was no answer in time. */
  sendAlone(bytes: Buffer, milliseconds: number): Promise<RawAnswer | undefined> {
    const socket = connect(this.port, '127.0.0.1');
    socket.once('connect', () => {
      socket.write(bytes);
      // Half a request is an answer's due, too: the server must not wait for the rest for ever.
      socket.end();
    });
    return exchange(socket, milliseconds, false, () => socket.destroy());
  }

  /** One whole request, on a connection that is kept for the next one if the server lets it be. */
  async send(bytes: Buffer, milliseconds: number): Promise<RawAnswer | undefined> {
    const kept = this.#idle.pop();
    const socket = kept ?? connect(this.port, '127.0.0.1');
    socket.write(bytes);
    const headOnly = bytes.subarray(0, 4).equals(HEAD);
    const answer = await exchange(socket, milliseconds, headOnly, (reusable) => this.#release(socket, reusable));
    // The server may have closed it while the request was on its way.
    return kept !== undefined && answer?.status === 0 ? this.send(bytes, milliseconds) : answer;
  }

  close(): void {
    for (const socket of this.#idle) socket.destroy();
  }

  #release(socket: Socket, reusable: boolean): void {
    if (!reusable) {
      socket.destroy();
      return;
    }
    this.#idle.push(socket);
    socket.once('close', () => {
      const index = this.#idle.indexOf(socket);
      if (index >= 0) this.#idle.splice(index, 1);
    });
  }
}

/** Resolves with the answer, or when there was none in time; before that it releases the connection. */
function exchange(
  socket: Socket,
  milliseconds: number,
  headOnly: boolean,
  release: (reusable: boolean) => void,
): Promise<RawAnswer | undefined> {
  return new Promise((resolve) => {
    let received = '';
    const finish = (answer: RawAnswer | undefined, reusable = false): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => {});
      release(reusable);
      resolve(answer);
    };
    const timer = setTimeout(() => finish(undefined), milliseconds);
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      const end = endOf(received, headOnly);
      if (end !== undefined) finish(answerOf(received), end === 'keep');
    });
    socket.on('close', () => finish(answerOf(received)));
    socket.on('error', () => {});
  });
}

/** Undefined: more is to come. A stream of events counts as answered with its head. */
function endOf(received: string, headOnly: boolean): 'keep' | 'close' | undefined {
  const head = /^[^]*?\r\n\r\n/.exec(received)?.[0];
  if (head === undefined) return undefined;
  if (/^content-type: text\/event-stream/im.test(head)) return 'close';
  if (/^connection: close/im.test(head)) return undefined;
  if (headOnly) return 'keep';
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  const whole =
    length === undefined
      ? /^HTTP\/1.1 (204|304)/.test(head) || received.endsWith('0\r\n\r\n')
      : received.length >= head.length + Number(length);
  return whole ? 'keep' : undefined;
}

function answerOf(received: string): RawAnswer {
  const text = Buffer.from(received, 'latin1').toString();
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  return {
    status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0),
    contentType: /^content-type: *(.*)$/im.exec(head)?.[1] ?? '',
    body: end < 0 ? '' : text.slice(end + 4),
  };
}
