import { expect } from 'chai';
import type { FamilyPayload, NotificationFilter, NotificationPayload } from '@process-engine/contracts';
import { definitions, processBuilder } from '../../dist/testing/index.js';
import { identity, scenario, type Scenario } from '../support/scenario.js';
import { testStorage } from '../support/test-storage.js';

const KINDS = [
  'process_started',
  'process_ended',
  'process_terminated',
  'process_error',
  'activity_reached',
  'activity_finished',
  'user_task_waiting',
  'user_task_finished',
  'manual_task_waiting',
  'manual_task_finished',
  'empty_activity_waiting',
  'empty_activity_finished',
  'boundary_event_triggered',
  'intermediate_throw_event_triggered',
  'intermediate_catch_event_reached',
  'intermediate_catch_event_finished',
  'message_triggered',
  'signal_triggered',
] as const;

/** Subscribes to everything; what comes is written down. */
async function listen(engine: Scenario) {
  const heard: { kind: string; payload: NotificationPayload }[] = [];
  for (const kind of KINDS) {
    await engine.engine.notificationApi.subscribe(
      engine.identity,
      kind,
      (payload) => void heard.push({ kind, payload }),
    );
  }
  return {
    heard,
    /** `kind flow-node` since the last call. */
    news: () =>
      heard
        .splice(0)
        .map(({ kind, payload }) =>
          [kind, payload.flowNodeId, payload.eventName].filter((part) => part !== undefined).join(' '),
        ),
  };
}

describe('Notifications', () => {
  it('tell of every wait and end of tasks, in order', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .userTask('U')
      .node('manualTask', 'M')
      .node('task', 'T')
      .endEvent('E');
    const engine = await scenario([model]);
    const { news } = await listen(engine);
    await engine.start('P');
    expect(news()).to.deep.equal(['process_started S', 'user_task_waiting U']);
    await engine.finish('U', { u: 1 });
    expect(news()).to.deep.equal(['user_task_finished U', 'manual_task_waiting M']);
    await engine.finish('M');
    expect(news()).to.deep.equal(['manual_task_finished M', 'empty_activity_waiting T']);
    await engine.finish('T');
    expect(news()).to.deep.equal(['empty_activity_finished T', 'process_ended E']);
  });

  it('tell of activities that do not wait for people', async () => {
    const model = processBuilder('P')
      .startEvent('S')
      .scriptTask('Script', 'return {};')
      .externalTask('X', 'topic')
      .subProcess('SP', (inner) => inner.startEvent('IS').endEvent('IE'))
      .callActivity('C', 'Q')
      .endEvent('E');
    const engine = await scenario([model, processBuilder('Q').startEvent('QS').endEvent('QE')]);
    const { news } = await listen(engine);
    await engine.start('P');
    await engine.work('topic', {});
    expect(news()).to.deep.equal([
      'process_started S',
      'activity_reached Script',
      'activity_finished Script',
      'activity_reached X',
      'activity_finished X',
      'activity_reached SP',
      'activity_finished SP',
      'activity_reached C',
      'process_started QS',
      'process_ended QE',
      'activity_finished C',
      'process_ended E',
    ]);
  });

  it('tell of events that are thrown, reached, received, and of boundary events', async () => {
    const model = processBuilder('P')
      .root('message', 'M')
      .root('signal', 'G')
      .startEvent('S')
      .node('intermediateThrowEvent', 'T', {}, definitions.signal('G'))
      .node('intermediateCatchEvent', 'C', {}, definitions.message('M'))
      .userTask('U')
      .endEvent('E')
      .boundaryEvent('B', 'U', definitions.timer('timeDuration', 'PT1S'))
      .endEvent('E2');
    const engine = await scenario([model]);
    const { news } = await listen(engine);
    await engine.start('P');
    expect(news()).to.deep.equal([
      'process_started S',
      'signal_triggered T G',
      'intermediate_throw_event_triggered T',
      'intermediate_catch_event_reached C',
    ]);
    await engine.message('M');
    expect(news()).to.deep.equal(['message_triggered M', 'intermediate_catch_event_finished C', 'user_task_waiting U']);
    await engine.advance(1_000);
    expect(news()).to.deep.equal(['boundary_event_triggered B', 'process_ended E2']);
  });

  it('tell of instances that end otherwise', async () => {
    const failing = processBuilder('P')
      .root('error', 'X', { errorCode: 'C', name: 'N' })
      .startEvent('S')
      .endEvent('E', definitions.error('X'));
    const terminating = processBuilder('Q').startEvent('QS').endEvent('QT', definitions.terminate());
    const engine = await scenario([failing, terminating]);
    const { heard } = await listen(engine);
    await engine.start('P');
    await engine.start('Q');
    const ends = heard.filter(({ kind }) => kind === 'process_error' || kind === 'process_terminated');
    expect(ends.map(({ kind }) => kind)).to.deep.equal(['process_error', 'process_terminated']);
    expect(ends[0]!.payload.currentToken).to.deep.equal({ name: 'N', code: 'C', message: '' });
    expect(ends[0]!.payload).not.to.have.property('flowNodeId');
    expect(ends[1]!.payload).to.include({ flowNodeId: 'QT' });
  });

  it('carry where it happened, and the token', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('U').endEvent('E')]);
    const { heard } = await listen(engine);
    const { processInstanceId, correlationId } = await engine.start('P', { v: 1 });
    await engine.finish('U', { u: 2 });
    const place = { correlationId, processModelId: 'P', processInstanceId };
    const { flowNodeInstanceId } = await engine.entry(processInstanceId, 'U');
    const at = { ...place, flowNodeId: 'U', flowNodeInstanceId, flowNodeType: 'bpmn:UserTask' };
    expect(heard.find(({ kind }) => kind === 'user_task_waiting')!.payload).to.deep.equal({
      ...at,
      currentToken: { v: 1 },
    });
    const form = { form_fields: { u: 2 } };
    expect(heard.find(({ kind }) => kind === 'user_task_finished')!.payload).to.deep.equal({
      ...at,
      currentToken: form,
      userTaskResult: form,
    });
    expect(heard.find(({ kind }) => kind === 'process_ended')!.payload).to.deep.include({
      ...place,
      currentToken: form,
    });
  });

  it('come after the commit: what they tell of can be read', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('U').endEvent('E')]);
    const seen: Promise<unknown>[] = [];
    await engine.engine.notificationApi.subscribe(
      engine.identity,
      'user_task_waiting',
      () => void seen.push(engine.tasks()),
    );
    await engine.engine.notificationApi.subscribe(
      engine.identity,
      'process_ended',
      ({ processInstanceId }) => void seen.push(engine.state(processInstanceId)),
    );
    await engine.start('P');
    await engine.finish('U');
    const [tasks, state] = await Promise.all(seen);
    expect(tasks).to.have.length(1);
    expect(state).to.equal('finished');
  });

  it('of a step whose commit failed are not sent', async () => {
    const storage = testStorage();
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('U').endEvent('E')], { storage });
    const { news } = await listen(engine);
    await engine.start('P');
    news();
    const [task] = await engine.tasks();
    const commit = storage.commit.bind(storage);
    storage.commit = () => Promise.reject(new Error('disk full'));
    await engine.finishTask(task!).catch(() => undefined);
    expect(news()).to.deep.equal([]);
    storage.commit = commit;
    await engine.finish('U');
    expect(news()).to.deep.equal(['user_task_finished U', 'process_ended E']);
  });

  it('reach a listener again and again, or once', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').endEvent('E')]);
    const calls = { each: 0, once: 0, removed: 0 };
    const { notificationApi } = engine.engine;
    await notificationApi.subscribe(engine.identity, 'process_ended', () => void (calls.each += 1));
    await notificationApi.subscribe(engine.identity, 'process_ended', () => void (calls.once += 1), true);
    const removed = await notificationApi.subscribe(engine.identity, 'process_ended', () => void (calls.removed += 1));
    await engine.start('P');
    await notificationApi.removeSubscription(engine.identity, removed);
    await notificationApi.removeSubscription(engine.identity, removed);
    await engine.start('P');
    expect(calls).to.deep.equal({ each: 2, once: 1, removed: 1 });
  });

  it('a listener that fails disturbs neither the engine nor other listeners', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').endEvent('E')]);
    const { notificationApi } = engine.engine;
    const heard: string[] = [];
    await notificationApi.subscribe(engine.identity, 'process_ended', () => {
      throw new Error('listener broke');
    });
    await notificationApi.subscribe(
      engine.identity,
      'process_ended',
      () => Promise.reject(new Error('listener broke later')) as never,
    );
    await notificationApi.subscribe(
      engine.identity,
      'process_ended',
      ({ processModelId }) => void heard.push(processModelId),
    );
    const { endEventId } = await engine.call('P');
    expect(endEventId).to.equal('E');
    expect(heard).to.deep.equal(['P']);
    expect(engine.log.filter(({ level }) => level === 'warn')).to.have.length(2);
  });

  it("of an owner's tasks reach only the owner", async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('U').endEvent('E')]);
    const heard: string[] = [];
    const { notificationApi, consumerApi } = engine.engine;
    for (const user of ['ada', 'bob']) {
      await notificationApi.subscribe(identity(user), 'user_task_waiting/ada/user_id', () => void heard.push(user));
    }
    await consumerApi.startProcessInstance(identity('ada'), 'P');
    await consumerApi.startProcessInstance(identity('bob'), 'P');
    expect(heard).to.deep.equal(['ada']);
  });

  it('of the start of one model come under its name', async () => {
    const engine = await scenario([
      processBuilder('P').startEvent('S').endEvent('E'),
      processBuilder('Q').startEvent('QS').endEvent('QE'),
    ]);
    const heard: string[] = [];
    await engine.engine.notificationApi.subscribe(
      engine.identity,
      '/process_instance_started/P',
      ({ processModelId }) => void heard.push(processModelId),
    );
    await engine.start('P');
    await engine.start('Q');
    expect(heard).to.deep.equal(['P']);
  });
});

describe('Families of notifications', () => {
  const MODEL = processBuilder('P')
    .root('signal', 'G')
    .root('message', 'M')
    .startEvent('S')
    .scriptTask('Script', 'return { x: 1 };')
    .node('intermediateThrowEvent', 'T', {}, definitions.signal('G'))
    .subProcess('SP', (inner) => inner.startEvent('IS').endEvent('IE'))
    .userTask('U')
    .endEvent('E', definitions.message('M'));

  /** `event_key kind flow-node` of what comes under the name. */
  async function family(engine: Scenario, name: string, filter?: NotificationFilter) {
    const heard: string[] = [];
    const callback = (payload: NotificationPayload) => {
      const { event_key, kind, flowNodeId = '-' } = payload as FamilyPayload;
      heard.push(`${event_key} ${kind} ${flowNodeId}`);
    };
    await engine.engine.notificationApi.subscribe(engine.identity, name, callback, false, filter);
    return heard;
  }

  it('tell of events, activities, instances, signals and messages, each of its own', async () => {
    const engine = await scenario([MODEL]);
    const [bpmn, activities, system, signals, messages] = [
      await family(engine, 'bpmn_event'),
      await family(engine, 'activity_changed'),
      await family(engine, 'system_event'),
      await family(engine, 'signal_triggered'),
      await family(engine, 'message_triggered'),
    ];
    await engine.start('P');
    await engine.finish('U');
    await engine.signal('by the API');

    expect(bpmn).to.deep.equal([
      'S process_started S',
      'T intermediate_throw_event_triggered T',
      'IE end_event_reached IE',
      'E end_event_reached E',
    ]);
    expect(activities).to.deep.equal([
      'started activity_reached Script',
      'finished activity_finished Script',
      'started activity_reached SP',
      'finished activity_finished SP',
      'started user_task_waiting U',
      'finished user_task_finished U',
    ]);
    expect(system).to.deep.equal([
      'ProcessInstanceStarted process_started S',
      'ProcessInstanceFinishedSuccessfully process_ended E',
    ]);
    expect(signals).to.deep.equal(['G signal_triggered T', 'by the API signal_triggered -']);
    expect(messages).to.deep.equal(['M message_triggered E']);
  });

  it('can be filtered by model, correlation, element and name', async () => {
    const engine = await scenario([MODEL, processBuilder('Q').startEvent('S').endEvent('E')]);
    const [model, correlation, element, name] = [
      await family(engine, 'system_event', { processModelId: 'Q' }),
      await family(engine, 'system_event', { correlationId: 'c' }),
      await family(engine, 'activity_changed', { flowNodeId: 'U' }),
      await family(engine, 'signal_triggered', { eventName: 'another' }),
    ];
    await engine.start('P');
    await engine.call('Q', {}, { correlationId: 'c' });
    await engine.start('Q');
    await engine.signal('another');

    const [started, ended] = [
      'ProcessInstanceStarted process_started S',
      'ProcessInstanceFinishedSuccessfully process_ended E',
    ];
    expect(model).to.deep.equal([started, ended, started, ended]);
    expect(correlation).to.deep.equal([started, ended]);
    expect(element).to.deep.equal(['started user_task_waiting U']);
    expect(name).to.deep.equal(['another signal_triggered -']);
  });
});

describe('The event log', () => {
  it('keeps the kinds it is told to, in the order of each instance', async () => {
    const engine = await scenario([processBuilder('P').startEvent('S').userTask('U').endEvent('E')], {
      eventLog: ['process_started', 'process_ended'],
    });
    const { processInstanceId } = await engine.start('P');
    await engine.finish('U');
    const events = await engine.storage.readEvents(0, 100);
    expect(events.map(({ kind }) => kind)).to.deep.equal(['process_started', 'process_ended']);
    expect(events[0]).to.deep.include({ processInstanceId, createdAt: engine.clock.now() });
    expect(events[0]!.payload).to.include({ ownerId: 'tester', lanes: '[]', processModelId: 'P' });
  });

  it('keeps all or nothing', async () => {
    const model = processBuilder('P').startEvent('S').userTask('U').endEvent('E');
    for (const [eventLog, count] of [
      ['all', 5],
      ['none', 0],
    ] as const) {
      const engine = await scenario([model], { eventLog });
      await engine.start('P');
      await engine.finish('U');
      expect(await engine.storage.readEvents(0, 100)).to.have.length(count);
    }
  });
});
