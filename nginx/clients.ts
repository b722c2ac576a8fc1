/** How much each client may ask for. Beyond it nginx answers 429, and no replica sees the request. */
export interface ClientLimit {
  /** To a sixtieth. */
  readonly requestsPerSecond: number;
  /** Requests a client may be ahead of its rate, as a page that loads is; answered at once. */
  readonly burst: number;
}

export const clientLimit: ClientLimit = { requestsPerSecond: 100, burst: 50 };

/**
 * The client is the address that the request came from or, where that is a trusted proxy, the last address in `X-Forwarded-For`
 * that is none. What any other address writes into the header is not believed.
 * @source https://nginx.org/en/docs/http/ngx_http_realip_module.html
 */
export function clientAddress(trustedProxies: readonly string[]): string {
  if (trustedProxies.length === 0) return '';
  const trusted = trustedProxies.map((proxy) => `  set_real_ip_from ${proxy};`);
  return `${trusted.join('\n')}
  real_ip_header X-Forwarded-For;
  real_ip_recursive on;
`;
}

/** A megabyte holds the state of some 16 000 clients; the longest unseen are forgotten first. */
export function limitZone(limit: ClientLimit | undefined): string {
  if (limit === undefined) return '';
  return `  limit_req_zone $binary_remote_addr zone=clients:1m rate=${rate(limit)};
  limit_req_status 429;
`;
}

/** nginx takes whole numbers; of a minute they say more. */
function rate({ requestsPerSecond }: ClientLimit): string {
  return Number.isInteger(requestsPerSecond) ? `${requestsPerSecond}r/s` : `${Math.round(60 * requestsPerSecond)}r/m`;
}

export function limitUse(limit: ClientLimit | undefined): string {
  if (limit === undefined) return '';
  // nginx takes no burst of 0.
  return `      limit_req zone=clients${limit.burst === 0 ? '' : ` burst=${limit.burst} nodelay`};\n`;
}
