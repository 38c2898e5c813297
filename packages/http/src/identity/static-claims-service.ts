import { BadRequestError, CLAIMS, ForbiddenError, type IIAMService, type IIdentity } from '@process-engine/contracts';

/** User id of the token `ZHVtbXlfdG9rZW4=` (base64 of `dummy_token`), which samples and tests use. */
export const DUMMY_USER_ID = 'dummy_token';

/** What somebody who works with processes needs; nothing that manages, writes, deletes or terminates. */
export const ORDINARY_CLAIMS: readonly string[] = [
  CLAIMS.readProcessModel,
  CLAIMS.accessExternalTasks,
  CLAIMS.subscribeToEvents,
  CLAIMS.triggerMessages,
  CLAIMS.triggerSignals,
];

export interface StaticClaimsOptions {
  /** True: the dummy token's user has every claim. Default false: it is a user like any other. */
  readonly allowGodToken?: boolean;
  /** True: a user has the listed claims and no others. Default false: everybody has `ORDINARY_CLAIMS` besides. */
  readonly strict?: boolean;
}

/**
 * Claims from a fixed table, user id → claims. A claim is the name of a lane or one of `CLAIMS`.
 *
 * | user | claims |
 * |---|---|
 * | listed | those listed, and `ORDINARY_CLAIMS` unless `strict` |
 * | not listed | `ORDINARY_CLAIMS` unless `strict`, no lanes |
 * | `dummy_token` with `allowGodToken` | all |
 */
export class StaticClaimsService implements IIAMService {
  readonly #claims: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #common: ReadonlySet<string>;

  constructor(
    claimConfig: Readonly<Record<string, readonly string[]>>,
    private readonly options: StaticClaimsOptions = {},
  ) {
    this.#claims = new Map(Object.entries(claimConfig).map(([userId, claims]) => [userId, new Set(claims)]));
    this.#common = new Set(options.strict === true ? [] : ORDINARY_CLAIMS);
  }

  /** BadRequestError: no identity or no claim is given. ForbiddenError: the user does not have the claim. */
  async ensureHasClaim(identity: IIdentity, claimName: string): Promise<void> {
    if (typeof identity?.userId !== 'string' || identity.userId === '')
      throw new BadRequestError('identity is required');
    if (typeof claimName !== 'string' || claimName === '') throw new BadRequestError('claimName is required');
    const { userId } = identity;
    if (this.options.allowGodToken === true && userId === DUMMY_USER_ID) return;
    if (this.#common.has(claimName) || this.#claims.get(userId)?.has(claimName) === true) return;
    throw new ForbiddenError(`access denied: user '${userId}' does not have the claim '${claimName}'`, {
      reason: 'claim-missing',
    });
  }
}
