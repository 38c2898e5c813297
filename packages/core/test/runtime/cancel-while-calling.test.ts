import { expect } from 'chai';
import { processBuilder } from '../../dist/testing/index.js';
import { FaultyStorage } from '../support/faulty-storage.js';
import { scenario } from '../support/scenario.js';

const CALLER = processBuilder('P').startEvent('S').callActivity('C', 'Q').endEvent('E');
const CALLED = processBuilder('Q').startEvent('QS').callActivity('QC', 'R').endEvent('QE');
const INNERMOST = processBuilder('R').startEvent('RS').userTask('RA').endEvent('RE');

/** Commits take some turns, so that the caller's end can come anywhere between those of its calls. */
class SlowStorage extends FaultyStorage {
  override async commit(changes: Parameters<FaultyStorage['commit']>[0]): Promise<void> {
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
    await super.commit(changes);
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
  }
}

describe('Terminating a caller while its calls are made', () => {
  for (let turns = 0; turns < 160; turns += 8) {
    it(`leaves no called process behind (after ${turns} turns)`, async () => {
      const engine = await scenario([CALLER, CALLED, INNERMOST], { storage: new SlowStorage() });
      const { processInstanceId } = await engine.engine.consumerApi.startProcessInstance(engine.identity, 'P');
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      await engine.terminate(processInstanceId!);
      const { processInstances } = await engine.engine.managementApi.getProcessInstances(engine.identity);
      expect(processInstances.map(({ state }) => state)).not.to.include('running');
      expect(await engine.tasks()).to.deep.equal([]);
      expect((await engine.storage.findJobs({ tenantId: '' })).items).to.deep.equal([]);
    });
  }
});
