import { expect } from 'chai';
import { before, it } from 'mocha';
import { clerk, god, onEachDatabase, rejection } from './support/engine.mjs';
import { line, message, node, onMessage, onSignal, signal } from './support/models.mjs';

const catchEvent = (id, definition) => node('intermediateCatchEvent', id, {}, definition);

onEachDatabase('Tasks and events by the published consumer client', (engine) => {
  before(() =>
    engine.deploy(
      line('Form', [node('userTask', 'Task')]),
      line('By_hand', [node('manualTask', 'Task')]),
      line('Untyped', [node('task', 'Task')]),
      line('Of_the_board', [node('userTask', 'Task')], { lanes: { board: ['Task'], office: ['Start', 'End'] } }),
      line('Message', [catchEvent('Catch', onMessage('Message_1'))], {
        references: message('Message_1', 'MessageName'),
      }),
      line('Signal', [catchEvent('Catch', onSignal('Signal_1'))], { references: signal('Signal_1', 'SignalName') }),
    ),
  );

  async function waiting(processModelId) {
    const client = engine.consumer();
    const started = await client.startProcessInstance(god, processModelId, { inputValues: {} });
    const { tasks } = await client.getSuspendedTasksForProcessInstance(god, started.processInstanceId);
    const { processInstanceId, correlationId, flowNodeInstanceId } = { ...started, ...tasks[0] };
    const result = async () => {
      const list = await client.getProcessResultForCorrelation(god, correlationId, processModelId);
      return list.correlationResults.map(({ tokenPayload }) => tokenPayload);
    };
    return { client, ids: [processInstanceId, correlationId, flowNodeInstanceId], processInstanceId, result };
  }

  for (const result of [undefined, {}, { formFields: {} }]) {
    it(`a user task is finished with ${JSON.stringify(result) ?? 'no body'}`, async () => {
      const task = await waiting('Form');
      await task.client.finishUserTask(god, ...task.ids, result);
      expect(await task.result()).to.deep.equal([{ form_fields: {} }]);
    });
  }

  it('a user task is not finished with fields that are no object', async () => {
    const { client, ids } = await waiting('Form');
    for (const formFields of [['list'], 'text']) {
      await rejection(client.finishUserTask(god, ...ids, { formFields }), 'BadRequestError', /not.*an object/i);
    }
  });

  for (const [processModelId, method, called] of [
    ['Form', 'finishUserTask', 'usertask'],
    ['By_hand', 'finishManualTask', 'manualtask'],
    ['Untyped', 'finishEmptyActivity', 'emptyactivity'],
  ]) {
    it(`${method} works once; then the three ids are not found`, async () => {
      const { client, ids } = await waiting(processModelId);
      expect(await client[method](god, ...ids)).to.equal(undefined);
      const error = await rejection(client[method](god, ...ids), 'NotFoundError', new RegExp(called, 'i'));
      expect(error.message).to.match(/processinstance '.*' in correlation '.*' does not have a/i);
      for (const id of ids) expect(error.message).to.include(`'${id}'`);
    });
  }

  it('a task of a lane that is not accessible is neither shown nor finished', async () => {
    const { client, ids, processInstanceId } = await waiting('Of_the_board');
    const list = await client.getUserTasksForProcessInstance(clerk, processInstanceId);
    expect(list).to.deep.equal({ userTasks: [], totalCount: 0 });
    await rejection(client.finishUserTask(clerk, ...ids), 'ForbiddenError', /access.*denied/i);
  });

  for (const [kind, trigger] of [
    ['Message', 'triggerMessageEvent'],
    ['Signal', 'triggerSignalEvent'],
  ]) {
    for (const [title, payload, expected] of [
      ['no body', undefined, {}],
      ['an object', { a: 1 }, { a: 1 }],
      ['an object that wraps it', { currentToken: { b: 2 } }, { b: 2 }],
      ['a text', 'text', 'text'],
    ]) {
      it(`${trigger} with ${title} continues who waits`, async () => {
        const task = await waiting(kind);
        const { events } = await task.client.getEventsForCorrelation(god, task.ids[1]);
        expect(events.map(({ id, eventName }) => [id, eventName])).to.deep.equal([['Catch', `${kind}Name`]]);
        expect(await task.client[trigger](god, `${kind}Name`, payload)).to.equal(undefined);
        expect(await task.result()).to.deep.equal([expected]);
      });
    }

    it(`${trigger} with a name nobody waits for is no error`, async () => {
      expect(await engine.consumer()[trigger](god, 'Unknown', {})).to.equal(undefined);
    });
  }
});
