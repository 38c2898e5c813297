import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorOfStatus } from '@process-engine/contracts';

/** Answers what could not even be read as a request, and closes the connection. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const { status, message } = complaint(error.code);
  const body = JSON.stringify(errorOfStatus(status, message));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function complaint(code: string | undefined): { status: number; message: string } {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, message: 'the headers of the request are too large' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, message: 'the request was not sent in time' };
    default:
      return { status: 400, message: 'the request is no HTTP' };
  }
}
