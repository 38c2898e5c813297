import { expect } from 'chai';
import { before, it } from 'mocha';
import { clerk, god, nobody, onEachDatabase, rejection } from './support/engine.mjs';
import { error, flow, inLine, line, model, node, onError, script } from './support/models.mjs';

const Type = {
  CallbackOnProcessInstanceCreated: 1,
  CallbackOnProcessInstanceFinished: 2,
  CallbackOnEndEventReached: 3,
};

const MODELS = [
  line('Echo', [script('Script', 'return token.current;')]),
  line('Sleeps', [node('userTask', 'Task')]),
  line('Library', [], { executable: false }),
  model('Two_ends', [
    ...inLine(node('startEvent', 'Start'), node('parallelGateway', 'Split'), node('endEvent', 'First')),
    ...[node('userTask', 'Task'), node('endEvent', 'Second')],
    flow('Split', 'Task'),
    flow('Task', 'Second'),
  ]),
  model('Two_starts', [
    ...inLine(node('startEvent', 'One'), node('endEvent', 'End')),
    node('startEvent', 'Two'),
    flow('Two', 'End'),
  ]),
  model(
    'Lanes',
    [
      ...inLine(node('startEvent', 'Office_start'), node('endEvent', 'Office_end')),
      ...inLine(node('startEvent', 'Board_start'), node('userTask', 'Board_task'), node('endEvent', 'Board_end')),
    ],
    { lanes: { office: ['Office_start', 'Office_end'], board: ['Board_start', 'Board_task', 'Board_end'] } },
  ),
  line('Board_only', [], { lanes: { board: ['Start', 'End'] } }),
  model('Fails', inLine(node('startEvent', 'Start'), node('endEvent', 'End', {}, onError('Broken'))), {
    references: error('Broken', 'BROKEN_CODE'),
  }),
  model(
    'Terminates',
    inLine(node('startEvent', 'Start'), node('endEvent', 'End', {}, '<bpmn:terminateEventDefinition/>')),
  ),
  model('No_way', [
    ...inLine(node('startEvent', 'Start'), node('exclusiveGateway', 'Choice')),
    ...[node('endEvent', 'A'), node('endEvent', 'B')],
    flow('Choice', 'A', 'token.current.way === 1'),
    flow('Choice', 'B', 'token.current.way === 2'),
  ]),
];

onEachDatabase('Starts by the published consumer client', (engine) => {
  before(() => engine.deploy(...MODELS));

  it('answer on creation with the ids', async () => {
    const started = await engine.consumer().startProcessInstance(god, 'Sleeps', { correlationId: 'own' });
    expect(started).to.have.all.keys('correlationId', 'processInstanceId');
    expect(started.correlationId).to.equal('own');
  });

  it('take any input, or none at all', async () => {
    const client = engine.consumer();
    const end = (payload) => client.startProcessInstance(god, 'Echo', payload, Type.CallbackOnProcessInstanceFinished);
    for (const inputValues of [{ a: 1 }, 'text', 7]) {
      expect((await end({ inputValues })).tokenPayload).to.deep.equal(inputValues);
    }
    expect((await end(undefined)).tokenPayload).to.deep.equal({});
  });

  it('answer on the end of the instance with the first end event', async () => {
    const type = Type.CallbackOnProcessInstanceFinished;
    const answer = await engine.consumer().startProcessInstance(god, 'Echo', { inputValues: { a: 1 } }, type);
    expect(answer).to.deep.include({ endEventId: 'End', tokenPayload: { a: 1 } });
    expect(answer.correlationId).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  });

  it('answer on the end with a certain end event', async () => {
    const client = engine.consumer();
    const correlationId = 'certain-end';
    const waiting = client.startProcessInstance(
      god,
      'Two_ends',
      { correlationId, inputValues: {} },
      Type.CallbackOnEndEventReached,
      'Start',
      'Second',
    );
    let tasks = [];
    while (tasks.length === 0) tasks = (await client.getUserTasksForCorrelation(god, correlationId)).userTasks;
    await client.finishUserTask(god, tasks[0].processInstanceId, correlationId, tasks[0].flowNodeInstanceId);
    expect(await waiting).to.deep.include({ endEventId: 'Second', tokenPayload: { form_fields: {} } });
  });

  it('are refused with 400', async () => {
    const client = engine.consumer();
    const start = (...args) => client.startProcessInstance(god, ...args);
    await rejection(start('Library', {}), 'BadRequestError', /not executable/i);
    await rejection(start('Echo', {}, 4), 'BadRequestError', /not a valid return option/i);
    await rejection(start('Echo', {}, 3), 'BadRequestError', /must provide an endeventid/i);
    const ambiguous = await rejection(start('Two_starts', {}), 'BadRequestError', /multiple StartEvents/);
    expect(ambiguous.additionalInformation.startEventIds).to.deep.equal(['One', 'Two']);
  });

  it('are refused with 403', async () => {
    const client = engine.consumer();
    await rejection(client.startProcessInstance(nobody, 'Echo', {}), 'ForbiddenError');
    await rejection(client.startProcessInstance(clerk, 'Board_only', {}), 'ForbiddenError', /access denied/i);
    await rejection(client.getProcessModelById(clerk, 'Board_only'), 'ForbiddenError', /access denied/i);
  });

  it('are refused with 404', async () => {
    const client = engine.consumer();
    const start = (...args) => client.startProcessInstance(god, ...args);
    await rejection(start('Unknown', {}), 'NotFoundError', /not found/i);
    await rejection(start('Echo', {}, 1, 'Unknown'), 'NotFoundError', /startevent.*not found/i);
    await rejection(start('Echo', {}, 3, 'Start', 'Unknown'), 'NotFoundError', /endevent.*not found/i);
    const hidden = (...args) => client.startProcessInstance(clerk, 'Lanes', {}, ...args);
    await rejection(hidden(1, 'Board_start'), 'NotFoundError', /startevent.*not found/i);
    await rejection(hidden(3, 'Office_start', 'Board_end'), 'NotFoundError', /not found/i);
    await rejection(client.getProcessModelById(god, 'Unknown'), 'NotFoundError', /not found/i);
    await rejection(client.getProcessModelByProcessInstanceId(god, 'unknown'), 'NotFoundError');
  });

  it('fail with 500 where the instance fails or is terminated', async () => {
    const client = engine.consumer();
    const run = (id) => client.startProcessInstance(god, id, {}, Type.CallbackOnProcessInstanceFinished);
    const failed = await rejection(run('Fails'), 'InternalServerError');
    expect(failed.additionalInformation).to.include({ name: 'Broken', code: 'BROKEN_CODE' });
    await rejection(run('Terminates'), 'InternalServerError', /process was terminated.*End/i);
  });

  it('fail with 400 where a gateway has no way', async () => {
    const type = Type.CallbackOnProcessInstanceFinished;
    const call = engine.consumer().startProcessInstance(god, 'No_way', {}, type);
    await rejection(call, 'BadRequestError', /no outgoing sequenceflow.*had a truthy condition/i);
  });

  it('show the visible events of a model, also by an instance of it', async () => {
    const client = engine.consumer();
    const visible = await client.getProcessModelById(clerk, 'Lanes');
    expect(visible.startEvents.map(({ id }) => id)).to.deep.equal(['Office_start']);
    expect(visible.endEvents.map(({ id }) => id)).to.deep.equal(['Office_end']);
    const { processInstanceId } = await client.startProcessInstance(god, 'Sleeps', {});
    const ofInstance = await client.getProcessModelByProcessInstanceId(god, processInstanceId);
    expect(ofInstance).to.deep.equal(await client.getProcessModelById(god, 'Sleeps'));
    const { processModels } = await client.getProcessModels(clerk);
    const ids = processModels.map(({ id }) => id);
    expect(ids).to.include('Lanes').and.not.include('Board_only');
    expect(processModels.find(({ id }) => id === 'Library')).to.deep.include({ startEvents: [], endEvents: [] });
  });
});
