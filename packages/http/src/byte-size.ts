const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** Bytes of a size given as a number of bytes or as a text like `512kb` or `50mb`. RangeError for anything else. */
export function byteSize(size: number | string, name: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)?$/i.exec(String(size));
  if (match === null) throw new RangeError(`${name} must be a number of bytes or a text like '50mb', not '${size}'`);
  return Math.floor(Number(match[1]) * UNITS[match[2]?.toLowerCase() ?? 'b']!);
}
