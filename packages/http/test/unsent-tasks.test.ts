import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { ExternalTask } from '@process-engine/contracts';
import { expect } from 'chai';
import { releaseUnlessSent } from '../dist/unsent-tasks.js';
import { EngineDouble } from './support/engine-double.js';
import { ALICE } from './support/http-fixture.js';

const fetched = { identity: ALICE, workerId: 'w', tasks: [{ id: 't1' }, { id: 't2' }] as unknown as ExternalTask[] };

describe('Tasks whose answer the client did not get', () => {
  it('are free again when the connection goes before the answer is written', () => {
    const engine = new EngineDouble();
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    releaseUnlessSent(response, engine.externalTaskApi, fetched);
    expect(engine.calls).to.deep.equal([]);
    // As the server tells of a connection that has gone.
    response.emit('close');
    expect(engine.calls.map(({ operation, args }) => [operation, ...args])).to.deep.equal([
      ['extendLock', ALICE, 'w', 't1', 0],
      ['extendLock', ALICE, 'w', 't2', 0],
    ]);
  });
});
