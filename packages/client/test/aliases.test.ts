import { expect } from 'chai';
import {
  ConsumerApiClient,
  ConsumerApiClientService,
  ConsumerApiExternalAccessor,
  ExternalAccessor,
  ExternalTaskApiClientService,
} from '@process-engine/client';
import { identity, RecordingEngine } from './support/recording-engine.js';

describe('The earlier names', () => {
  it('are the classes of today', () => {
    expect(new ConsumerApiClientService(new RecordingEngine())).to.be.instanceOf(ConsumerApiClient);
    expect(ConsumerApiExternalAccessor).to.equal(ExternalAccessor);
  });

  it('have the earlier methods', async () => {
    const engine = new RecordingEngine();
    await new ConsumerApiClientService(engine).getProcessModelByKey(identity, 'model');
    expect(engine.lastCall).to.deep.include({ operation: 'getProcessModelById', args: [identity, 'model'] });

    for (const Client of [ConsumerApiClientService, ExternalTaskApiClientService]) {
      await new Client(engine).handleSystemError(identity, 'worker', 'task', 'message', 'details');
      expect(engine.lastCall.operation).to.equal('handleServiceError');
      expect(engine.lastCall.args.slice(0, 5)).to.deep.equal([identity, 'worker', 'task', 'message', 'details']);
    }
  });
});
