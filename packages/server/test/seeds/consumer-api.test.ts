import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { approval, doubling, order, terminating } from '../support/seed-models.js';
import { SeedFixture, WAYS } from '../support/seed-fixture.js';

for (const way of WAYS) {
  describe(`The consumer API ${way}`, () => {
    const fixture = new SeedFixture(way);
    const { identity } = fixture;

    before(() => fixture.start());
    after(() => fixture.stop());

    it('lists all process models that can be started', async () => {
      const ids = [await fixture.deploy(approval), await fixture.deploy(order)];
      const { processModels, totalCount } = await fixture.client.getProcessModels(identity);
      expect(processModels.map(({ id }) => id)).to.include.members(ids);
      expect(totalCount).to.equal(processModels.length);
    });

    it('tells a single process model with its start and end events', async () => {
      const id = await fixture.deploy(approval);
      const model = await fixture.client.getProcessModelById(identity, id);
      expect(model.startEvents).to.deep.equal([
        { id: 'Start', eventName: 'Requested', bpmnType: 'bpmn:StartEvent', processModelId: id },
      ]);
      expect(model.endEvents.map((event) => event.id)).to.deep.equal(['End']);
    });

    it('starts an instance and answers at once', async () => {
      const id = await fixture.deploy(approval);
      const payload = { correlationId: `correlation of ${id}`, inputValues: { amount: 1 } };
      const started = await fixture.client.startProcessInstance(identity, id, payload, 1, 'Start');
      expect(started.correlationId).to.equal(payload.correlationId);
      expect(started).to.have.property('processInstanceId').that.is.a('string');
      expect(started).not.to.have.property('endEventId');
    });

    it('starts an instance and answers with its end', async () => {
      const id = await fixture.deploy(doubling);
      const ended = await fixture.client.startProcessInstance(identity, id, { inputValues: { number: 21 } }, 2);
      expect(ended).to.deep.include({ endEventId: 'Doubled', tokenPayload: { doubled: 42 } });
    });

    it('starts an instance and answers when a certain end event is reached', async () => {
      const id = await fixture.deploy(doubling);
      const inputValues = { number: 'none' };
      const ended = await fixture.client.startProcessInstance(identity, id, { inputValues }, 3, 'Start', 'Refused');
      expect(ended).to.deep.include({ endEventId: 'Refused', tokenPayload: inputValues });
    });

    it('lists the events a process waits for', async () => {
      const id = await fixture.deploy(order);
      const { correlationId, processInstanceId } = await fixture.started(id);
      const { events } = await fixture.client.getEventsForProcessModelInCorrelation(identity, id, correlationId);
      expect(events).to.have.length(1);
      expect(events[0]).to.deep.include({
        id: 'Paid',
        processInstanceId,
        correlationId,
        processModelId: id,
        eventType: 'messageEvent',
        eventName: `${id}-paid`,
      });
    });

    it('triggers the events a process waits for', async () => {
      const id = await fixture.deploy(order);
      const { correlationId } = await fixture.started(id);
      await fixture.client.triggerMessageEvent(identity, `${id}-paid`, { paid: 10 });
      const { events } = await fixture.client.getEventsForProcessModel(identity, id);
      expect(events.map((event) => event.id)).to.deep.equal(['Delivered']);

      await fixture.client.triggerSignalEvent(identity, `${id}-delivered`, { to: 'Alice' });
      const { correlationResults } = await fixture.client.getProcessResultForCorrelation(identity, correlationId, id);
      expect(correlationResults).to.deep.equal([{ correlationId, endEventId: 'End', tokenPayload: { to: 'Alice' } }]);
    });

    it('lists the user tasks that wait, with their forms', async () => {
      const id = await fixture.deploy(approval);
      const { correlationId, processInstanceId } = await fixture.started(id, { amount: 1 });
      const { userTasks } = await fixture.client.getUserTasksForProcessModelInCorrelation(identity, id, correlationId);
      expect(userTasks).to.have.length(1);
      expect(userTasks[0]).to.deep.include({
        id: 'Approve',
        name: 'Approve',
        processInstanceId,
        correlationId,
        processModelId: id,
        tokenPayload: { amount: 1 },
      });
      expect(userTasks[0]?.data.formFields).to.deep.equal([{ id: 'approved', label: 'Approved?', type: 'boolean' }]);
    });

    it('finishes a user task with the values of its form', async () => {
      const id = await fixture.deploy(approval);
      await fixture.started(id);
      const [task] = (await fixture.client.getUserTasksForProcessModel(identity, id)).userTasks;
      const { processInstanceId, correlationId, flowNodeInstanceId } = task!;
      const result = { formFields: { approved: true } };
      await fixture.client.finishUserTask(identity, processInstanceId, correlationId, flowNodeInstanceId, result);
      expect((await fixture.client.getUserTasksForProcessModel(identity, id)).userTasks).to.deep.equal([]);

      const { correlationResults } = await fixture.client.getProcessResultForCorrelation(identity, correlationId, id);
      expect(correlationResults[0]?.tokenPayload).to.deep.equal({ form_fields: { approved: true } });
    });

    it('tells the results of a correlation', async () => {
      const id = await fixture.deploy(doubling);
      const correlationId = `correlation of ${id}`;
      for (const number of [1, 2]) {
        await fixture.client.startProcessInstance(identity, id, { correlationId, inputValues: { number } }, 2);
      }
      const results = await fixture.client.getProcessResultForCorrelation(identity, correlationId, id);
      expect(results).to.deep.equal({
        correlationResults: [2, 4].map((doubled) => ({
          correlationId,
          endEventId: 'Doubled',
          tokenPayload: { doubled },
        })),
        totalCount: 2,
      });
    });

    it('does the same sample script, whichever accessor it was given', async () => {
      const { client } = fixture;
      const sample = new URL('../../../../samples/processes/sample_process.bpmn', import.meta.url);
      const xml = readFileSync(sample, 'utf8');
      const id = await fixture.deploy((model) => xml.replaceAll('"sample_process"', `"${model}"`));

      const { correlationId } = await client.startProcessInstance(identity, id, { inputValues: {} }, 1, 'StartEvent_1');
      const { userTasks } = await client.getUserTasksForProcessModelInCorrelation(identity, id, correlationId);
      expect(userTasks.map((task) => task.id)).to.deep.equal(['UserTask_1']);
      const { processInstanceId, flowNodeInstanceId } = userTasks[0]!;
      const result = { formFields: { TaskWasSuccessful: true } };
      await client.finishUserTask(identity, processInstanceId, correlationId, flowNodeInstanceId, result);
      expect(await client.getProcessResultForCorrelation(identity, correlationId, id)).to.deep.equal({
        correlationResults: [
          { correlationId, endEventId: 'EndEvent_Success', tokenPayload: { form_fields: { TaskWasSuccessful: true } } },
        ],
        totalCount: 1,
      });
    });

    it('tells about the BPMN events of an instance', async () => {
      const id = await fixture.deploy(order);
      const names = ['reached', 'finished'].map((what) => `intermediate_catch_event_${what}`);
      const notes = await fixture.listen(id, ...names, 'intermediate_throw_event_triggered');
      await fixture.started(id);
      await fixture.client.triggerMessageEvent(identity, `${id}-paid`);
      expect(await notes.first(4)).to.deep.equal([
        'intermediate_catch_event_reached Paid',
        'intermediate_catch_event_finished Paid',
        'intermediate_throw_event_triggered Shipped',
        'intermediate_catch_event_reached Delivered',
      ]);
    });

    it('tells about the start and the end of activities', async () => {
      const task = await fixture.deploy(approval);
      const script = await fixture.deploy(doubling);
      const aboutTask = await fixture.listen(task, 'user_task_waiting');
      const aboutScript = await fixture.listen(script, 'activity_reached', 'activity_finished');
      await fixture.started(script, { number: 1 });
      await fixture.started(task);
      expect(await aboutScript.first(2)).to.deep.equal(['activity_reached Double', 'activity_finished Double']);
      expect(await aboutTask.first(1)).to.deep.equal(['user_task_waiting Approve']);
    });

    it('tells about the start, the end, the termination and the failure of instances', async () => {
      const ending = await fixture.deploy(doubling);
      const stopping = await fixture.deploy(terminating);
      const failing = await fixture.deploy((id) => doubling(id, "throw new Error('broken');"));
      const kinds = ['process_started', 'process_ended', 'process_terminated', 'process_error'];
      const [ended, stopped, failed] = [
        await fixture.listen(ending, ...kinds),
        await fixture.listen(stopping, ...kinds),
        await fixture.listen(failing, ...kinds),
      ];
      for (const id of [ending, stopping, failing]) await fixture.started(id, { number: 1 });

      expect((await ended.first(2)).map(kindOf)).to.deep.equal(['process_started', 'process_ended']);
      expect((await stopped.first(2)).map(kindOf)).to.deep.equal(['process_started', 'process_terminated']);
      expect((await failed.first(2)).map(kindOf)).to.deep.equal(['process_started', 'process_error']);
      expect(failed.payloadOf('process_error')?.currentToken).to.have.property('message').that.includes('broken');
    });

    it('tells about signals', async () => {
      const id = await fixture.deploy(order);
      const notes = await fixture.listen(id, 'signal_triggered');
      await fixture.started(id);
      await fixture.client.triggerMessageEvent(identity, `${id}-paid`);
      await fixture.client.triggerSignalEvent(identity, `${id}-delivered`, { to: 'Alice' });
      await notes.first(2);
      expect(notes.eventNames).to.deep.equal([`${id}-shipped`, `${id}-delivered`]);
    });

    it('ends a subscription', async () => {
      const id = await fixture.deploy(doubling);
      const heard: string[] = [];
      const first = await fixture.client.onProcessEnded(
        identity,
        ({ processModelId }) => void heard.push(processModelId),
      );
      await fixture.client.removeSubscription(identity, first);
      const notes = await fixture.listen(id, 'process_ended');
      await fixture.started(id, { number: 1 });
      await notes.first(1);
      expect(heard).to.deep.equal([]);
    });
  });
}

const kindOf = (note: string): string => note.split(' ')[0]!;
