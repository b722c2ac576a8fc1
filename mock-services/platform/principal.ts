import { type Role, roles } from '#catalog/access.ts';

/** On whose behalf a request is made. */
export interface Principal {
  /** Undefined for who may do nothing that takes a role. */
  readonly role: Role | undefined;
  /** Who it is, as the issuer of tokens names them; `anonymous` for all who do not say. */
  readonly subject: string;
  /** True when the request came without credentials. */
  readonly anonymous: boolean;
}

/** Whoever comes without credentials, with the role that the service gives them. */
export function anonymousAs(role: Role | 'none'): Principal {
  return { role: role === 'none' ? undefined : role, subject: 'anonymous', anonymous: true };
}

/** A role may do what the ones below it may. */
export function mayActAs(principal: Principal, role: Role): boolean {
  return principal.role !== undefined && roles.indexOf(principal.role) >= roles.indexOf(role);
}
