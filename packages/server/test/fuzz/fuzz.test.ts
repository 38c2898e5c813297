import { expect } from 'chai';
import { runFuzz } from './run-fuzz.js';

const REQUESTS = 2_000;
const seed = Number(process.env['FUZZ_SEED'] ?? 20_260_101);

describe('Whatever is sent to a server', () => {
  it(`it answers without an error of its own, a hang or a stack (${REQUESTS} requests, seed ${seed})`, async () => {
    const { findings, statuses } = await runFuzz(seed, REQUESTS);

    expect(findings.slice(0, 10).join('\n')).to.equal('');
    // The requests reach what they are aimed at.
    for (const status of [200, 204, 400, 401, 404, 422]) expect(statuses[status], `answers ${status}`).to.be.above(0);
  }).timeout(120_000);
});
