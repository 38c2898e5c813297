/**
 * Sends hostile requests to a server on a database file, and looks for what must never happen: an error of ours (500), a
 * stack in an answer, no answer at all, an error answer that is no JSON, memory that grows. The server is a process of its
 * own; its memory is taken while no request is under way, after a collection of garbage.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MODEL } from './fuzzed-model.js';
import { FuzzedServer, type ServerMemory } from './fuzzed-server.js';
import { hostileRequest } from './hostile-request.js';
import { Random } from './random.js';
import { RawConnections, type RawAnswer } from './raw-request.js';

export interface FuzzReport {
  readonly requests: number;
  /** Answers by status; 0: closed without one (what was sent was no HTTP). */
  readonly statuses: Readonly<Record<number, number>>;
  /** What was wrong, in words, with the number of the request. */
  readonly findings: readonly string[];
  /** The server's memory after each tenth of the requests. */
  readonly memory: readonly ServerMemory[];
  /** Its resident memory at the end as a multiple of that after the first tenth. */
  readonly growth: number;
}

const TENTHS = 10;
const AT_ONCE = 16;
const PATIENCE = 10_000;
/** How long calls that may wait are given. */
const GLIMPSE = 50;

export async function runFuzz(seed: number, requests: number): Promise<FuzzReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fuzz-'));
  const { server, port } = await FuzzedServer.start(folder);
  const attack = new Attack(port, new Random(seed));
  const memory: ServerMemory[] = [];
  try {
    for (let tenth = 1; tenth <= TENTHS; tenth += 1) {
      await attack.send(Math.ceil((requests * tenth) / TENTHS));
      memory.push(await server.memory());
    }
    await attack.expectAlive();
  } finally {
    attack.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const findings = [...server.findings, ...attack.findings];
  const growth = memory.at(-1)!.rss / memory[0]!.rss;
  return { requests, statuses: attack.statuses, findings, memory, growth };
}

class Attack {
  readonly statuses: Record<number, number> = {};
  readonly findings: string[] = [];
  readonly #connections: RawConnections;
  #sent = 0;

  constructor(
    port: number,
    private readonly random: Random,
  ) {
    this.#connections = new RawConnections(port);
  }

  /** Goes on until so many requests were sent; resolves when all of them were answered or given up. */
  async send(requests: number): Promise<void> {
    const attacker = async (): Promise<void> => {
      while (this.#sent < requests) await this.#sendOne((this.#sent += 1));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, attacker));
  }

  async expectAlive(): Promise<void> {
    const bytes = Buffer.from('GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const alive = await this.#connections.sendAlone(bytes, PATIENCE);
    if (alive?.status !== 200) this.findings.push('the server does not answer any more');
  }

  end(): void {
    this.#connections.close();
  }

  async #sendOne(number: number): Promise<void> {
    const { bytes, mayWait, keepsConnection } = hostileRequest(this.random, MODEL);
    const patience = mayWait ? GLIMPSE : PATIENCE;
    const sending = keepsConnection
      ? this.#connections.send(bytes, patience)
      : this.#connections.sendAlone(bytes, patience);
    const answer = await sending;
    if (answer !== undefined) this.statuses[answer.status] = (this.statuses[answer.status] ?? 0) + 1;
    const wrong = problemOf(answer, mayWait);
    if (wrong === undefined) return;
    this.findings.push(`request ${number}: ${wrong}: ${bytes.toString('latin1').slice(0, 300)}`);
  }
}

function problemOf(answer: RawAnswer | undefined, mayWait: boolean): string | undefined {
  if (answer === undefined) return mayWait ? undefined : 'no answer';
  const { status, contentType, body } = answer;
  if (/\n\s+at .+:\d+:\d+/.test(body) || body.includes('node_modules')) return `an answer with a stack (${status})`;
  if (status === 500 && body.includes('an unexpected error occurred')) return 'an unexpected error (500)';
  // What the HTTP parser refuses gets an answer without a body.
  const wantsJson = status >= 400 && body !== '' && !body.startsWith('{"code":');
  if (wantsJson && !contentType.startsWith('application/json'))
    return `an error answer that is no JSON (${status}): ${body}`;
  return undefined;
}
