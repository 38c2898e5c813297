import assert from 'node:assert/strict';
import {
  BadRequestError,
  NotFoundError,
  RequestConflictError,
  UnprocessableEntityError,
} from '@process-engine/contracts';
import { rejects, unique } from './api-user.js';
import { definitions, line, process, serviceTaskWithoutBinding, task, userTask } from './models.js';
import type { SuiteContext } from './suite-context.js';

export function deploymentCases(context: SuiteContext): void {
  versionCases(context);
  refusalCases(context);
  olderWayCases(context);
  deletionCases(context);
}

function versionCases({ it }: SuiteContext): void {
  it('a deployment tells what it made', async (user) => {
    const [first, second] = [unique('First'), unique('Second')];
    const deployment = await user.deploy(line(first), line(second));

    assert.equal(typeof deployment.deploymentId, 'string');
    assert.deepEqual(
      deployment.definitions.map(({ processModelId, version, new: isNew }) => ({ processModelId, version, isNew })),
      [first, second].map((processModelId) => ({ processModelId, version: 1, isNew: true })),
    );
    assert.deepEqual(deployment.findings, []);
  });

  it('the same text again makes no new version, another text does', async (user) => {
    const id = unique('Model');
    const [first] = (await user.deploy(line(id))).definitions;
    const [again] = (await user.deploy(line(id))).definitions;
    const [changed] = (await user.deploy(line(id, [userTask('Added')]))).definitions;

    assert.deepEqual(again, { ...first, new: false });
    assert.deepEqual([changed!.version, changed!.new], [2, true]);
    assert.notEqual(changed!.hash, first!.hash);
  });

  it('definitions are listed by version, and each can be had with its text', async (user) => {
    const id = unique('Model');
    const text = line(id);
    const { deploymentId } = await user.deploy(text);
    await user.deploy(line(id, [userTask('Added')]));
    const { getDefinitions } = user.management;

    const all = await getDefinitions(user.identity, { processModelId: id });
    assert.equal(all.totalCount, 2);
    assert.deepEqual(all.definitions.map(({ version }) => version).sort(), [1, 2]);
    assert.ok(all.definitions.every((definition) => definition.xml === undefined && definition.executable));
    const page = await getDefinitions(user.identity, { processModelId: id }, 1, 1);
    assert.deepEqual([page.definitions.length, page.totalCount], [1, 2]);
    const latest = await getDefinitions(user.identity, { processModelId: id, latest: true });
    assert.deepEqual(
      latest.definitions.map(({ version }) => version),
      [2],
    );

    const first = (await getDefinitions(user.identity, { deploymentId })).definitions[0]!;
    const definition = await user.management.getDefinition(user.identity, first.id);
    assert.deepEqual(definition, { ...first, xml: text });
    assert.match(definition.createdAt, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    await rejects(user.management.getDefinition(user.identity, 'unknown'), NotFoundError, /unknown/);
  });
}

function refusalCases({ it }: SuiteContext): void {
  it('a finding that is no error is told and refuses nothing', async (user) => {
    const { findings } = await user.deploy(line(unique('Model'), [task('Untyped')]));
    const finding = findings.find(({ elementId }) => elementId === 'Untyped');
    assert.ok(finding !== undefined && finding.severity !== 'error', JSON.stringify(findings));
  });

  it('files are deployed together or not at all', async (user) => {
    const [good, bad] = [unique('Good'), unique('Bad')];
    const call = user.deploy(line(good), line(bad, [serviceTaskWithoutBinding('Unbound')]));

    const error = await rejects(call, UnprocessableEntityError, /./);
    const { findings } = error.additionalInformation as { findings: { severity: string; elementId?: string }[] };
    assert.ok(findings.some(({ severity, elementId }) => severity === 'error' && elementId === 'Unbound'));
    await rejects(user.consumer.getProcessModelById(user.identity, good), NotFoundError, /not found/i);
  });

  it('what is no BPMN is refused', async (user) => {
    for (const text of ['no xml', '<bpmn:definitions', '<html></html>', definitions(), '']) {
      await rejects(user.deploy(text), UnprocessableEntityError, /./);
    }
  });

  it('a deployment without files, or with something else than texts, is a bad request', async (user) => {
    const deploy = (request: unknown) => user.management.deploy(user.identity, request as never);
    for (const request of [{}, { files: [] }, { files: 'text' }])
      await rejects(deploy(request), BadRequestError, /files/);
    await rejects(deploy({ files: [{ name: 'a.bpmn' }] }), BadRequestError, /xml/);
    await rejects(deploy({ files: [{ xml: line(unique('Model')) }] }), BadRequestError, /name/);
  });
}

function olderWayCases({ it }: SuiteContext): void {
  it('a model can be deployed by its id, and overwritten only where that is allowed', async (user) => {
    const id = unique('Model');
    const update = (xml: string, overwriteExisting?: boolean) =>
      user.management.updateProcessModel(user.identity, id, { xml, overwriteExisting });

    assert.equal(await update(line(id), false), undefined);
    await rejects(update(line(id, [userTask('Added')]), false), RequestConflictError, new RegExp(id));
    await update(line(id, [userTask('Added')]));
    assert.equal((await user.management.getDefinitions(user.identity, { processModelId: id })).totalCount, 2);
    await rejects(update(line(unique('Other'))), UnprocessableEntityError, new RegExp(id));
    await rejects(update(undefined as never), BadRequestError, /xml/);
  });
}

function deletionCases({ it }: SuiteContext): void {
  it('a deleted model cannot be started, and its instances go on', async (user) => {
    const id = unique('Model');
    await user.deploy(definitions(process(id, [userTask('Approve')])));
    const { processInstanceId } = await user.start(id);
    await user.management.deleteProcessModel(user.identity, id);

    await rejects(user.start(id), NotFoundError, /not found/i);
    await rejects(user.consumer.getProcessModelById(user.identity, id), NotFoundError, /not found/i);
    await rejects(user.management.deleteProcessModel(user.identity, id), NotFoundError, new RegExp(id));
    const { userTasks } = await user.consumer.getUserTasksForProcessInstance(user.identity, processInstanceId);
    const [{ correlationId, flowNodeInstanceId }] = userTasks as [(typeof userTasks)[number]];
    await user.consumer.finishUserTask(user.identity, processInstanceId, correlationId, flowNodeInstanceId);
    assert.equal(await user.state(processInstanceId), 'finished');
  });

  it('a deleted model that is deployed again is a new version', async (user) => {
    const id = unique('Model');
    const xml = definitions(process(id, [userTask('Approve')]));
    await user.deploy(xml);
    await user.management.deleteProcessModel(user.identity, id);
    const { definitions: deployed } = await user.deploy(xml);
    assert.deepEqual(
      deployed.map(({ version, new: isNew }) => [version, isNew]),
      [[2, true]],
    );
    await user.start(id);
  });
}
