import { errorOfStatus } from '@process-engine/contracts';
import type { Middleware } from 'koa';
import type { LimitOptions } from '../http-options.js';

/** Addresses remembered; beyond it the one that was quiet for longest starts anew. */
const MAX_BUCKETS = 10_000;

interface Bucket {
  tokens: number;
  /** Seconds. */
  at: number;
}

/** A token bucket per client address. Beyond it: TooManyRequestsError 429. `seconds` is a monotonic clock. */
export function limits(options: LimitOptions, seconds = (): number => performance.now() / 1000): Middleware {
  const rate = options.requestsPerSecond;
  if (rate === undefined) return (_ctx, next) => next();
  if (!(rate > 0)) throw new RangeError('limits.requestsPerSecond must be greater than 0');
  const burst = Math.max(1, options.burst ?? rate);
  const buckets = new Map<string, Bucket>();

  return (ctx, next) => {
    const now = seconds();
    const bucket = buckets.get(ctx.ip) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * rate);
    bucket.at = now;
    remember(ctx.ip, bucket);
    if (bucket.tokens < 1) throw tooMany((1 - bucket.tokens) / rate);
    bucket.tokens -= 1;
    return next();
  };

  /** Keeps the map in the order of last use. */
  function remember(address: string, bucket: Bucket): void {
    buckets.delete(address);
    buckets.set(address, bucket);
    if (buckets.size > MAX_BUCKETS) buckets.delete(buckets.keys().next().value!);
  }
}

function tooMany(retryAfter: number): Error {
  return Object.assign(errorOfStatus(429, 'too many requests from this address'), { retryAfter });
}
