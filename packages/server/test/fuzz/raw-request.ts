import { connect } from 'node:net';

export interface RawAnswer {
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Sends bytes; undefined: there was no answer in time. A stream of events counts as answered with its head. */
export function sendRaw(port: number, bytes: Buffer, milliseconds: number): Promise<RawAnswer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    const finish = (answer: RawAnswer | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(undefined), milliseconds);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (/^content-type: text\/event-stream/im.test(chunk.toString('latin1'))) finish(answerOf(chunks));
    });
    socket.on('close', () => finish(answerOf(chunks)));
    socket.on('error', () => {});
    socket.on('connect', () => {
      socket.write(bytes);
      // Half a request is an answer's due, too: the server must not wait for the rest for ever.
      socket.end();
    });
  });
}

function answerOf(chunks: readonly Buffer[]): RawAnswer {
  const text = Buffer.concat(chunks).toString();
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  return {
    status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0),
    contentType: /^content-type: *(.*)$/im.exec(head)?.[1] ?? '',
    body: end < 0 ? '' : text.slice(end + 4),
  };
}
