import assert from 'node:assert/strict';
import { NotFoundError } from '@process-engine/contracts';
import { rejects, unique } from './api-user.js';
import { definitions, endEvent, inLine, line, process, startEvent, userTask } from './models.js';
import type { SuiteContext } from './suite-context.js';

export function processModelCases({ it }: SuiteContext): void {
  it('models are listed and paged with their start and end events', async (user) => {
    const ids = [unique('Model'), unique('Model'), unique('Model')];
    await user.deploy(...ids.map((id) => line(id)));
    const list = await user.consumer.getProcessModels(user.identity);

    assert.equal(list.totalCount, list.processModels.length);
    const model = list.processModels.find(({ id }) => id === ids[1]);
    assert.deepEqual(model, {
      id: ids[1],
      startEvents: [{ id: 'Start', eventName: 'Start name', bpmnType: 'bpmn:StartEvent', processModelId: ids[1] }],
      endEvents: [{ id: 'End', bpmnType: 'bpmn:EndEvent', processModelId: ids[1] }],
    });
    const page = await user.consumer.getProcessModels(user.identity, 1, 1);
    assert.deepEqual(page, { processModels: list.processModels.slice(1, 2), totalCount: list.totalCount });
  });

  it('a model is found by its id, in its newest version', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id));
    await user.deploy(definitions(process(id, inLine(startEvent(), endEvent('NewEnd')))));

    const model = await user.consumer.getProcessModelById(user.identity, id);
    assert.deepEqual([model.id, model.endEvents.map((event) => event.id)], [id, ['NewEnd']]);
    await rejects(user.consumer.getProcessModelById(user.identity, 'unknown'), NotFoundError, /not found/i);
  });

  it('a model that is not executable shows no events', async (user) => {
    const id = unique('Model');
    await user.deploy(definitions(process(id, inLine(startEvent(), endEvent()), false)));

    const model = await user.consumer.getProcessModelById(user.identity, id);
    assert.deepEqual(model, { id, startEvents: [], endEvents: [] });
  });

  it('of an instance the version is found that it runs on', async (user) => {
    const id = unique('Model');
    await user.deploy(line(id, [userTask('Wait')]));
    const { processInstanceId } = await user.start(id);
    await user.deploy(definitions(process(id, inLine(startEvent(), endEvent('NewEnd')))));
    const { getProcessModelByProcessInstanceId } = user.consumer;

    const model = await getProcessModelByProcessInstanceId(user.identity, processInstanceId);
    assert.deepEqual(
      model.endEvents.map((event) => event.id),
      ['End'],
    );
    await rejects(getProcessModelByProcessInstanceId(user.identity, 'unknown'), NotFoundError, /not found/i);
  });

  it('the id of a model may hold dots and dashes', async (user) => {
    const id = unique('_my-model.v-1');
    await user.deploy(line(id));
    assert.equal((await user.consumer.getProcessModelById(user.identity, id)).id, id);
  });
}
