import { randomBytes } from 'node:crypto';

/** Random digits are made for many ids at once. */
const POOL_BYTES = 4096;
const DIGITS_PER_ID = 16;

/** Makes UUIDs of version 7 (RFC 9562): they sort by time, and within a millisecond in the order they were made. */
export function createIdSource(now: () => number): () => string {
  let lastTime = 0;
  let stamp = '';
  let sequence = 0;
  let pool = '';
  let used = 0;
  const setTime = (time: number): void => {
    lastTime = time;
    sequence = 0;
    const digits = time.toString(16).padStart(12, '0');
    stamp = `${digits.slice(0, 8)}-${digits.slice(8)}-7`;
  };
  return () => {
    const time = now();
    if (time > lastTime) setTime(time);
    else if ((sequence += 1) > 0xfff) setTime(lastTime + 1);
    if (used >= pool.length) {
      pool = randomBytes(POOL_BYTES).toString('hex');
      used = 0;
    }
    const at = used;
    used += DIGITS_PER_ID;
    const counter = sequence.toString(16).padStart(3, '0');
    const variant = (8 | (parseInt(pool.charAt(at), 16) & 3)).toString(16);
    return `${stamp}${counter}-${variant}${pool.slice(at + 1, at + 4)}-${pool.slice(at + 4, used)}`;
  };
}
