/**
 * Who may work on a user task whose lane is open to him: its assignee; while it has none, its candidates, by name or by
 * group; if it has no candidates either, everybody. Super admins pass.
 */
import { ForbiddenError, type IIdentity } from '@process-engine/contracts';
import type { UserTaskRecord } from '@process-engine/contracts/storage';
import type { Access } from './access.js';

export class TaskRights {
  constructor(private readonly access: Access) {}

  async ensureMayWork(identity: IIdentity, task: UserTaskRecord): Promise<void> {
    if (task.assignee === identity.userId || (await this.access.isSuperAdmin(identity))) return;
    if (task.assignee !== null) throw notTheAssignee(task);
    await this.ensureCandidate(identity, task);
  }

  async ensureCandidate(identity: IIdentity, task: UserTaskRecord): Promise<void> {
    const { candidateUsers, candidateGroups } = task;
    if (candidateUsers.length === 0 && candidateGroups.length === 0) return;
    if (candidateUsers.includes(identity.userId) || (await this.access.isSuperAdmin(identity))) return;
    if ((await this.access.memberships(identity, candidateGroups)).length > 0) return;
    const message = `Access denied: you are no candidate for the user task '${task.flowNodeId}'`;
    throw new ForbiddenError(message, { reason: 'not-a-candidate' });
  }

  async ensureAssignee(identity: IIdentity, task: UserTaskRecord): Promise<void> {
    if (task.assignee !== identity.userId && !(await this.access.isSuperAdmin(identity))) throw notTheAssignee(task);
  }
}

function notTheAssignee({ flowNodeId }: UserTaskRecord): Error {
  const message = `Access denied: the user task '${flowNodeId}' is assigned to somebody else`;
  return new ForbiddenError(message, { reason: 'not-the-assignee' });
}
