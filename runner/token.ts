import { SignJWT } from 'jose';
import { type Role, tokenClaims } from '#catalog/access.ts';

export interface TokenOrder {
  readonly secret: string;
  readonly role: Role;
  /** Who it is for. */
  readonly subject: string;
  /** Unix milliseconds; what is below a second is cut. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/** A token that the backend takes: what an identity provider would issue. */
export function signToken({ secret, role, subject, issuedAtMs, expiresAtMs }: TokenOrder): Promise<string> {
  return new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(tokenClaims.issuer)
    .setAudience(tokenClaims.audience)
    .setSubject(subject)
    .setIssuedAt(Math.floor(issuedAtMs / 1000))
    .setExpirationTime(Math.floor(expiresAtMs / 1000))
    .sign(new TextEncoder().encode(secret));
}
