import { signToken } from '../token.ts';

const marginSeconds = 600;

/** For a load of so many seconds on a stack of ours. */
export function editorToken(secret: string, seconds: number): Promise<string> {
  const issuedAtMs = Date.now();
  const expiresAtMs = issuedAtMs + 1000 * (seconds + marginSeconds);
  return signToken({ secret, role: 'editor', subject: 'the editor', issuedAtMs, expiresAtMs });
}
