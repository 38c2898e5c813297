import { CLAIMS, type IIAMService, type IIdentity } from '@process-engine/contracts';
import { claimMissing, ensureQuestion } from './claim-question.js';

/** The token samples and tests use: base64 of `dummy_token`. */
export const DUMMY_TOKEN = 'ZHVtbXlfdG9rZW4=';
/** Its user. */
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
  /** Claims by group: whoever belongs to the group has them. */
  readonly groupClaims?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Claims from a fixed table, user id → claims, and those the identity's token and groups bring along. A claim is the name of a lane or one of `CLAIMS`.
 *
 * | user | claims |
 * |---|---|
 * | listed | those listed, and `ORDINARY_CLAIMS` unless `strict` |
 * | not listed | `ORDINARY_CLAIMS` unless `strict`, no lanes |
 * | `dummy_token` with `allowGodToken` | all |
 */
export class StaticClaimsService implements IIAMService {
  readonly #claims: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #groups: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #common: ReadonlySet<string>;

  constructor(
    claimConfig: Readonly<Record<string, readonly string[]>>,
    private readonly options: StaticClaimsOptions = {},
  ) {
    this.#claims = setsOf(claimConfig);
    this.#groups = setsOf(options.groupClaims ?? {});
    this.#common = new Set(options.strict === true ? [] : ORDINARY_CLAIMS);
  }

  /** BadRequestError: no identity or no claim is given. ForbiddenError: the user does not have the claim. */
  async ensureHasClaim(identity: IIdentity, claimName: string): Promise<void> {
    ensureQuestion(identity, claimName);
    if (!this.#hasClaim(identity, claimName)) throw claimMissing(identity.userId, claimName);
  }

  #hasClaim({ userId, claims = [], groups = [] }: IIdentity, claimName: string): boolean {
    if (this.options.allowGodToken === true && userId === DUMMY_USER_ID) return true;
    const own = this.#claims.get(userId);
    if (this.#common.has(claimName) || own?.has(claimName) === true || claims.includes(claimName)) return true;
    return groups.some((group) => this.#groups.get(group)?.has(claimName) === true);
  }
}

function setsOf(table: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(Object.entries(table).map(([name, claims]) => [name, new Set(claims)]));
}
