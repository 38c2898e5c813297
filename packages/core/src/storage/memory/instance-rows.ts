import type {
  FlowNodeInstanceRecord,
  FlowNodeInstanceUpdate,
  ProcessInstanceRecord,
  VariableKey,
  VariableRecord,
} from '@process-engine/contracts/storage';
import type { JsonValue } from '@process-engine/contracts';

import { compareText } from './ordering.js';

/** A process instance with its flow node instances and variables. */
export class InstanceRows {
  readonly id: string;
  /** Flow node instances that were not left, by id. */
  readonly live = new Map<string, FlowNodeInstanceRecord>();
  /** Flow node instances that were left, in the order of their commits. */
  readonly #ended: FlowNodeInstanceRecord[] = [];
  /** Index over `#ended`, built when somebody asks: most instances end without being asked. */
  #endedPositions: Map<string, number> | undefined;
  #variables: Map<string, VariableRecord> | undefined;

  constructor(public instance: ProcessInstanceRecord) {
    this.id = instance.id;
  }

  has(flowNodeInstanceId: string): boolean {
    return this.get(flowNodeInstanceId) !== undefined;
  }

  get(flowNodeInstanceId: string): FlowNodeInstanceRecord | undefined {
    const live = this.live.get(flowNodeInstanceId);
    if (live !== undefined) return live;
    const position = this.#endedIndex().get(flowNodeInstanceId);
    return position === undefined ? undefined : this.#ended[position];
  }

  insert(row: FlowNodeInstanceRecord): void {
    if (row.leftAt === null) this.live.set(row.id, row);
    else this.#ended.push(row);
  }

  /** Answers the row as it stands now. */
  update(update: FlowNodeInstanceUpdate): FlowNodeInstanceRecord | undefined {
    const live = this.live.get(update.id);
    if (live !== undefined) {
      const row = { ...live, ...update.set };
      if (row.leftAt !== null) this.live.delete(row.id);
      this.insert(row);
      return row;
    }
    const position = this.#endedIndex().get(update.id);
    const ended = position === undefined ? undefined : this.#ended[position];
    if (position === undefined || ended === undefined) return undefined;
    const row = { ...ended, ...update.set };
    this.#ended[position] = row;
    return row;
  }

  setVariable(row: VariableRecord): void {
    this.#variables ??= new Map();
    this.#variables.set(`${row.scopeId}\0${row.name}`, row);
  }

  deleteVariable(key: VariableKey): void {
    this.#variables?.delete(`${key.scopeId}\0${key.name}`);
  }

  getVariable(scopeId: string, name: string): VariableRecord | undefined {
    return this.#variables?.get(`${scopeId}\0${name}`);
  }

  /** By scope and name. */
  variables(): VariableRecord[] {
    if (this.#variables === undefined) return [];
    return [...this.#variables.values()].sort(
      (left, right) => compareText(left.scopeId, right.scopeId) || compareText(left.name, right.name),
    );
  }

  /** The live rows, in order of their ids. */
  liveRows(): FlowNodeInstanceRecord[] {
    return [...this.live.values()].sort((left, right) => compareText(left.id, right.id));
  }

  /** All rows: ended ones by `completedSeq`, then live ones by id. */
  history(): FlowNodeInstanceRecord[] {
    const ended = [...this.#ended].sort(
      (left, right) =>
        (left.completedSeq ?? Infinity) - (right.completedSeq ?? Infinity) || compareText(left.id, right.id),
    );
    return [...ended, ...this.liveRows()];
  }

  /** The results that the live rows' `trail`, `payloadFrom` and `previousId` name. */
  results(): Map<string, JsonValue | undefined> {
    const results = new Map<string, JsonValue | undefined>();
    const add = (id: string): void => {
      if (results.has(id)) return;
      const row = this.get(id);
      if (row !== undefined) results.set(id, row.result);
    };
    for (const row of this.live.values()) {
      if (row.payloadFrom !== null) add(row.payloadFrom);
      if (row.previousId !== null) row.previousId.split(';').forEach(add);
      Object.values(row.trail).forEach(add);
    }
    return results;
  }

  #endedIndex(): Map<string, number> {
    this.#endedPositions ??= new Map();
    for (let position = this.#endedPositions.size; position < this.#ended.length; position += 1) {
      const row = this.#ended[position];
      if (row !== undefined) this.#endedPositions.set(row.id, position);
    }
    return this.#endedPositions;
  }
}
