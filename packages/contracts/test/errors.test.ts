import { expect } from 'chai';
import {
  BadRequestError,
  errorFromResponse,
  errorOfStatus,
  GoneError,
  isProcessEngineError,
  LockedError,
  ProcessEngineError,
} from '@process-engine/contracts';

describe('errors', () => {
  it('carry the name, status and flag the published clients know', () => {
    const error = new LockedError('taken');
    expect(error).to.be.instanceOf(ProcessEngineError).and.instanceOf(Error);
    expect(error).to.include({ name: 'LockedError', code: 423, isEssentialProjectsError: true, reason: 'locked' });
    expect(isProcessEngineError(error)).to.equal(true);
  });

  it('travel as a body with message, code and reason, and come back as the same class', () => {
    const sent = new GoneError('over', { reason: 'external-task-finished', additionalInformation: { id: 'x' } });
    const body: unknown = JSON.parse(JSON.stringify(sent));
    expect(body).to.deep.equal({
      message: 'over',
      code: 410,
      reason: 'external-task-finished',
      additionalInformation: { id: 'x' },
    });
    const received = errorFromResponse(410, body);
    expect(received).to.be.instanceOf(GoneError);
    expect(received).to.include({ message: 'over', reason: 'external-task-finished' });
    expect(received.additionalInformation).to.deep.equal({ id: 'x' });
  });

  it('are read from plain texts, empty bodies and bodies without a reason', () => {
    expect(errorFromResponse(400, 'wrong')).to.be.instanceOf(BadRequestError).and.include({ message: 'wrong' });
    expect(errorFromResponse(404, undefined)).to.include({ name: 'NotFoundError', message: '' });
    expect(errorFromResponse(422, { message: 'no' })).to.include({
      name: 'UnprocessableEntityError',
      reason: 'unprocessable-entity',
    });
  });

  it('of a status without a class of its own keep name and status', () => {
    expect(errorOfStatus(418, 'tea')).to.include({ name: 'ImATeapotError', code: 418 });
    expect(errorOfStatus(599, 'odd')).to.include({ name: 'InternalServerError', code: 599 });
  });
});
