/**
 * Sends hostile requests to a server on a database file, and looks for what must never happen: an error of ours (500), a
 * stack in an answer, no answer at all, an error answer that is no JSON, memory that grows.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLogger } from '@process-engine/contracts';
import { createEngine } from '@process-engine/core';
import { processBuilder } from '@process-engine/core/testing';
import { createHttpServer, DevelopmentIdentityService } from '@process-engine/http';
import { createStorage } from '@process-engine/repository';
import { hostileRequest } from './hostile-request.js';
import { Random } from './random.js';
import { sendRaw, type RawAnswer } from './raw-request.js';

export interface FuzzReport {
  readonly requests: number;
  /** Answers by status; 0: closed without one (what was sent was no HTTP). */
  readonly statuses: Readonly<Record<number, number>>;
  /** What was wrong, in words, with the number of the request. */
  readonly findings: readonly string[];
  /** Resident memory at the end as a multiple of that after the first tenth. */
  readonly growth: number;
}

const IDENTITY = { userId: 'dummy_token', token: 'ZHVtbXlfdG9rZW4=' };
const MODEL = processBuilder('fuzzed').startEvent('Start').userTask('Work').endEvent('End').toXml();
const AT_ONCE = 16;
const PATIENCE = 10_000;
/** How long calls that may wait are given. */
const GLIMPSE = 50;

export async function runFuzz(seed: number, requests: number): Promise<FuzzReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fuzz-'));
  const findings: string[] = [];
  const logger = {
    ...silentLogger,
    error: (fields: object, message: string) => void findings.push(`logged: ${message}: ${reasonOf(fields)}`),
  };
  const storage = createStorage({
    dialect: 'sqlite',
    storage: path.join(folder, 'fuzz.sqlite'),
    synchronous: 'normal',
  });
  const engine = createEngine({ storage, logger, eventLog: 'all' });
  await engine.start();
  await engine.managementApi.deploy(IDENTITY, { files: [{ name: 'fuzzed.bpmn', xml: MODEL }] });
  const server = createHttpServer(engine, { identityService: new DevelopmentIdentityService(), logger });
  const { port } = await server.listen(0);
  try {
    const { statuses, growth } = await attack(port, { seed, requests, findings });
    return { requests, statuses, findings, growth };
  } finally {
    await server.close();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function attack(
  port: number,
  { seed, requests, findings }: { seed: number; requests: number; findings: string[] },
) {
  const random = new Random(seed);
  const statuses: Record<number, number> = {};
  let [sent, early] = [0, 0];
  const attacker = async (): Promise<void> => {
    while (sent < requests) {
      const number = (sent += 1);
      const { bytes, mayWait } = hostileRequest(random, MODEL);
      const answer = await sendRaw(port, bytes, mayWait ? GLIMPSE : PATIENCE);
      if (answer !== undefined) statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      const wrong = problemOf(answer, mayWait);
      if (wrong !== undefined) findings.push(`request ${number}: ${wrong}: ${bytes.toString('latin1').slice(0, 300)}`);
      if (number === Math.ceil(requests / 10)) early = process.memoryUsage().rss;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, attacker));
  const alive = await sendRaw(
    port,
    Buffer.from('GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    PATIENCE,
  );
  if (alive?.status !== 200) findings.push('the server does not answer any more');
  if ('polluted' in {}) findings.push('the prototype of objects was changed');
  return { statuses, growth: process.memoryUsage().rss / early };
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

function reasonOf(fields: object): string {
  const { err, error = err } = fields as { err?: unknown; error?: unknown };
  return error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(fields);
}
