import { z } from 'zod';
import { roles, tokenClaims } from '#catalog/access.ts';
import type { Clock } from './clock.ts';
import { AppError } from './errors.ts';
import type { Principal } from './principal.ts';

export interface AuthOptions {
  readonly clock: Clock;
  /** Of HS256; without it no token is valid. */
  readonly secret: string | undefined;
  /** Whoever comes without credentials. */
  readonly anonymous: Principal;
}

/** Tells from the credentials of a request who makes it. */
export interface Auth {
  readonly anonymous: Principal;
  /**
   * Takes the value of the header `Authorization`; a token that was seen before takes no promise.
   * @throws AppError UNAUTHENTICATED
   */
  authenticate(authorization: string): Principal | Promise<Principal>;
}

/** Remembers this many verified tokens, and refuses longer ones unread. */
const limits = { tokens: 1_000, tokenLength: 4_096 } as const;

export function createAuth({ clock, secret, anonymous }: AuthOptions): Auth {
  const key = secret === undefined ? undefined : new TextEncoder().encode(secret);
  const verified = new Map<string, Verified>();

  const verifyAndRemember = async (token: string): Promise<Principal> => {
    if (key === undefined) throw new AppError('UNAUTHENTICATED');
    const known = await verify(token, key, clock.epochMs());
    if (verified.size >= limits.tokens) verified.delete(verified.keys().next().value ?? '');
    verified.set(token, known);
    return known.principal;
  };

  return {
    anonymous,
    authenticate(authorization) {
      const token = bearerToken(authorization);
      const known = verified.get(token);
      if (known === undefined) return verifyAndRemember(token);
      if (known.expiresAtMs > clock.epochMs()) return known.principal;
      verified.delete(token);
      throw new AppError('UNAUTHENTICATED');
    },
  };
}

interface Verified {
  readonly principal: Principal;
  readonly expiresAtMs: number;
}

/** @source https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
function bearerToken(authorization: string): string {
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
  if (token === undefined || token.length > limits.tokenLength) throw new AppError('UNAUTHENTICATED');
  return token;
}

const claims = z.object({ exp: z.number(), role: z.enum(roles), sub: z.string().min(1).max(200) });

async function verify(token: string, key: Uint8Array, nowMs: number): Promise<Verified> {
  // Not loaded before somebody brings a token: a replica that only serves anonymous readers does not pay for it.
  const { jwtVerify } = await import('jose/jwt/verify');
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      ...tokenClaims,
      currentDate: new Date(nowMs),
    });
    const { exp, role, sub: subject } = claims.parse(payload);
    return { principal: { role, subject, anonymous: false }, expiresAtMs: exp * 1000 };
  } catch (cause) {
    throw new AppError('UNAUTHENTICATED', { cause });
  }
}
