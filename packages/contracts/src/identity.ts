/** Who calls. `token` is the bearer token of the caller's own request; it is `''` wherever the engine hands out identities. */
export interface IIdentity {
  readonly token: string;
  readonly userId: string;
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
  writeProcessModel: 'can_write_process_model',
  deleteProcessModel: 'can_delete_process_model',
  accessExternalTasks: 'can_access_external_tasks',
  subscribeToEvents: 'can_subscribe_to_events',
  triggerMessages: 'can_trigger_messages',
  triggerSignals: 'can_trigger_signals',
  terminateProcess: 'can_terminate_process',
  readCronjobHistory: 'can_read_cronjob_history',
} as const;

/** The user id of the engine itself, owner of instances that timers start. Never accepted from outside. */
export const INTERNAL_USER_ID = 'ProcessEngineInternalUser';
