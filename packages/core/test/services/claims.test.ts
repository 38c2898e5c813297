import { expect } from 'chai';
import { CLAIMS } from '@process-engine/contracts';
import { processBuilder } from '../../dist/testing/index.js';
import { StaticClaims } from '../support/claims.js';
import { errorOf, identity, scenario, type Scenario } from '../support/scenario.js';

const MODEL = processBuilder('P').startEvent('S').externalTask('X', 'topic').endEvent('E');
const XML = processBuilder('Q').startEvent('QS').endEvent('QE').toXml();

type Call = (
  engine: Scenario,
  user: ReturnType<typeof identity>,
  ids: { instance: string; task: string },
) => Promise<unknown>;

/** Every operation that needs a claim. */
const OPERATIONS: readonly (readonly [string, string, Call])[] = [
  ['getProcessModels', CLAIMS.readProcessModel, ({ engine }, user) => engine.consumerApi.getProcessModels(user)],
  [
    'getProcessModelById',
    CLAIMS.readProcessModel,
    ({ engine }, user) => engine.consumerApi.getProcessModelById(user, 'P'),
  ],
  [
    'getProcessModelByProcessInstanceId',
    CLAIMS.readProcessModel,
    ({ engine }, user, { instance }) => engine.consumerApi.getProcessModelByProcessInstanceId(user, instance),
  ],
  [
    'startProcessInstance',
    CLAIMS.readProcessModel,
    ({ engine }, user) => engine.consumerApi.startProcessInstance(user, 'P'),
  ],
  [
    'getProcessResultForCorrelation',
    CLAIMS.readProcessModel,
    ({ engine }, user) => engine.consumerApi.getProcessResultForCorrelation(user, 'c', 'P'),
  ],
  [
    'triggerMessageEvent',
    CLAIMS.triggerMessages,
    ({ engine }, user) => engine.consumerApi.triggerMessageEvent(user, 'M'),
  ],
  ['triggerSignalEvent', CLAIMS.triggerSignals, ({ engine }, user) => engine.consumerApi.triggerSignalEvent(user, 'G')],
  [
    'fetchAndLockExternalTasks',
    CLAIMS.accessExternalTasks,
    ({ engine }, user) => engine.externalTaskApi.fetchAndLockExternalTasks(user, 'w', 'topic', 1, 0, 1),
  ],
  [
    'extendLock',
    CLAIMS.accessExternalTasks,
    ({ engine }, user, { task }) => engine.externalTaskApi.extendLock(user, 'w', task, 1),
  ],
  [
    'handleBpmnError',
    CLAIMS.accessExternalTasks,
    ({ engine }, user, { task }) => engine.externalTaskApi.handleBpmnError(user, 'w', task, 'E'),
  ],
  [
    'handleServiceError',
    CLAIMS.accessExternalTasks,
    ({ engine }, user, { task }) => engine.externalTaskApi.handleServiceError(user, 'w', task, 'x', {}),
  ],
  [
    'finishExternalTask',
    CLAIMS.accessExternalTasks,
    ({ engine }, user, { task }) => engine.externalTaskApi.finishExternalTask(user, 'w', task),
  ],
  [
    'the same on the consumer API',
    CLAIMS.accessExternalTasks,
    ({ engine }, user, { task }) => engine.consumerApi.finishExternalTask(user, 'w', task),
  ],
  [
    'subscribe',
    CLAIMS.subscribeToEvents,
    ({ engine }, user) => engine.notificationApi.subscribe(user, 'process_ended', () => undefined),
  ],
  [
    'deploy',
    CLAIMS.writeProcessModel,
    ({ engine }, user) => engine.managementApi.deploy(user, { files: [{ name: 'q', xml: XML }] }),
  ],
  [
    'updateProcessModel',
    CLAIMS.writeProcessModel,
    ({ engine }, user) => engine.managementApi.updateProcessModel(user, 'Q', { xml: XML }),
  ],
  [
    'deleteProcessModel',
    CLAIMS.deleteProcessModel,
    ({ engine }, user) => engine.managementApi.deleteProcessModel(user, 'P'),
  ],
  ['getDefinitions', CLAIMS.readProcessModel, ({ engine }, user) => engine.managementApi.getDefinitions(user)],
  [
    'getProcessInstances',
    CLAIMS.readProcessInstances,
    ({ engine }, user) => engine.managementApi.getProcessInstances(user),
  ],
  [
    'getProcessInstance',
    CLAIMS.readProcessInstances,
    ({ engine }, user, { instance }) => engine.managementApi.getProcessInstance(user, instance),
  ],
  [
    'getFlowNodeInstances',
    CLAIMS.readProcessInstances,
    ({ engine }, user, { instance }) => engine.managementApi.getFlowNodeInstances(user, instance),
  ],
  [
    'getVariables',
    CLAIMS.readProcessInstances,
    ({ engine }, user, { instance }) => engine.managementApi.getVariables(user, instance),
  ],
  [
    'setVariables',
    CLAIMS.superAdmin,
    ({ engine }, user, { instance }) => engine.managementApi.setVariables(user, instance, { variables: { v: 1 } }),
  ],
  [
    'terminateProcessInstance',
    CLAIMS.terminateProcess,
    ({ engine }, user, { instance }) => engine.managementApi.terminateProcessInstance(user, instance),
  ],
  [
    'publishMessage',
    CLAIMS.triggerMessages,
    ({ engine }, user) => engine.managementApi.publishMessage(user, { name: 'M' }),
  ],
  [
    'broadcastSignal',
    CLAIMS.triggerSignals,
    ({ engine }, user) => engine.managementApi.broadcastSignal(user, { name: 'G' }),
  ],
  ['getSubscriptions', CLAIMS.readProcessInstances, ({ engine }, user) => engine.managementApi.getSubscriptions(user)],
  ['getCorrelations', CLAIMS.readProcessModel, ({ engine }, user) => engine.managementApi.getCorrelations(user)],
  [
    'getActiveTokens',
    CLAIMS.readProcessInstances,
    ({ engine }, user) => engine.managementApi.getActiveTokens(user, { processModelId: 'P' }),
  ],
  ['getLogs', CLAIMS.readProcessInstances, ({ engine }, user) => engine.managementApi.getLogs(user)],
  [
    'getTokenHistory',
    CLAIMS.readProcessInstances,
    ({ engine }, user, { instance }) => engine.managementApi.getTokenHistory(user, { processInstanceId: instance }),
  ],
  [
    'getRuntimeInformation',
    CLAIMS.readProcessInstances,
    ({ engine }, user) => engine.managementApi.getRuntimeInformation(user, 'P'),
  ],
  ['getActiveCronjobs', CLAIMS.readProcessModel, ({ engine }, user) => engine.managementApi.getActiveCronjobs(user)],
  ['getCronjobHistory', CLAIMS.readCronjobHistory, ({ engine }, user) => engine.managementApi.getCronjobHistory(user)],
  ['getMessages', CLAIMS.readProcessInstances, ({ engine }, user) => engine.managementApi.getMessages(user)],
  ['getDeployments', CLAIMS.readProcessModel, ({ engine }, user) => engine.managementApi.getDeployments(user)],
  [
    'getProcessModels of the management API',
    CLAIMS.readProcessModel,
    ({ engine }, user) => engine.managementApi.getProcessModels(user),
  ],
  ['getIncidents', CLAIMS.readProcessInstances, ({ engine }, user) => engine.managementApi.getIncidents(user)],
];

describe('An operation needs its claim:', () => {
  for (const [name, claim, call] of OPERATIONS) {
    it(`${name} needs ${claim}`, async () => {
      const iamService = new StaticClaims({ tester: [CLAIMS.superAdmin], some: [claim], boss: [CLAIMS.superAdmin] });
      const engine = await scenario([MODEL], { iamService });
      const { processInstanceId: instance } = await engine.start('P');
      const ids = { instance, task: (await engine.entry(instance, 'X')).flowNodeInstanceId };
      expect(await errorOf(call(engine, identity('nobody'), ids))).to.include({ code: 403 });
      for (const user of claim === CLAIMS.superAdmin ? ['boss'] : ['some']) await call(engine, identity(user), ids);
      const other = await scenario([MODEL], { iamService });
      const started = await other.start('P');
      await call(other, identity('boss'), {
        instance: started.processInstanceId,
        task: (await other.entry(started.processInstanceId, 'X')).flowNodeInstanceId,
      });
    });
  }

  it('lists of tasks, events and own instances need none', async () => {
    const engine = await scenario([MODEL], { iamService: new StaticClaims({ tester: [CLAIMS.superAdmin] }) });
    const { consumerApi } = engine.engine;
    const nobody = identity('nobody');
    expect((await consumerApi.getAllSuspendedTasks(nobody)).totalCount).to.equal(0);
    expect((await consumerApi.getEventsForProcessModel(nobody, 'P')).totalCount).to.equal(0);
    expect((await consumerApi.getProcessInstancesByIdentity(nobody)).totalCount).to.equal(0);
  });

  it('without an IAM service everybody with a user id may do everything', async () => {
    const engine = await scenario([MODEL]);
    expect((await engine.engine.managementApi.getProcessInstances(identity('anybody'))).totalCount).to.equal(0);
    expect(await errorOf(engine.engine.managementApi.getProcessInstances(identity('')))).to.include({
      code: 400,
      reason: 'identity-missing',
    });
    expect(await errorOf(engine.engine.consumerApi.getAllSuspendedTasks({ userId: 5 } as never))).to.include({
      code: 400,
    });
  });

  it('an IAM service that fails is an error, not a denial', async () => {
    const iamService = { ensureHasClaim: () => Promise.reject(new Error('authority away')) };
    const engine = await scenario([], { iamService });
    expect((await errorOf(engine.engine.consumerApi.getProcessModels(engine.identity))).message).to.equal(
      'authority away',
    );
  });

  it('inside a run nobody is asked', async () => {
    const iamService = new StaticClaims({ tester: [CLAIMS.superAdmin], starter: [CLAIMS.readProcessModel] });
    const engine = await scenario(
      [
        processBuilder('P')
          .root('signal', 'G')
          .startEvent('S')
          .endEvent('E', '<bpmn:signalEventDefinition signalRef="G"/>'),
      ],
      { iamService },
    );
    const before = iamService.asked.length;
    await engine.engine.consumerApi.startProcessInstance(identity('starter'), 'P');
    await engine.engine.idle();
    expect(new Set(iamService.asked.slice(before))).to.deep.equal(
      new Set([`starter: ${CLAIMS.superAdmin}`, `starter: ${CLAIMS.readProcessModel}`]),
    );
  });
});
