import type { ApplicationInfo } from '@process-engine/contracts';
import type { ServiceRuntime } from '../runtime/within-transaction.js';
import type { Access } from './access.js';
import type { FormValidation } from './form-values.js';

/** What the services work with. */
export interface ServiceOptions {
  readonly runtime: ServiceRuntime;
  readonly access: Access;
  /** Told by `getApplicationInfo`. */
  readonly applicationInfo: ApplicationInfo;
  readonly formValidation: FormValidation;
}
