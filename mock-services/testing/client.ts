import type { Role } from '#catalog/access.ts';
import { asRole } from './tokens.ts';

interface CallOptions {
  readonly role?: Role;
  /** What the token is signed with; that of replicas under test when absent. */
  readonly secret?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** A request with a role, and a JSON body where there is one. */
export async function call(
  url: string,
  method: string,
  { role, secret, body, headers = {} }: CallOptions = {},
): Promise<Response> {
  return await fetch(url, {
    method,
    headers: {
      ...(role === undefined ? {} : await asRole(role, secret)),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
