import crypto from 'k6/crypto';
import encoding from 'k6/encoding';
import { tokenClaims } from '../../../catalog/access.ts';

const validSeconds = 24 * 3600;

/** A token that the backend takes, of somebody who may write; none without a secret. @source https://www.rfc-editor.org/rfc/rfc7519 */
export function tokenOf(secret: string | undefined): string | undefined {
  if (secret === undefined) return undefined;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    role: 'editor',
    iss: tokenClaims.issuer,
    aud: tokenClaims.audience,
    sub: 'the editor',
    iat: now,
    exp: now + validSeconds,
  };
  const parts = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    encoding.b64encode(JSON.stringify(part), 'rawurl'),
  );
  const signed = parts.join('.');
  return `${signed}.${crypto.hmac('sha256', secret, signed, 'base64rawurl')}`;
}
