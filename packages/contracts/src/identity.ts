/** Who calls. `token` is the bearer token of the caller's own request; it is `''` wherever the engine hands out identities. */
export interface IIdentity {
  readonly token: string;
  readonly userId: string;
  /** Whose definitions, instances and tasks the user works with; those of others do not exist for it. Default: `''`. */
  readonly tenantId?: string | undefined;
  /** Groups the user belongs to, as the token names them. */
  readonly groups?: readonly string[] | undefined;
  /** Claims the token itself carries (see `CLAIMS`; a lane's name is one, too). Rights are asked of the `IIAMService`. */
  readonly claims?: readonly string[] | undefined;
  /** When the token ends, ms since 1970. Subscriptions receive nothing from then on. Absent: never. */
  readonly expiresAt?: number | undefined;
}

/** The tenant all calls of an identity are limited to. */
export function tenantOf(identity: IIdentity | undefined): string {
  return identity?.tenantId ?? '';
}

/** Turns a bearer token into an identity. Rejects with an UnauthorizedError or BadRequestError. */
export interface IIdentityService {
  getIdentity(token: string): Promise<IIdentity>;
}

/** Answers whether an identity has a claim; rejects with a ForbiddenError where it has not. */
export interface IIAMService {
  ensureHasClaim(identity: IIdentity, claimName: string): Promise<void>;
}

/** Names of the claims the engine asks for; besides them every lane's name is a claim. */
export const CLAIMS = {
  superAdmin: 'can_manage_process_instances',
  readProcessModel: 'can_read_process_model',
  readProcessInstances: 'can_read_process_instances',
  writeProcessModel: 'can_write_process_model',
  deleteProcessModel: 'can_delete_process_model',
  accessExternalTasks: 'can_access_external_tasks',
  subscribeToEvents: 'can_subscribe_to_events',
  triggerMessages: 'can_trigger_messages',
  triggerSignals: 'can_trigger_signals',
  assignUserTasks: 'can_assign_user_tasks',
  terminateProcess: 'can_terminate_process',
  readCronjobHistory: 'can_read_cronjob_history',
  readAuditLog: 'can_read_audit_log',
} as const;

/** The user id of the engine itself, owner of instances that timers start. Never accepted from outside. */
export const INTERNAL_USER_ID = 'ProcessEngineInternalUser';
