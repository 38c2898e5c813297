import { ConsumerApiClient, ExternalAccessor } from '@process-engine/client';
import type { IIdentity } from '@process-engine/contracts';
import { definitions, processBuilder, TestEngine } from '@process-engine/core/testing';
import { createHttpServer, type HttpServer, JwtIdentityService, StaticClaimsService } from '@process-engine/http';
import { expect } from 'chai';
import { SignJWT } from 'jose';
import { type SinonFakeTimers, useFakeTimers } from 'sinon';
import { rejection } from '../support/rejection.js';
import { AUDIENCE, ISSUER, SECRET } from './actors.js';

const LANE =
  '<bpmn:laneSet id="l"><bpmn:lane id="l1" name="desk"><bpmn:flowNodeRef>U</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>';
const MODEL = processBuilder('Slow')
  .xml(LANE)
  .startEvent('S')
  .node('intermediateCatchEvent', 'W', {}, definitions.timer('timeDuration', 'P60D'))
  .userTask('U')
  .endEvent('E');
const HOUR = 3600 * 1000;
const SIXTY_DAYS = 60 * 24 * HOUR;

/** A token of one hour. */
async function signedIn(sub: string, claims: readonly string[]): Promise<IIdentity> {
  const exp = Math.floor((Date.now() + HOUR) / 1000);
  const token = await new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub, claims, exp })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET));
  return { userId: sub, token };
}

describe('Rights that end', () => {
  let date: SinonFakeTimers;
  let test: TestEngine;
  let server: HttpServer;
  let accessor: ExternalAccessor;
  let client: ConsumerApiClient;

  beforeEach(async () => {
    // Tokens go by the system's date; nothing else of the clock is replaced.
    date = useFakeTimers({ now: Date.now(), toFake: ['Date'] });
    test = await TestEngine.start({ iamService: new StaticClaimsService({}, { strict: true }) });
    await test.engine.managementApi.deploy(
      { userId: 'root', token: '', claims: ['can_manage_process_instances'] },
      { files: [{ name: 'slow.bpmn', xml: MODEL.toXml() }] },
    );
    const identityService = new JwtIdentityService({
      issuer: ISSUER,
      audience: AUDIENCE,
      sharedSecret: SECRET,
      claims: { claims: 'claims' },
    });
    server = createHttpServer(test.engine, { identityService });
    const { port } = await server.listen(0);
    accessor = new ExternalAccessor({ url: `http://127.0.0.1:${port}` });
    client = new ConsumerApiClient(accessor);
  });
  afterEach(async () => {
    accessor.close();
    await server.close();
    await test.stop();
    date.restore();
  });

  async function afterSixtyDays(): Promise<void> {
    date.setSystemTime(Date.now() + SIXTY_DAYS);
    await test.advance(SIXTY_DAYS);
  }

  it('stop no instance: a token that expires while a timer waits for 60 days is asked for nothing', async () => {
    const owner = await signedIn('olga', ['can_read_process_model', 'desk']);
    const { processInstanceId, correlationId } = await client.startProcessInstance(owner, 'Slow');
    await afterSixtyDays();

    const again = await signedIn('olga', ['can_read_process_model', 'desk']);
    const { userTasks } = await client.getUserTasksForProcessInstance(again, processInstanceId);
    expect(userTasks.map(({ id }) => id)).to.deep.equal(['U']);
    const finish = (identity: IIdentity) =>
      client.finishUserTask(identity, processInstanceId, correlationId, userTasks[0]!.flowNodeInstanceId);
    expect(await rejection(finish(owner))).to.include({ name: 'UnauthorizedError', code: 401 });
    await finish(again);
    const { correlationResults } = await client.getProcessResultForCorrelation(again, correlationId, 'Slow');
    expect(correlationResults).to.have.lengthOf(1);
  });

  it('count from the next call on: who has lost the claim of the lane can no longer finish', async () => {
    const owner = await signedIn('olga', ['can_read_process_model', 'desk']);
    const { processInstanceId, correlationId } = await client.startProcessInstance(owner, 'Slow');
    await afterSixtyDays();

    const before = await signedIn('dan', ['can_read_process_model', 'desk']);
    const { userTasks } = await client.getUserTasksForProcessInstance(before, processInstanceId);
    const finish = (identity: IIdentity) =>
      client.finishUserTask(identity, processInstanceId, correlationId, userTasks[0]!.flowNodeInstanceId);
    const after = await signedIn('dan', ['can_read_process_model']);
    expect(await rejection(finish(after))).to.include({ name: 'ForbiddenError', code: 403 });
    expect((await client.getUserTasksForProcessInstance(after, processInstanceId)).totalCount).to.equal(0);
    await finish(before);
  });
});
