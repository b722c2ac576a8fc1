import { describe, expect, it } from 'vitest';
import { type NginxParams, renderNginx } from './render.ts';

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
    expect(renderNginx({ ...params, clientRequestsPerSecond: 100 })).toContain('rate=100r/s');
  });
});
