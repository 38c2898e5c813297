import { randomBytes } from 'node:crypto';

/** Makes UUIDs of version 7 (RFC 9562): they sort by time, and within a millisecond in the order they were made. */
export function createIdSource(now: () => number): () => string {
  let lastTime = 0;
  let sequence = 0;
  let pool = Buffer.alloc(0);
  let used = 0;
  const randomHex = (bytes: number): string => {
    if (used + bytes > pool.length) {
      pool = randomBytes(4096);
      used = 0;
    }
    used += bytes;
    return pool.toString('hex', used - bytes, used);
  };
  return () => {
    const time = now();
    if (time > lastTime) {
      lastTime = time;
      sequence = 0;
    } else if ((sequence += 1) > 0xfff) {
      lastTime += 1;
      sequence = 0;
    }
    const stamp = lastTime.toString(16).padStart(12, '0');
    const random = randomHex(8);
    const variant = (8 | (parseInt(random[0]!, 16) & 3)).toString(16);
    const counter = sequence.toString(16).padStart(3, '0');
    return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${counter}-${variant}${random.slice(1, 4)}-${random.slice(4)}`;
  };
}
