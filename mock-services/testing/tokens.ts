import type { Role } from '#catalog/access.ts';
import { signToken } from '#runner/token.ts';

/** What replicas under test verify tokens with: `JWT_SECRET`. */
export const tokenSecret = 'a secret for tests only, and long enough';

/** Headers of a request with a token that is valid for an hour. */
export async function asRole(role: Role, secret = tokenSecret): Promise<{ authorization: string }> {
  const nowMs = Date.now();
  const order = {
    secret,
    role,
    subject: `the ${role}`,
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + 3_600_000,
  };
  return { authorization: `Bearer ${await signToken(order)}` };
}
