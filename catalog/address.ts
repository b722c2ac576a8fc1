/** Where something listens, or is reached: natively 127.0.0.1, in Compose the name of the service. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, an IPv6 host in brackets. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
