import { SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { roles, tokenClaims } from '#catalog/access.ts';
import { signToken } from '#runner/token.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { type Auth, createAuth } from './auth.ts';
import { anonymousAs, mayActAs } from './principal.ts';

const secret = 'x'.repeat(64);
let clock: FakeClock;
let auth: Auth;

beforeEach(() => {
  clock = new FakeClock();
  auth = createAuth({ clock, secret, anonymous: anonymousAs('viewer') });
});

const seconds = () => clock.epochMs() / 1000;

function valid(order: Partial<Parameters<typeof signToken>[0]> = {}): Promise<string> {
  const issuedAtMs = clock.epochMs();
  return signToken({
    secret,
    role: 'editor',
    subject: 'somebody',
    issuedAtMs,
    expiresAtMs: issuedAtMs + 60_000,
    ...order,
  });
}

function signed(payload: Record<string, unknown>, alg = 'HS256'): Promise<string> {
  const claims = {
    iss: tokenClaims.issuer,
    aud: tokenClaims.audience,
    exp: seconds() + 60,
    sub: 'x',
    role: 'admin',
    ...payload,
  };
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
}

/** What a request with this token gets: a role, or an error code. */
async function outcome(token: string, scheme = 'Bearer'): Promise<unknown> {
  try {
    return (await auth.authenticate(`${scheme} ${token}`)).role;
  } catch (error) {
    return (error as { code: unknown }).code;
  }
}

describe('a token', () => {
  it.each(roles)('gives the role %s that it names', async (role) => {
    expect(await outcome(await valid({ role }))).toBe(role);
    expect(await outcome(await valid({ role }), 'bearer')).toBe(role);
  });

  it('ends when it says so, also one that was seen before', async () => {
    const token = await valid();
    expect(await outcome(token)).toBe('editor');
    clock.advance(59_999);
    expect(await outcome(token)).toBe('editor');
    clock.advance(1);
    expect(await outcome(token)).toBe('UNAUTHENTICATED');
    expect(await outcome(token)).toBe('UNAUTHENTICATED');
  });

  it('is verified once, and then known without a promise', async () => {
    const authorization = `Bearer ${await valid()}`;
    expect(auth.authenticate(authorization)).toBeInstanceOf(Promise);
    await auth.authenticate(authorization);
    expect(auth.authenticate(authorization)).toEqual({ role: 'editor', subject: 'somebody', anonymous: false });
  });

  it('is forgotten when a thousand others came after it', async () => {
    const first = `Bearer ${await valid()}`;
    await auth.authenticate(first);
    for (let n = 1; n <= 1_000; n += 1) await outcome(await valid({ expiresAtMs: clock.epochMs() + 1_000 * (n + 60) }));
    expect(auth.authenticate(first)).toBeInstanceOf(Promise);
  });

  it('that says what it must is taken', async () => {
    expect(await outcome(await signed({}))).toBe('admin');
  });

  it.each<[string, () => string | Promise<string>]>([
    ['of another secret', () => valid({ secret: 'y'.repeat(64) })],
    ['of another issuer', () => signed({ iss: 'somebody' })],
    ['for another audience', () => signed({ aud: 'frontend' })],
    ['without an end', () => signed({ exp: undefined })],
    ['without a role', () => signed({ role: undefined })],
    ['for nobody', () => signed({ sub: undefined })],
    ['for a name that is too long', () => signed({ sub: 'x'.repeat(201) })],
    ['of an unknown role', () => signed({ role: 'root' })],
    ['of another algorithm', () => signed({}, 'HS512')],
    ['that is not signed', () => new UnsecuredJWT({ role: 'admin' }).setExpirationTime('1h').encode()],
    ['that was changed', async () => (await valid()).replace(/^\w+\.\w/, (start) => `${start}x`)],
    ['that is none', () => 'abc'],
    ['that is longer than any', () => 'a'.repeat(5_000)],
    ['that is empty', () => ''],
    ['with a space', () => 'a b'],
  ])('%s is refused', async (_what, make) => {
    expect(await outcome(await make())).toBe('UNAUTHENTICATED');
  });

  it('of another scheme is refused', async () => {
    expect(await outcome(await valid(), 'Basic')).toBe('UNAUTHENTICATED');
  });

  it('is refused where there is no secret', async () => {
    auth = createAuth({ clock, secret: undefined, anonymous: anonymousAs('viewer') });
    expect(await outcome(await valid())).toBe('UNAUTHENTICATED');
  });
});

describe('a role', () => {
  it('may do what the ones below it may', () => {
    const allowed = roles.map((role) =>
      roles.filter((other) => mayActAs({ role, subject: 'x', anonymous: false }, other)),
    );
    expect(allowed).toEqual([['viewer'], ['viewer', 'editor'], ['viewer', 'editor', 'admin']]);
    expect(roles.filter((role) => mayActAs(anonymousAs('none'), role))).toEqual([]);
  });
});
