/**
 * Rights, asked at the API's edge only: inside a run nobody is asked. A lane is accessible to whoever has a claim of
 * its name; of nested lanes both the outer and the inner one are needed. Super admins pass all checks.
 */
import {
  BadRequestError,
  CLAIMS,
  ForbiddenError,
  isProcessEngineError,
  type IIAMService,
  type IIdentity,
} from '@process-engine/contracts';

export class Access {
  constructor(
    /** Undefined: the process is the trust boundary, every identity with a user id may do everything. */
    private readonly iamService: IIAMService | undefined,
  ) {}

  /** True: nobody has to be asked, everything is granted. */
  get grantsAll(): boolean {
    return this.iamService === undefined;
  }

  /** The identity is usable at all. */
  ensureIdentity(identity: IIdentity): void {
    if (typeof identity?.userId !== 'string' || identity.userId === '') {
      throw new BadRequestError('an identity with a userId is required', { reason: 'identity-missing' });
    }
  }

  /** Rejects with a ForbiddenError unless the identity has the claim or is a super admin. */
  async ensureClaim(identity: IIdentity, claim: string): Promise<void> {
    this.ensureIdentity(identity);
    if (this.iamService === undefined || (await this.isSuperAdmin(identity))) return;
    await this.iamService.ensureHasClaim(identity, claim);
  }

  async isSuperAdmin(identity: IIdentity): Promise<boolean> {
    return this.iamService === undefined || this.#has(identity, CLAIMS.superAdmin);
  }

  /** By the identity itself; if it knows of no groups, by a claim of the group's name, as with lanes. */
  async isMember(identity: IIdentity, group: string): Promise<boolean> {
    if (identity.groups !== undefined) return identity.groups.includes(group);
    return this.iamService !== undefined && this.#has(identity, group);
  }

  /** Those of the groups that the identity belongs to. */
  async memberships(identity: IIdentity, groups: readonly string[]): Promise<readonly string[]> {
    const belongs = await Promise.all(groups.map((group) => this.isMember(identity, group)));
    return groups.filter((_, index) => belongs[index]);
  }

  /** `lanes`: JSON array of lane names, outermost first. */
  async mayAccessLanes(identity: IIdentity, lanes: string): Promise<boolean> {
    if (lanes === '[]' || (await this.isSuperAdmin(identity))) return true;
    for (const lane of JSON.parse(lanes) as string[]) if (!(await this.#has(identity, lane))) return false;
    return true;
  }

  /** Those of the given values of `lanes` that the identity may see. */
  async accessibleLanes(identity: IIdentity, lanes: readonly string[]): Promise<readonly string[]> {
    if (this.iamService === undefined) return lanes;
    const accessible = await Promise.all(lanes.map((value) => this.mayAccessLanes(identity, value)));
    return lanes.filter((_, index) => accessible[index]);
  }

  async ensureLanes(identity: IIdentity, lanes: string, what: string): Promise<void> {
    if (!(await this.mayAccessLanes(identity, lanes)))
      throw new ForbiddenError(`Access denied: ${what} lies in a lane you have no claim for`, {
        reason: 'lane-access-denied',
      });
  }

  async #has(identity: IIdentity, claim: string): Promise<boolean> {
    try {
      await this.iamService!.ensureHasClaim(identity, claim);
      return true;
    } catch (error) {
      if (isProcessEngineError(error) && error.code === 403) return false;
      throw error;
    }
  }
}
