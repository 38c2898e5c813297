import type { Configuration } from '@process-engine/server';
import { createServer, type Server } from '@process-engine/server';
import { definitions, processBuilder } from '@process-engine/core/testing';
import { TemporaryFolder } from '../support/temporary-folder.js';
import { type Actor, AUDIENCE, identityOf, ISSUER, LANE, SECRET } from './actors.js';

const MODEL = 'Laned';
const NODES = ['S', 'Split', 'Done', 'U', 'M', 'T', 'X', 'C', 'G', 'W', 'AH', 'Inner', 'F', 'E'];

/** One instance of it waits for everything there is to wait for, has a result and has failed. */
function laned(): string {
  const refs = NODES.map((id) => `<bpmn:flowNodeRef>${id}</bpmn:flowNodeRef>`).join('');
  const process = processBuilder(MODEL)
    .root('message', 'Mail')
    .root('signal', 'Go')
    .xml(`<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="${LANE}">${refs}</bpmn:lane></bpmn:laneSet>`)
    .startEvent('S')
    .parallelGateway('Split')
    .endEvent('Done');
  const branch = () => process.from('Split');
  branch().userTask('U').endEvent('E');
  branch().node('manualTask', 'M').to('E');
  branch().node('task', 'T').to('E');
  branch().externalTask('X', 'work').to('E');
  branch().node('intermediateCatchEvent', 'C', {}, definitions.message('Mail')).to('E');
  branch().node('intermediateCatchEvent', 'G', {}, definitions.signal('Go')).to('E');
  branch().node('intermediateCatchEvent', 'W', {}, definitions.timer('timeDuration', 'P60D')).to('E');
  branch().node('adHocSubProcess', 'AH', {}, '<bpmn:userTask id="Inner"/>').to('E');
  branch().scriptTask('F', 'throw new Error("broken")').to('E');
  return process.toXml();
}

const CONFIGURATION: Configuration = {
  process_engine: { engine: { onFailure: 'incident' } },
  iam: {
    iam_service: {
      auth: 'jwt',
      jwt: {
        issuer: ISSUER,
        audience: AUDIENCE,
        sharedSecret: SECRET,
        claims: { tenantId: 'tenant', claims: 'claims' },
      },
    },
  },
};

/** Ids by the names the routes give them. */
export type World = Readonly<Record<string, string>>;

/** A server over signed tokens, and instances in which everything waits. */
export class RightsServer {
  readonly #folder = new TemporaryFolder();
  readonly #server: Server;
  #worlds = 0;

  constructor() {
    this.#server = createServer({ configuration: CONFIGURATION, dataFolder: this.#folder.path, port: 0 });
  }

  get url(): string {
    return this.#server.url;
  }

  async start(): Promise<void> {
    await this.#server.start();
    await this.#deploy(laned());
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    this.#folder.remove();
  }

  /** A new instance of the owner, its external task locked by the worker `w` where it is reported on. */
  async world({ locked }: { readonly locked: boolean }): Promise<World> {
    const { consumerApi, managementApi, externalTaskApi } = this.#server.engine;
    const owner = identityOf('owner');
    this.#worlds += 1;
    const correlation = `correlation-${this.#worlds}`;
    const { processInstanceId } = await consumerApi.startProcessInstance(owner, MODEL, { correlationId: correlation });
    const { tasks } = await consumerApi.getSuspendedTasksForProcessInstance(owner, processInstanceId);
    const waiting = new Map(tasks.map(({ id, flowNodeInstanceId }) => [id, flowNodeInstanceId]));
    const { incidents } = await managementApi.getIncidents(owner, { processInstanceId });
    const { definitions: found } = await managementApi.getDefinitions(owner, { processModelId: MODEL, latest: true });
    const [work] = locked ? await externalTaskApi.fetchAndLockExternalTasks(owner, 'w', 'work', 1, 0, 60_000) : [];
    return {
      process_model_id: MODEL,
      process_instance_id: processInstanceId,
      correlation_id: correlation,
      user_task_instance_id: waiting.get('U')!,
      user_task_id: 'U',
      manual_task_instance_id: waiting.get('M')!,
      empty_activity_instance_id: waiting.get('T')!,
      external_task_id: work?.id ?? '',
      event_name: 'Mail',
      event_id: 'C',
      start_event_id: 'S',
      incident_id: incidents[0]!.id,
      flow_node_id: 'U',
      process_instance_state: 'running',
      crontab: '* * * * *',
      definition_id: found[0]!.id,
      xml: laned(),
    };
  }

  /** The model is there, whatever was done to it. */
  async restore(): Promise<void> {
    await this.#deploy(laned());
  }

  async #deploy(xml: string): Promise<void> {
    await this.#server.engine.managementApi.deploy(identityOf('superAdmin'), { files: [{ name: 'laned.bpmn', xml }] });
  }
}

export type { Actor };
