import { ForbiddenError, type IIAMService } from '@process-engine/contracts';

/** Rights as a table: user id → claims. Counts what it is asked. */
export class StaticClaims implements IIAMService {
  readonly asked: string[] = [];

  constructor(private readonly claims: Readonly<Record<string, readonly string[]>>) {}

  ensureHasClaim({ userId }: { userId: string }, claimName: string): Promise<void> {
    this.asked.push(`${userId}: ${claimName}`);
    if (this.claims[userId]?.includes(claimName) === true) return Promise.resolve();
    return Promise.reject(new ForbiddenError(`'${userId}' has no claim '${claimName}'`));
  }
}
