/** Tells other processes on the database what a commit may have brought them, and hears what theirs did. */
import type { ChangeSet, JobRecord, WakeUp } from '@process-engine/contracts/storage';

export interface WakeUps {
  /** Called after a commit. Never waits, never fails. */
  announce(wakeUp: WakeUp): void;
  listen(listener: (wakeUp: WakeUp) => void): () => void;
  close(): Promise<void>;
}

/** What others may wait for; undefined: nothing. */
export function wakeUpOf(changes: ChangeSet): WakeUp | undefined {
  const wakeUp: Mutable<WakeUp> = {};
  const topics = newTopics(changes);
  if (topics.length > 0) wakeUp.topics = topics;
  const ended = endedInstances(changes);
  if (ended.length > 0) wakeUp.endedInstances = ended;
  const jobDueAt = firstDue(changes.jobs?.insert);
  if (jobDueAt !== undefined) wakeUp.jobDueAt = jobDueAt;
  if (changes.events !== undefined && changes.events.length > 0) wakeUp.events = true;
  return Object.keys(wakeUp).length === 0 ? undefined : wakeUp;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function newTopics({ externalTasks }: ChangeSet): string[] {
  return (externalTasks?.insert ?? []).filter(({ workerId }) => workerId === null).map(({ topic }) => topic);
}

function endedInstances({ processInstances }: ChangeSet): string[] {
  return (processInstances?.update ?? []).filter(({ set }) => typeof set.endedAt === 'number').map(({ id }) => id);
}

/** Of the jobs that are nobody's. */
export function firstDue(jobs: readonly JobRecord[] = []): number | undefined {
  const free = jobs.filter(({ owner }) => owner === null);
  return free.length === 0 ? undefined : Math.min(...free.map(({ dueAt }) => dueAt));
}

/** Wake-ups that gather until they are sent: what occurs twice is told once. */
export class GatheredWakeUps {
  readonly #topics = new Set<string>();
  readonly #ended = new Set<string>();
  #jobDueAt = Infinity;
  #events = false;

  get isEmpty(): boolean {
    return this.#topics.size === 0 && this.#ended.size === 0 && this.#jobDueAt === Infinity && !this.#events;
  }

  add({ topics = [], endedInstances: ended = [], jobDueAt = Infinity, events }: WakeUp): void {
    for (const topic of topics) this.#topics.add(topic);
    for (const id of ended) this.#ended.add(id);
    this.#jobDueAt = Math.min(this.#jobDueAt, jobDueAt);
    this.#events ||= events === true;
  }

  /** What has gathered, in parts of so many names each. */
  take(namesOfPart: number): WakeUp[] {
    const parts: WakeUp[] = [];
    for (const topics of slices([...this.#topics], namesOfPart)) parts.push({ topics });
    for (const ids of slices([...this.#ended], namesOfPart)) parts.push({ endedInstances: ids });
    if (this.#jobDueAt !== Infinity) parts.push({ jobDueAt: this.#jobDueAt });
    if (this.#events) parts.push({ events: true });
    this.#topics.clear();
    this.#ended.clear();
    this.#jobDueAt = Infinity;
    this.#events = false;
    return parts;
  }
}

function slices(names: readonly string[], size: number): (readonly string[])[] {
  return Array.from({ length: Math.ceil(names.length / size) }, (_, at) => names.slice(at * size, (at + 1) * size));
}
