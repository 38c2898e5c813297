/**
 * Measures an asynchronous operation: CPU time of the whole process (its compiler and collector threads too) and wall
 * time, per operation.
 *
 * @param {() => Promise<unknown>} operation
 * @param {{ warmUp: number, count: number, underWay?: number, onStart?: () => Promise<unknown> }} options
 *   `underWay`: operations at the same time; `onStart`: called after the warm-up
 */
export async function measure(operation, { warmUp, count, underWay = 1, onStart }) {
  await repeat(operation, warmUp, underWay);
  await onStart?.();
  const cpu = process.cpuUsage();
  const begin = performance.now();
  await repeat(operation, count, underWay);
  const wall = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / 1000 / count, wall: wall / count, perSecond: (1000 * count) / wall };
}

async function repeat(operation, count, underWay) {
  let left = count;
  const work = async () => {
    while (left > 0) {
      left -= 1;
      await operation();
    }
  };
  await Promise.all(Array.from({ length: underWay }, work));
}
