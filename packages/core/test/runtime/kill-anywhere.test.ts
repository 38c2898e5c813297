import { expect } from 'chai';
import { definitions, ManualClock, processBuilder } from '../../dist/testing/index.js';
import { dyingStorage } from '../support/faulty-storage.js';
import { abandon, nextTurn, scenario } from '../support/scenario.js';
import { testStorage } from '../support/test-storage.js';

/** Throws a signal and a message, calls a process that runs a service and waits for a time, and joins both. */
const MODELS = [
  processBuilder('P')
    .root('signal', 'G')
    .root('message', 'M')
    .startEvent('S')
    .parallelGateway('F')
    .node('intermediateThrowEvent', 'TG', {}, definitions.signal('G'))
    .node('intermediateThrowEvent', 'TM', { 'camunda:asyncBefore': true }, definitions.message('M'))
    .parallelGateway('J')
    .endEvent('E')
    .from('F')
    .callActivity('C', 'Called')
    .to('J'),
  processBuilder('Called')
    .startEvent('CS')
    .serviceTask('CT', 'work')
    .node('intermediateCatchEvent', 'CC', {}, definitions.timer('timeDuration', 'PT1M'))
    .endEvent('CE'),
  processBuilder('BySignal').root('signal', 'G').startEvent('GS', definitions.signal('G')).endEvent('GE'),
  processBuilder('ByMessage').root('message', 'M').startEvent('MS', definitions.message('M')).endEvent('ME'),
];
const COMMITS = 12;

describe('A process that dies', () => {
  for (let afterCommits = 0; afterCommits < COMMITS; afterCommits += 1) {
    for (const committed of [false, true]) {
      it(`${committed ? 'after' : 'before'} commit ${afterCommits + 1} has lost nothing and doubled nothing when it is back`, async () => {
        const storage = testStorage();
        const clock = new ManualClock();
        const services = { work: () => ({ done: true }) };
        const before = await scenario(MODELS, {
          storage: dyingStorage(storage, { afterCommits, committed }),
          clock,
          services,
        });
        before.engine.consumerApi
          .startProcessInstance(before.identity, 'P', { idempotencyKey: 'once' })
          .catch(() => undefined);
        for (let turn = 0; turn < 20; turn += 1) await nextTurn();
        abandon(before);
        const after = await scenario([], { storage, clock, services });
        await after.engine.consumerApi.startProcessInstance(after.identity, 'P', { idempotencyKey: 'once' });
        await after.advance(300_000);
        for (const id of ['P', 'Called', 'BySignal', 'ByMessage']) {
          const states = await Promise.all((await after.instancesOf(id)).map((instance) => after.state(instance)));
          expect(states, id).to.deep.equal(['finished']);
        }
        expect((await storage.findJobs({ tenantId: '' })).items).to.deep.equal([]);
      });
    }
  }
});
