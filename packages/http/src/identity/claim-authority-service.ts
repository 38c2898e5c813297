import {
  type IIAMService,
  type IIdentity,
  InternalServerError,
  ServiceUnavaliableError,
} from '@process-engine/contracts';
import { ClaimCache, type ClaimCacheOptions } from './claim-cache.js';
import { isSafeAddress } from './jwt-options.js';
import { claimMissing, ensureQuestion } from './claim-question.js';
import { DUMMY_USER_ID } from './static-claims-service.js';

export interface ClaimAuthorityOptions {
  /** Asked is `GET <claimPath>/<claim>` with the caller's bearer token: 204 grants, 401 and 403 deny. */
  readonly claimPath: string;
  /** `false`: every question goes to the authority. */
  readonly cache?: ClaimCacheOptions | false;
  /** True: the dummy token's user has every claim. Default false. */
  readonly allowGodToken?: boolean;
  /** Milliseconds the authority has for an answer. Default 5,000. */
  readonly timeout?: number;
}

/** Asks the authority that issued the token whether it grants a claim, and remembers the answer for a while. */
export class ClaimAuthorityService implements IIAMService {
  readonly #cache: ClaimCache;
  readonly #address: string;

  /** @throws RangeError: the address is not safe to send tokens to. */
  constructor(private readonly options: ClaimAuthorityOptions) {
    const { claimPath, cache } = options;
    if (!isSafeAddress(claimPath))
      throw new RangeError('claimPath must be an https address (http only on this machine)');
    this.#address = claimPath.replace(/\/+$/, '');
    this.#cache = new ClaimCache(cache === false ? { lifetime: 0 } : cache);
  }

  /**
   * BadRequestError: no identity or no claim is given. ForbiddenError: denied. InternalServerError: the authority answered
   * anything else; ServiceUnavailableError: it did not answer.
   */
  async ensureHasClaim(identity: IIdentity, claimName: string): Promise<void> {
    ensureQuestion(identity, claimName);
    const { token, userId } = identity;
    if (this.options.allowGodToken === true && userId === DUMMY_USER_ID) return;
    const granted = token !== '' && (await this.#cache.answer(token, claimName, () => this.#ask(token, claimName)));
    if (!granted) throw claimMissing(userId, claimName);
  }

  async #ask(token: string, claim: string): Promise<boolean> {
    const status = await this.#statusOf(token, claim);
    if (status === 204) return true;
    if (status === 401 || status === 403) return false;
    throw new InternalServerError(`the claim authority answered ${status}`, { reason: 'claim-authority-failed' });
  }

  async #statusOf(token: string, claim: string): Promise<number> {
    try {
      const response = await fetch(`${this.#address}/${encodeURIComponent(claim)}`, {
        headers: { authorization: `Bearer ${token}` },
        // Nobody else may learn the token.
        redirect: 'manual',
        signal: AbortSignal.timeout(this.options.timeout ?? 5_000),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      // Errors of fetch may quote the request.
      throw new ServiceUnavaliableError('the claim authority cannot be reached now', {
        reason: 'claim-authority-unavailable',
      });
    }
  }
}
