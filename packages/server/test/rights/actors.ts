import { CLAIMS, type IIdentity } from '@process-engine/contracts';
import { SignJWT } from 'jose';

export const ISSUER = 'https://login.example';
export const AUDIENCE = 'process-engine';
export const SECRET = 'the secret of the rights matrix, long enough';
/** The lane everything lies in. */
export const LANE = 'desk';

/** Everybody of the matrix who has a token that holds. */
export type Actor = 'missingClaim' | 'missingLane' | 'otherTenant' | 'owner' | 'superAdmin';

const { superAdmin, ...others } = CLAIMS;

const PEOPLE: Record<Actor, { readonly sub: string; readonly tenant: string; readonly claims: readonly string[] }> = {
  missingClaim: { sub: 'mia', tenant: 't', claims: [LANE] },
  missingLane: { sub: 'leo', tenant: 't', claims: Object.values(others) },
  otherTenant: { sub: 'tom', tenant: 'u', claims: [superAdmin] },
  owner: { sub: 'olga', tenant: 't', claims: [...Object.values(others), LANE] },
  superAdmin: { sub: 'root', tenant: 't', claims: [superAdmin] },
};

export function tokenOf(actor: Actor): Promise<string> {
  return sign(PEOPLE[actor]);
}

/** Somebody who works with processes and is no operator. */
export function tokenOfWorker(): Promise<string> {
  return sign({ sub: 'wim', tenant: 't', claims: [CLAIMS.readProcessModel, LANE] });
}

/** The same person for calls in the process. */
export function identityOf(actor: Actor): IIdentity {
  const { sub, tenant, claims } = PEOPLE[actor];
  return { userId: sub, token: '', tenantId: tenant, claims };
}

/** What is sent instead of a token that holds, and the status everything that needs an identity answers with. */
export async function refusedTokens(): Promise<Readonly<Record<string, readonly [number, string | undefined]>>> {
  const person = PEOPLE.superAdmin;
  const good = await sign(person);
  const [header, payload] = good.split('.');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  return {
    'no token': [401, undefined],
    'a malformed token': [400, 'no-token-at-all'],
    'an expired token': [401, await sign(person, { exp: 1_000_000_000 })],
    'a token for another audience': [401, await sign(person, { aud: 'other' })],
    'a token with a wrong signature': [401, `${header}.${payload}.${'A'.repeat(43)}`],
    'a token without a signature (alg: none)': [401, `${none}.${payload}.`],
    'the dummy token': [400, 'ZHVtbXlfdG9rZW4='],
    "the token of the engine's own user": [401, await sign({ ...person, sub: 'ProcessEngineInternalUser' })],
  };
}

function sign(person: object, over: object = {}): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  return new SignJWT({ iss: ISSUER, aud: AUDIENCE, exp, ...person, ...over })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET));
}
