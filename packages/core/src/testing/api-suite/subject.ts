import type { EngineApi, IIdentity } from '@process-engine/contracts';

/** What the suite is run on: an accessor to an engine that logs all events, and an identity that may do everything. */
export interface ApiSuiteSubject {
  readonly api: EngineApi;
  readonly identity: IIdentity;
  /** Where the engine's time can be moved; without it the cases that need time are skipped. */
  readonly clock?: {
    /** Lets time pass and carries out what becomes due. Milliseconds. */
    advance(milliseconds: number): Promise<void>;
  };
  dispose(): Promise<void>;
}
