import { type Role, roles } from '#catalog/access.ts';

/** On whose behalf a request is made. */
export interface Principal {
  /** Undefined for who may do nothing that takes a role. */
  readonly role: Role | undefined;
  /** True when the request came without credentials. */
  readonly anonymous: boolean;
}

/** A role may do what the ones below it may. */
export function mayActAs(principal: Principal, role: Role): boolean {
  return principal.role !== undefined && roles.indexOf(principal.role) >= roles.indexOf(role);
}
