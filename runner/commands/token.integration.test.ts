import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, jwtVerify } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tokenClaims } from '#catalog/access.ts';
import { firedrill } from '#tests/support/firedrill.ts';
import { holdState, type StateFile } from '../state.ts';

const secret = 'x'.repeat(64);
const options = { profile: 'steady', timeScale: 1, replicas: 2, ports: {} as never };
let directory: string;
let state: StateFile;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'firedrill-test-token-'));
  state = await holdState(directory, options, Date.now());
});

afterEach(() => {
  state.release();
  rmSync(directory, { recursive: true, force: true });
});

function token(...args: string[]) {
  return firedrill(['token', '--state-directory', directory, ...args]);
}

it('prints a token for the stack that is up', async () => {
  state.update({ phase: 'up', tokenSecret: secret });
  const { stdout, exitCode } = await token('--role', 'editor', '--minutes', '5');
  expect(exitCode).toBe(0);
  const { payload } = await jwtVerify(stdout.trim(), new TextEncoder().encode(secret), tokenClaims);
  expect(payload.role).toBe('editor');
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
});

it('lets it be valid for an hour when nothing else is said', async () => {
  state.update({ phase: 'up', tokenSecret: secret });
  const { exp = 0, iat = 0 } = decodeJwt((await token('--role', 'viewer')).stdout.trim());
  expect(exp - iat).toBe(3_600);
});

it('says that no stack is up, and which roles there are', async () => {
  expect(await token('--role', 'viewer')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('firedrill up'),
  });
  expect(await token('--role', 'root')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('viewer') });
  expect((await token('--role', 'viewer', '--minutes', '0')).exitCode).toBe(2);
});

it('takes the secret from a file that only its owner can read', () => {
  state.update({ tokenSecret: secret });
  expect(statSync(join(directory, 'state.json')).mode & 0o777).toBe(0o600);
});
