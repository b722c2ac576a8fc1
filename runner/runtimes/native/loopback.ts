import type { Address } from '#catalog/address.ts';

/** Natively everything listens on loopback and is reached there. */
export function loopback(port: number): Address {
  return { host: '127.0.0.1', port };
}
