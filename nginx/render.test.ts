import { describe, expect, it } from 'vitest';
import { timeouts } from '#catalog/timeouts.ts';
import { clientLimit } from './clients.ts';
import { failurePolicy } from './policy.ts';
import { type NginxParams, renderNginx, revisionOf } from './render.ts';

const params: NginxParams = {
  listen: { host: '127.0.0.1', port: 8080 },
  status: { host: '127.0.0.1', port: 8081 },
  upstreams: [
    { name: 'backend-1', address: { host: '127.0.0.1', port: 4001 } },
    { name: 'backend-2', address: { host: 'mock-backend-2', port: 4000 } },
    { name: 'backend-3', address: { host: '::1', port: 4003 } },
  ],
};

describe('renderNginx', () => {
  it('balances over every replica, however many there are and wherever they run', () => {
    const servers = renderNginx(params).match(/server \S+ max_fails=3 fail_timeout=30s/g);
    expect(servers).toEqual([
      'server 127.0.0.1:4001 max_fails=3 fail_timeout=30s',
      'server mock-backend-2:4000 max_fails=3 fail_timeout=30s',
      'server [::1]:4003 max_fails=3 fail_timeout=30s',
    ]);
  });

  it('names no user and no absolute path, so that it runs as anybody in any folder', () => {
    const config = renderNginx(params);
    expect(config).not.toMatch(/^user /m);
    expect(config).not.toMatch(/(_path|pid|_log) \//);
  });

  it('limits clients only when asked to', () => {
    expect(renderNginx(params)).not.toContain('limit_req');
    expect(renderNginx({ ...params, clientLimit })).toContain('rate=100r/s');
    const seldom = { requestsPerSecond: 0.2, burst: 0 };
    expect(renderNginx({ ...params, clientLimit: seldom })).toContain('rate=12r/m');
  });

  it('believes nobody about the client unless told to', () => {
    expect(renderNginx(params)).not.toContain('real_ip');
    const config = renderNginx({ ...params, trustedProxies: ['127.0.0.1', '10.0.0.0/8'] });
    expect(config.match(/set_real_ip_from \S+;/g)).toEqual([
      'set_real_ip_from 127.0.0.1;',
      'set_real_ip_from 10.0.0.0/8;',
    ]);
  });

  it('keeps requests from a replica that is away, also where it would be the last resort', () => {
    const upstreams = params.upstreams.map((upstream) =>
      upstream.name === 'backend-1' ? { ...upstream, away: true as const } : upstream,
    );
    const servers = renderNginx({ ...params, upstreams }).match(/server 127.0.0.1:4001 .*;/g);
    expect(servers).toEqual([
      'server 127.0.0.1:4001 max_fails=3 fail_timeout=30s down;',
      'server 127.0.0.1:4001 max_fails=0 max_conns=200 backup down;',
    ]);
  });

  it('logs the address of a replica whatever the way to it, first or second of those that were tried', () => {
    const via = { address: { host: 'proxy', port: 4201 }, logged: '10.0.0.11:4000' };
    const upstreams = params.upstreams.map((upstream) =>
      upstream.name === 'backend-1' ? { ...upstream, via } : upstream,
    );
    const config = renderNginx({ ...params, upstreams });
    expect(config).toContain('server proxy:4201 max_fails=3');
    expect(config).not.toContain('4001');
    expect(config).toContain('"~^[^,]*:4201(,|$)" "10.0.0.11:4000";');
    expect(config).toContain('"~, [^,]*:4201$" ", 10.0.0.11:4000";');
    expect(config).toContain('"upstream_address":"$edge_first_upstream$edge_next_upstream"');
  });

  it('says of each configuration another revision, and of the same one the same', () => {
    const revisions = [params, params, { ...params, workers: 2 }].map((each) => revisionOf(renderNginx(each)));
    expect(revisions[0]).toMatch(/^[0-9a-f]{12}$/);
    expect(revisions[1]).toBe(revisions[0]);
    expect(revisions[2]).not.toBe(revisions[0]);
  });
});

describe('whoever is asked gives up before whoever asks', () => {
  const { edgeConnectSeconds, edgeReadSeconds, clientSeconds, databaseConnectSeconds, databaseQuerySeconds } = timeouts;

  it('a replica before nginx, so that its answer is its own', () => {
    expect(databaseConnectSeconds + databaseQuerySeconds).toBeLessThan(edgeReadSeconds);
    expect(seconds('proxy_read_timeout')).toBe(edgeReadSeconds);
  });

  it('a connection before an answer, and nginx soon enough to ask another replica', () => {
    expect(seconds('proxy_connect_timeout')).toBe(edgeConnectSeconds);
    expect(edgeConnectSeconds).toBeLessThan(edgeReadSeconds);
    expect(seconds('proxy_next_upstream_timeout')).toBeGreaterThan(edgeReadSeconds);
  });

  it('nginx before its client, also where every replica it tries hangs', () => {
    expect(failurePolicy.tries * (edgeConnectSeconds + edgeReadSeconds)).toBeLessThan(clientSeconds);
  });
});

function seconds(directive: string): number {
  return Number(new RegExp(`^ +${directive} (\\d+)s;$`, 'm').exec(renderNginx(params))?.[1]);
}
