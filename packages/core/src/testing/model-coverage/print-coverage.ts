import type { Coverage, ModelCoverage } from './model-coverage.js';

/** A small table for each model: how many of its elements and flows were executed, and which were not. */
export function printCoverage(coverage: readonly ModelCoverage[]): string {
  return coverage.map(tableOf).join('\n\n');
}

function tableOf({ processModelId, version, flowNodes, sequenceFlows }: ModelCoverage): string {
  return [
    `${processModelId}, version ${version}`,
    row('elements', flowNodes, ({ id, name }) => (name === undefined || name === id ? id : `${id} "${name}"`)),
    row('flows', sequenceFlows, ({ id, source, target }) => `${id} (${source} -> ${target})`),
  ].join('\n');
}

function row<T>(title: string, { executed, missing }: Coverage<T>, label: (one: T) => string): string {
  const share = `${executed.length}/${executed.length + missing.length}`;
  const what = missing.length === 0 ? '' : `  missing: ${missing.map(label).join(', ')}`;
  return `  ${title.padEnd(8)}  ${share.padStart(7)}${what}`;
}
