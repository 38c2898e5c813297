/** Figures of how long flow nodes took. */
import type { FlowNodeRuntimeInformation } from '@process-engine/contracts';
import type { FlowNodeInstanceRecord } from '@process-engine/contracts/storage';

/** By flow node, in the order of their ids. */
export function runtimeInformation(
  processModelId: string,
  rows: readonly FlowNodeInstanceRecord[],
): FlowNodeRuntimeInformation[] {
  const runtimes = new Map<string, number[]>();
  for (const { flowNodeId, enteredAt, leftAt } of rows) {
    if (leftAt === null) continue;
    const known = runtimes.get(flowNodeId);
    if (known === undefined) runtimes.set(flowNodeId, [leftAt - enteredAt]);
    else known.push(leftAt - enteredAt);
  }
  return [...runtimes]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([flowNodeId, times]) => ({ processModelId, flowNodeId, ...figures(times.sort((a, b) => a - b)) }));
}

/** Of sorted times, at least one. */
function figures(times: readonly number[]): Omit<FlowNodeRuntimeInformation, 'processModelId' | 'flowNodeId'> {
  return {
    count: times.length,
    minRuntimeInMs: times[0]!,
    maxRuntimeInMs: times.at(-1)!,
    arithmeticMeanRuntimeInMs: times.reduce((sum, time) => sum + time, 0) / times.length,
    firstQuartileRuntimeInMs: quantile(times, 0.25),
    medianRuntimeInMs: quantile(times, 0.5),
    thirdQuartileRuntimeInMs: quantile(times, 0.75),
  };
}

/** Interpolated between the two values around the place (method 7 of Hyndman and Fan, as spreadsheets have it). */
function quantile(times: readonly number[], share: number): number {
  const place = (times.length - 1) * share;
  const [below, above] = [times[Math.floor(place)]!, times[Math.ceil(place)]!];
  return below + (above - below) * (place - Math.floor(place));
}
