import type { IIdentity } from '@process-engine/contracts';
import { ForbiddenError, UnauthorizedError } from '@process-engine/contracts';
import { definitions, processBuilder, TestEngine } from '@process-engine/core/testing';
import { JwtIdentityService, StaticClaimsService } from '@process-engine/http';
import { expect } from 'chai';
import { SignJWT } from 'jose';
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

async function tokenOf(sub: string, claims: readonly string[], exp = Math.floor(Date.now() / 1000) + 3600) {
  return new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub, claims, exp })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET));
}

describe('Rights that end', () => {
  const identities = new JwtIdentityService({
    issuer: ISSUER,
    audience: AUDIENCE,
    sharedSecret: SECRET,
    clockTolerance: 0,
    claims: { claims: 'claims' },
  });
  const all = ['can_manage_process_instances'];
  let test: TestEngine;
  let owner: IIdentity;

  beforeEach(async () => {
    test = await TestEngine.start({ iamService: new StaticClaimsService({}, { strict: true }) });
    owner = await identities.getIdentity(await tokenOf('olga', all));
    await test.engine.managementApi.deploy(owner, { files: [{ name: 'slow.bpmn', xml: MODEL.toXml() }] });
  });
  afterEach(() => test.stop());

  it('stop no instance: a token that expires while a timer waits for 60 days is asked for nothing', async () => {
    const soon = Math.floor(Date.now() / 1000) + 60;
    const token = await tokenOf('olga', ['can_read_process_model', 'desk'], soon);
    const shortLived = await identities.getIdentity(token);
    const { processInstanceId } = await test.engine.consumerApi.startProcessInstance(shortLived, 'Slow');
    await test.advance(60 * 24 * 3600 * 1000);
    const list = await test.engine.consumerApi.getUserTasksForProcessInstance(owner, processInstanceId);
    expect(list.userTasks.map(({ id }) => id)).to.deep.equal(['U']);
    const expired = await tokenOf('olga', ['desk'], soon - 3600);
    expect(await rejection(identities.getIdentity(expired))).to.be.instanceOf(UnauthorizedError);
  });

  it('count from the next call on: who has lost the claim of the lane can no longer finish', async () => {
    const { consumerApi } = test.engine;
    const before = await identities.getIdentity(await tokenOf('dan', ['can_read_process_model', 'desk']));
    const { processInstanceId, correlationId } = await consumerApi.startProcessInstance(owner, 'Slow');
    await test.advance(60 * 24 * 3600 * 1000);
    const { userTasks } = await consumerApi.getUserTasksForProcessInstance(before, processInstanceId);
    const finish = (identity: IIdentity) =>
      consumerApi.finishUserTask(identity, processInstanceId, correlationId, userTasks[0]!.flowNodeInstanceId);
    const after = await identities.getIdentity(await tokenOf('dan', ['can_read_process_model']));
    expect(await rejection(finish(after))).to.be.instanceOf(ForbiddenError);
    await finish(before);
  });
});
