import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import type { FlowNodeInstanceRecord } from '@process-engine/contracts/storage';
import { rejection } from '../support/rejection.js';
import { CALLED, CALLER, CONTINUING, journey, RECEIVER, SERVING, timed } from './crash-models.js';
import {
  deploy,
  driveTo,
  driveToEnd,
  finishExternalTask,
  finishUserTask,
  IDENTITY,
  instancesOf,
  lockTasks,
  nodeInstance,
  notesOf,
  outcomeOf,
  quiet,
  type Outcome,
} from './drive.js';
import type { Death } from './dying-storage.js';
import { EngineLives } from './engine-lives.js';
import { until } from './until.js';

/** One process and one correlation in which something is done at a deadly moment. */
interface Scene {
  readonly lives: EngineLives;
  readonly processModelId: string;
  readonly correlationId: string;
}

type Outcomes = readonly Outcome[];

interface Operation {
  readonly what: string;
  readonly processModelId: string;
  /** Brings the instance to where the operation is next; operations that begin with the start have none. */
  readonly bring?: (scene: Scene) => Promise<unknown>;
  /** What a caller does. Whatever follows from it is the engine's own work. */
  readonly act: (scene: Scene) => Promise<unknown>;
  /** The commit after `act` in which the engine does the operation by itself. Absent: the caller's own, the first. */
  readonly engineCommit?: number;
  /** What a caller is told who acts again although it was done. */
  readonly again?: (scene: Scene, act: () => Promise<unknown>) => Promise<void>;
}

const OPERATIONS: readonly Operation[] = [
  { what: 'the start of an instance', processModelId: 'journey', act: start },
  {
    what: 'finishing a user task',
    processModelId: 'journey',
    bring: (scene) => bringTo(scene, 'approve'),
    act: async (scene) => finishUserTask(scene.lives, await taskOf(scene, 'approve')),
    again: refused(404),
  },
  {
    what: 'finishing an external task',
    processModelId: 'journey',
    bring: async (scene) => {
      await bringTo(scene, 'pack');
      await lockTasks(scene.lives, 'pack');
    },
    act: async (scene) => finishExternalTask(scene.lives, (await taskOf(scene, 'pack')).id),
    again: refused(410),
  },
  {
    what: 'the firing of a timer',
    processModelId: 'journey',
    bring: (scene) => bringTo(scene, 'rest'),
    act: ({ lives }) => lives.advanceTo(lives.now() + 3_600_000),
    engineCommit: 1,
  },
  { what: 'the start of a called process', processModelId: 'caller', act: start, engineCommit: 2 },
  {
    what: 'the return from a called process',
    processModelId: 'caller',
    bring: bringToCalled,
    act: async (scene) => finishUserTask(scene.lives, (await calledTask(scene))!),
    engineCommit: 2,
  },
  {
    what: 'the termination of a called process, whose caller was terminated',
    processModelId: 'caller',
    bring: bringToCalled,
    act: async (scene) => {
      const id = await idOf(scene);
      return scene.lives.engine.managementApi.terminateProcessInstance(IDENTITY, id);
    },
    engineCommit: 2,
  },
  {
    what: 'the delivery of a message',
    processModelId: 'receiver',
    bring: (scene) => bringTo(scene, 'payment'),
    act: ({ lives }) => lives.engine.managementApi.publishMessage(IDENTITY, { name: 'paid', payload: { sum: 7 } }),
    again: async (_, act) => {
      expect(await act()).to.deep.equal({ deliveredTo: [] });
    },
  },
  { what: "the taking of a service's result", processModelId: 'serving', act: start, engineCommit: 2 },
  { what: 'an asynchronous continuation', processModelId: 'continuing', act: start, engineCommit: 2 },
];

describe('an engine process that is killed around a commit', function () {
  this.timeout(20_000);
  let lives: EngineLives;
  const undisturbed = new Map<Operation, Outcomes>();

  before(async () => {
    lives = new EngineLives();
    await lives.begin();
    await deploy(lives, journey('journey'), CALLER, CALLED, RECEIVER, SERVING, CONTINUING);
    for (const operation of OPERATIONS) {
      const scene = await sceneOf(operation);
      await operation.act(scene);
      await driveToEnd(lives, await idOf(scene));
      undisturbed.set(operation, await outcomes(scene));
    }
  });

  after(() => lives.end());

  for (const operation of OPERATIONS) {
    const { what, engineCommit, act, again } = operation;

    it(`has done nothing before the commit of ${what}; after the restart it is done, once`, async () => {
      const scene = await sceneOf(operation);
      const untouched = await outcomes(scene);
      await dieAt('before', operation, scene);
      if (engineCommit === undefined) {
        expect(await outcomes(scene)).to.deep.equal(untouched);
        await act(scene);
      }
      await expectUndisturbed(operation, scene);
    });

    it(`has done it after the commit of ${what}, though nobody was told, and does it no second time`, async () => {
      const scene = await sceneOf(operation);
      await dieAt('after', operation, scene);
      if (again !== undefined) await again(scene, () => act(scene));
      await expectUndisturbed(operation, scene);
      const notes = notesOf(lives, await idOf(scene));
      expect(notes).to.deep.equal([...new Set(notes)]);
    });
  }

  for (const moment of ['before', 'after'] as const) {
    it(`starts one instance by a timer when it is killed ${moment} the commit of its start`, async () => {
      await deploy(lives, timed(`timed-${moment}`));
      await lives.engine.control.dieAt({ moment, commit: 1 });
      await Promise.allSettled([lives.advanceTo(lives.now() + 3_600_000)]);
      await lives.revive();
      const filter = { tenantId: '', processModelId: `timed-${moment}` };
      const started = () => lives.engine.storage.findProcessInstances(filter);
      await until('the timer has started an instance', async () => (await started()).items[0]);
      await quiet(lives);
      expect((await started()).items.map(({ state }) => state)).to.deep.equal(['finished']);
      expect(await lives.engine.storage.findJobs({ tenantId: '', kinds: ['start-timer'] })).to.have.property(
        'totalCount',
        0,
      );
    });
  }

  it('makes no second version of a model that is deployed again because nobody was told', async () => {
    await lives.engine.control.dieAt({ moment: 'after', commit: 1 });
    await Promise.allSettled([deploy(lives, journey('deployed-twice'))]);
    await lives.revive();
    const { definitions } = await deploy(lives, journey('deployed-twice'));
    expect(definitions).to.have.length(1);
    expect(definitions[0]).to.include({ version: 1, new: false });
  });

  async function sceneOf({ processModelId, bring }: Operation): Promise<Scene> {
    const scene = { lives, processModelId, correlationId: randomUUID() };
    if (bring === undefined) return scene;
    await start(scene);
    await bring(scene);
    return scene;
  }

  async function dieAt(moment: Death['moment'], { act, engineCommit = 1 }: Operation, scene: Scene): Promise<void> {
    await lives.engine.control.idle();
    await lives.engine.control.dieAt({ moment, commit: engineCommit });
    await Promise.allSettled([act(scene)]);
    await lives.revive();
  }

  /** One instance (and the one it called) that came to the same end as without a kill. */
  async function expectUndisturbed(operation: Operation, scene: Scene): Promise<void> {
    await driveToEnd(lives, await idOf(scene));
    expect(await outcomes(scene)).to.deep.equal(undisturbed.get(operation));
    expect(await lives.engine.control.audit()).to.deep.equal([]);
  }
});

/** How the scene's instances stand, and those they called. */
async function outcomes({ lives, correlationId, processModelId }: Scene): Promise<Outcomes> {
  const instances = await instancesOf(lives, correlationId, processModelId);
  const called = await instancesOf(lives, correlationId, 'called');
  return Promise.all([...instances, ...called].map(({ id }) => outcomeOf(lives, id)));
}

/** The caller waits for the called process, which waits for a person. */
async function bringToCalled(scene: Scene): Promise<void> {
  await bringTo(scene, 'call');
  await until('the called process waits', () => calledTask(scene));
}

async function start({ lives, processModelId, correlationId }: Scene): Promise<unknown> {
  return lives.engine.consumerApi.startProcessInstance(IDENTITY, processModelId, { correlationId });
}

async function bringTo(scene: Scene, flowNodeId: string): Promise<FlowNodeInstanceRecord> {
  return driveTo(scene.lives, await idOf(scene), flowNodeId);
}

async function idOf({ lives, correlationId, processModelId }: Scene): Promise<string> {
  const [instance] = await instancesOf(lives, correlationId, processModelId);
  if (instance === undefined) throw new Error(`there is no instance of '${processModelId}'`);
  return instance.id;
}

async function taskOf(scene: Scene, flowNodeId: string): Promise<FlowNodeInstanceRecord> {
  return (await nodeInstance(scene.lives, await idOf(scene), flowNodeId))!;
}

async function calledTask({ lives, correlationId }: Scene): Promise<FlowNodeInstanceRecord | undefined> {
  const [called] = await instancesOf(lives, correlationId, 'called');
  return called === undefined ? undefined : nodeInstance(lives, called.id, 'inner');
}

function refused(code: number) {
  return async (_: Scene, act: () => Promise<unknown>): Promise<void> => {
    expect(await rejection(act())).to.have.property('code', code);
  };
}
