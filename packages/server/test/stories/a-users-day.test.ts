import { expect } from 'chai';
import { ConsumerApiClient, ExternalAccessor, ManagementApiClient } from '@process-engine/client';
import type { BadRequestError, IIdentity } from '@process-engine/contracts';
import { createServer, type Server } from '@process-engine/server';
import { rejection } from '../support/rejection.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

const EXPENSES = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://example.org">
  <bpmn:process id="expenses" isExecutable="true">
    <bpmn:startEvent id="Start" />
    <bpmn:sequenceFlow id="Flow_1" sourceRef="Start" targetRef="Check" />
    <bpmn:userTask id="Check" name="Check the expenses" camunda:candidateGroups="accounting" camunda:dueDate="\${due}" camunda:priority="\${priority}">
      <bpmn:extensionElements>
        <camunda:formData>
          <camunda:formField id="decision" type="enum" label="Decision">
            <camunda:value id="pay" name="Pay" />
            <camunda:value id="refuse" name="Refuse" />
            <camunda:validation><camunda:constraint name="required" /></camunda:validation>
          </camunda:formField>
          <camunda:formField id="amount" type="number" label="Amount to pay">
            <camunda:validation><camunda:constraint name="min" config="0" /><camunda:constraint name="max" config="500" /></camunda:validation>
          </camunda:formField>
        </camunda:formData>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Check" targetRef="End" />
    <bpmn:endEvent id="End" />
  </bpmn:process>
</bpmn:definitions>`;

const user = (name: string): IIdentity => ({ userId: name, token: Buffer.from(name).toString('base64') });
const [ann, bob, eve, boss] = ['ann', 'bob', 'eve', 'boss'].map(user) as [IIdentity, IIdentity, IIdentity, IIdentity];

type BadRequest = InstanceType<typeof BadRequestError>;

describe('A day of people who work on user tasks', () => {
  let folder: TemporaryFolder;
  let server: Server;
  let accessor: ExternalAccessor;
  let client: ConsumerApiClient;

  before(async () => {
    folder = new TemporaryFolder();
    const claimConfig = {
      ann: ['accounting'],
      bob: ['accounting'],
      boss: ['can_write_process_model', 'can_assign_user_tasks'],
    };
    const configuration = { consumer_api_core: { consumer_api_iam_service: { claimConfig } } };
    server = createServer({ dataFolder: folder.path, configuration, port: 0 });
    await server.start();
    accessor = new ExternalAccessor({ url: server.url });
    client = new ConsumerApiClient(accessor);
    const files = [{ name: 'expenses.bpmn', xml: EXPENSES }];
    await new ManagementApiClient(accessor).deploy(boss, { files });
  });

  after(async () => {
    accessor.close();
    await server.stop();
    folder.remove();
  });

  const expenses = (due: string, priority: number) =>
    client.startProcessInstance(eve, 'expenses', { inputValues: { due, priority } });

  it('in accounting', async () => {
    // In the night, others have handed in their expenses.
    await expenses('2031-03-02', 10);
    const { processInstanceId, correlationId } = await expenses('2031-03-01', 50);

    // Ann has nothing of her own to do. Her group has: she looks at what is due first.
    expect((await client.getUserTasks(ann, { role: 'assignee' })).totalCount).to.equal(0);
    const forUs = await client.getUserTasks(ann, { role: 'candidate', sortBy: 'dueDate' });
    expect(forUs.userTasks.map(({ name, dueDate }) => `${name}, due ${dueDate?.slice(0, 10)}`)).to.deep.equal([
      'Check the expenses, due 2031-03-01',
      'Check the expenses, due 2031-03-02',
    ]);
    const { flowNodeInstanceId: id } = forUs.userTasks[0]!;

    // She takes it. It is hers now, and no longer in the list of her colleagues.
    await client.claimUserTask(ann, id);
    expect((await client.getUserTasks(ann, { role: 'assignee' })).userTasks[0]?.flowNodeInstanceId).to.equal(id);
    expect((await client.getUserTasks(bob, { role: 'candidate' })).totalCount).to.equal(1);
    expect(await rejection(client.claimUserTask(bob, id))).to.include({ code: 409, reason: 'user-task-assigned' });

    // Eve, who wants her money, is not in accounting.
    const finish = (identity: IIdentity, formFields: Record<string, unknown>) =>
      client.finishUserTask(identity, processInstanceId!, correlationId, id, { formFields });
    expect((await client.getUserTasks(eve, { role: 'any' })).totalCount).to.equal(0);
    expect(await rejection(finish(eve, { decision: 'pay', amount: 500 }))).to.include({ code: 403 });

    // Ann fills in the form, first wrongly …
    const mistake = (await rejection(finish(ann, { decision: 'later', amount: 700 }))) as BadRequest;
    expect(mistake).to.include({ code: 400, reason: 'form-fields-invalid' });
    expect(mistake.additionalInformation).to.deep.equal({
      invalidFields: [
        { id: 'decision', message: 'must be one of pay, refuse' },
        { id: 'amount', message: 'must be at most 500' },
      ],
    });

    // … has to go, and gives the task back. The boss gives it to Bob.
    await client.unclaimUserTask(ann, id);
    await client.updateUserTask(boss, id, { assignee: 'bob', followUpDate: '2031-02-28T08:00:00Z' });

    // Bob finds it among his own and finishes it.
    const [his] = (await client.getUserTasks(bob, { role: 'assignee' })).userTasks;
    expect(his).to.include({ flowNodeInstanceId: id, followUpDate: '2031-02-28T08:00:00.000Z' });
    await finish(bob, { decision: 'pay', amount: 300 });
    expect((await client.getUserTasks(bob, { role: 'assignee' })).totalCount).to.equal(0);
    const { correlationResults } = await client.getProcessResultForCorrelation(eve, correlationId, 'expenses');
    expect(correlationResults[0]?.tokenPayload).to.deep.equal({ form_fields: { decision: 'pay', amount: 300 } });
  });
});
