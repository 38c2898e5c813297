import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { BadRequestError, RequestTooLargeError, UnsupportedMediaTypeError } from '@process-engine/contracts';

/**
 * The body of a request as text. BadRequestError: cut off, or no UTF-8; RequestTooLargeError: over `limit` bytes, packed
 * or unpacked; UnsupportedMediaTypeError: packed or encoded in a way that is not known.
 */
export async function bodyText(request: IncomingMessage, limit: number): Promise<string> {
  ensureUtf8(request.headers['content-type'] ?? '');
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of unpacked(request)) {
      const chunk = part as Buffer;
      size += chunk.byteLength;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    if (error instanceof RequestTooLargeError || error instanceof UnsupportedMediaTypeError) throw error;
    throw new BadRequestError(`the request body could not be read: ${(error as Error).message}`, { cause: error });
  }
}

function ensureUtf8(contentType: string): void {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  if (!/^(utf-?8|us-ascii)$/i.test(charset))
    throw new UnsupportedMediaTypeError(`the request body must be UTF-8, not ${charset}`);
}

function unpacked(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return request;
  const unpacking = unpackingOf(encoding);
  // An error on the way in must end the way out, too.
  request.once('error', (error) => unpacking.destroy(error));
  request.once('aborted', () => unpacking.destroy(new Error('the client closed the connection')));
  return request.pipe(unpacking);
}

function unpackingOf(encoding: string): ReturnType<typeof createGunzip> {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new UnsupportedMediaTypeError(`the content encoding '${encoding}' is not known: gzip, deflate and br are`);
  }
}

function tooLarge(limit: number): Error {
  return new RequestTooLargeError(`the request body is larger than ${limit} bytes`);
}
